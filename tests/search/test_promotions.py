"""Promoted answers: first for whoever types their words, and only what the place shows."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import PageViewRestriction

from tests import html
from tests.factories import english, pages

SEARCH = "/recherche/"


def promote(words: str, page=None, **fields) -> SearchPromotion:
    return SearchPromotion.objects.create(query=Query.get(words), page=page, **fields)


def promoted(visit, host: str, query: str, path: str = SEARCH) -> list[str]:
    soup = html.parse(visit(host, f"{path}?{query}"))
    return [
        card.select_one(".card__title").get_text(" ", strip=True)
        for card in soup.select(".card")
        if "Réponse conseillée" in card.get_text() or "Recommended answer" in card.get_text()
    ]


def form(words: str, **answer) -> dict:
    prefix = "editors_picks"
    data = {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "0", "query_string": words}
    data |= {f"{prefix}-MIN_NUM_FORMS": "0", f"{prefix}-MAX_NUM_FORMS": "1000", f"{prefix}-0-ORDER": "1"}
    empty = {"page": "", "external_link_url": "", "external_link_text": "", "description": ""}
    return data | {f"{prefix}-0-{name}": value for name, value in (empty | answer).items()}


@pytest.mark.parametrize("words", ["chômage", "CHOMAGE", "chomages", "  chômage "])
def test_promoted_answer__its_words_however_typed__comes_first_everywhere(world, visit, words):
    page = pages.guide(world.national, "Après le départ")
    pages.contact(world.home(world.a), "Bureau du chômage")
    promote("chômage", page, description="Vos droits, pas à pas.")
    for host in (world.national_host, world.host(world.a)):
        soup = html.parse(visit(host, f"{SEARCH}?q={words}"))
        first = soup.select_one(".rows .card")
        assert "Réponse conseillée" in first.get_text()
        assert "Vos droits, pas à pas." in first.get_text()
        assert first.select_one("a")["href"].startswith("/guides/"), "read inside the subsite"


def test_promoted_answer__found_by_the_search_too__is_shown_once(world, visit):
    page = pages.guide(world.national, "Le chômage des officiers")
    promote("chômage", page)
    soup = html.parse(visit(world.host(world.a), f"{SEARCH}?q=chomage"))
    assert [tag.get_text(strip=True) for tag in soup.select(".card__title")] == ["Le chômage des officiers"]


@pytest.mark.parametrize("query", ["q=chomage+brest", "q=emploi", "q=chomage&kind=guide", "q=chomage&page=2", "q="])
def test_promoted_answer__other_words_or_a_filter__is_not_shown(world, visit, query):
    promote("chômage", pages.guide(world.national, "Après le départ"))
    assert promoted(visit, world.host(world.a), query) == []


def test_promoted_answer__draft_reserved_or_another_s__is_not_shown(world, visit):
    page = pages.guide(world.national, "Après le départ")
    promote("chômage", page)
    promote("retraite", pages.guide(world.home(world.b), "La retraite à Agen"))
    assert promoted(visit, world.host(world.a), "q=chomage") == ["Après le départ"]
    assert promoted(visit, world.host(world.a), "q=retraite") == []
    PageViewRestriction.objects.create(page=page, restriction_type="groups")
    assert promoted(visit, world.host(world.a), "q=chomage") == []
    PageViewRestriction.objects.all().delete()
    page.unpublish()
    assert promoted(visit, world.host(world.a), "q=chomage") == []


def test_promoted_answer__in_english__is_the_translation_or_nothing(world, visit):
    english.national(world.national)
    page = pages.guide(world.national, "Après le départ")
    promote("unemployment", page)
    assert promoted(visit, world.national_host, "q=unemployment", "/en/search/") == []
    english.translate(page, "After leaving")
    assert promoted(visit, world.national_host, "q=unemployment", "/en/search/") == ["After leaving"]


def test_promoted_answer__other_site__says_where_it_leads(world, visit):
    promote("impôts", external_link_url="https://impots.example.org/", external_link_text="Les impôts")
    soup = html.parse(visit(world.host(world.a), f"{SEARCH}?q=impots"))
    card = soup.select_one(".card")
    assert card.select_one("a")["href"] == "https://impots.example.org/"
    assert "impots.example.org" in card.select_one(".card__foot").get_text()


def test_screen__national_editor__adds_changes_and_lists_answers(world, signed_in):
    page = pages.guide(world.national, "Après le départ")
    client = signed_in("editor")
    url = reverse("wagtailsearchpromotions:add")
    assert 'value="allocation"' in client.get(f"{url}?query=allocation").content.decode()
    assert client.post(url, form("chômage", page=page.pk)).status_code == 302
    assert SearchPromotion.objects.get().page_id == page.pk
    listing = client.get(reverse("wagtailsearchpromotions:index")).content.decode()
    assert "Après le départ" in listing
    edit = client.get(reverse("wagtailsearchpromotions:edit", args=[Query.objects.get().pk]))
    assert "chômage" in edit.content.decode()


@pytest.mark.parametrize("who", ["editor", "admin"])
def test_screen__groupement_s_page_or_draft__is_refused_and_its_title_not_shown(world, signed_in, who):
    client = signed_in(who)
    for page in (
        pages.contact(world.home(world.b), "Zqsecret de B"),
        pages.guide(world.national, "Zqsecret national", live=False),
    ):
        response = client.post(reverse("wagtailsearchpromotions:add"), form("chômage", page=page.pk))
        assert response.status_code == 200
        assert "Zqsecret" not in response.content.decode()
        assert not SearchPromotion.objects.exists()


@pytest.mark.parametrize("url", ["ftp://example.org/x", "javascript:alert(1)"])
def test_screen__address_that_is_not_the_web_s__is_refused(world, signed_in, url):
    answer = {"external_link_url": url, "external_link_text": "Ailleurs"}
    assert signed_in("editor").post(reverse("wagtailsearchpromotions:add"), form("x", **answer)).status_code == 200
    assert not SearchPromotion.objects.exists()


@pytest.mark.parametrize("who", ["referent_a", "contributor_a", "zone_a"])
def test_screens__whoever_keeps_no_nation__do_not_exist(world, signed_in, who):
    promote("chômage", pages.guide(world.national, "Après le départ"))
    pk = Query.objects.get().pk
    client = signed_in(who)
    for path in ("searchpicks/", "searchpicks/add/", f"searchpicks/{pk}/", f"searchpicks/{pk}/delete/", "synonym/"):
        assert client.get(f"/admin/{path}").status_code == 404
    assert client.get("/admin/reports/search-terms/").status_code == 404

"""The page of results: what was found at a place, what narrows it, whom to ask."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from wagtail.models import PageViewRestriction

from regions.models import Groupement
from regions.models.sharing import Sharing
from tests import html
from tests.factories import english, pages
from tests.helpers import assert_flat_queries, page_html

SEARCH = "/recherche/"


def titles(soup) -> list[str]:
    return [tag.get_text(" ", strip=True) for tag in soup.select(".card__title")]


def text_of(soup) -> str:
    return soup.get_text(" ", strip=True)


def link(soup, words: str) -> str:
    """The address of the first link that says these words."""
    return next(tag["href"] for tag in soup.select("a[href]") if words in tag.get_text(" ", strip=True))


def test_search__from_a_groupement__finds_its_own_and_the_nation_s_with_their_origin(world, visit):
    pages.guide(world.national, "Choisir un logement")
    pages.contact(world.home(world.a), "Maison du logement")
    pages.contact(world.home(world.b), "Logement agenais")
    soup = html.parse(visit(world.host(world.a), f"{SEARCH}?q=logement"))
    assert set(titles(soup)) == {"Choisir un logement", "Maison du logement"}
    tags = {
        card.select_one(".card__title").get_text(strip=True): card.select_one(".tag").get_text(" ", strip=True)
        for card in soup.select(".card")
    }
    assert tags["Choisir un logement"].endswith("National")
    assert tags["Maison du logement"].endswith(world.a.name)
    assert "Logement agenais" not in titles(html.parse(visit(world.national_host, f"{SEARCH}?q=logement")))


def test_search__whole_network__adds_what_others_publish_at_their_address(world, visit):
    pages.contact(world.home(world.b), "Logement agenais")
    soup = html.parse(visit(world.host(world.a), f"{SEARCH}?q=logement"))
    assert titles(soup) == []
    wider = html.parse(visit(world.host(world.a), link(soup, "Chercher dans tout le réseau")))
    assert titles(wider) == ["Logement agenais"]
    assert world.host(world.b) in wider.select_one(".card__title a")["href"]


def test_search__page_published_again_and_again__is_found_once(world, visit):
    page = pages.contact(world.home(world.a), "Maison du logement")
    for number in range(3):
        page.title = f"Maison du logement {number}"
        page.save_revision().publish()
        soup = html.parse(visit(world.host(world.a), f"{SEARCH}?q=maison"))
    assert titles(soup) == ["Maison du logement 2"]
    assert soup.select_one(".result-line [role=status]").get_text(strip=True).startswith("1 ")
    page.unpublish()
    assert titles(html.parse(visit(world.host(world.a), f"{SEARCH}?q=maison"))) == []


def test_search__what_is_not_public__is_found_nowhere(world, visit):
    home = world.home(world.b)
    pages.contact(home, "Brouillon zqdraft", live=False)
    closed = pages.contact(home, "Réservé zqclosed")
    PageViewRestriction.objects.create(page=closed, restriction_type="groups")
    pages.event(home, "Réunion zqlocal")
    pages.event(home, "Journée zqshared", shared_with=Sharing.NATION)
    for host in (world.host(world.a), world.host(world.b), world.national_host):
        for query in ("q=zqdraft", "q=zqclosed", "q=zqdraft&network=1", "q=zqclosed&network=1"):
            assert titles(html.parse(visit(host, f"{SEARCH}?{query}"))) == []
    assert titles(html.parse(visit(world.host(world.a), f"{SEARCH}?q=zqlocal"))) == []
    assert titles(html.parse(visit(world.host(world.a), f"{SEARCH}?q=zqshared"))) == ["Journée zqshared"]


def test_facets__one_followed__narrows_is_named_and_is_removable(world, visit):
    home = world.home(world.a)
    pages.contact(home, "Logement un")
    pages.contact(home, "Logement deux")
    pages.news(home, "Logement trois")
    soup = html.parse(visit(world.host(world.a), f"{SEARCH}?q=logement"))
    box = soup.select_one('[aria-labelledby="facet-kind"]')
    counts = {tag.select_one("span").get_text(strip=True): tag for tag in box.select("a")}
    assert {name: tag.select_one(".facets__count").get_text(" ", strip=True) for name, tag in counts.items()} == {
        "Contacts": "résultats\u00a0: 2",
        "Actualités": "résultats\u00a0: 1",
    }
    narrowed = html.parse(visit(world.host(world.a), counts["Contacts"]["href"]))
    assert sorted(titles(narrowed)) == ["Logement deux", "Logement un"]
    chip = narrowed.select_one(".chosen__list a")
    assert "Contacts" in chip.get_text()
    assert parse_qs(urlsplit(chip["href"]).query) == {"q": ["logement"]}
    assert "Filtres choisis" in text_of(narrowed)


def test_facets__several_filters__are_removed_all_at_once(world, visit):
    theme = pages.theme("logement")
    pages.event(world.home(world.a), "Atelier logement", themes=[theme])
    query = "q=logement&kind=event&theme=logement&when=upcoming&near=Brest"
    soup = html.parse(visit(world.host(world.a), f"{SEARCH}?{query}"))
    assert titles(soup) == ["Atelier logement"]
    assert len(soup.select(".chosen__list li")) == 5
    assert parse_qs(urlsplit(link(soup, "Retirer tous les filtres")).query) == {"q": ["logement"]}


@pytest.mark.parametrize("words", ["logemant", "lojement"])
def test_search__mistyped_word__leads_to_what_was_meant(world, visit, words):
    for number in range(3):
        pages.contact(world.home(world.a), f"Bureau du logement {number}")
    soup = html.parse(visit(world.host(world.a), f"{SEARCH}?q={words}"))
    notice = soup.select_one(".notice")
    assert "logement" in notice.get_text()
    assert titles(soup) or "Bureau" in text_of(html.parse(visit(world.host(world.a), notice.select_one("a")["href"])))


def test_search__nothing_found__names_whom_to_call(world, visit):
    soup = html.parse(visit(world.host(world.a), f"{SEARCH}?q=zyxwvuts"))
    person = soup.select_one(".person")
    assert world.a.contact_name in person.get_text()
    assert person.select_one('a[href^="tel:"]')
    assert person.select_one('a[href^="mailto:"]')
    assert link(soup, "Guides") == "/guides/"
    assert link(soup, "Chercher dans tout le réseau").startswith(SEARCH)


def test_search__vacant_groupement__names_its_stand_in(world, visit):
    Groupement.objects.filter(pk=world.b.pk).update(status="vacant", fallback=world.a)
    soup = html.parse(visit(world.host(world.b), f"{SEARCH}?q=zyxwvuts"))
    assert f"{world.a.name} répond" in soup.select_one(".person").get_text()


def test_search__nothing_asked__says_how(world, visit):
    soup = html.parse(visit(world.host(world.a), SEARCH))
    assert "Comment chercher" in text_of(soup)
    assert not soup.select(".result-line")


def test_search__markup_in_the_question__is_text(world, visit):
    response = visit(world.host(world.a), f"{SEARCH}?q=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E")
    assert "<img src=x" not in page_html(response)


def test_search__its_page__is_not_for_search_engines(world, visit):
    response = visit(world.host(world.a), f"{SEARCH}?q=emploi")
    soup = html.parse(response)
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert soup.select_one('meta[name="robots"]')["content"] == "noindex, nofollow"
    assert "/recherche/" not in page_html(visit(world.host(world.a), "/sitemap.xml"))


def test_search__near_a_town__offers_the_others_of_that_name_and_distance(world, visit):
    pages.contact(world.home(world.a), "Logement brestois", latitude=48.39, longitude=-4.49)
    soup = html.parse(visit(world.host(world.a), f"{SEARCH}?q=logement&near=Saint-Denis&sort=distance"))
    assert "Ou bien" in text_of(soup)
    assert parse_qs(urlsplit(link(soup, "Saint-Denis (93)")).query)["near"] == ["Saint-Denis (93)"]
    near = html.parse(visit(world.host(world.a), f"{SEARCH}?q=logement&near=Quimper+(29)"))
    assert " km" in near.select_one(".card__foot").get_text()
    assert near.select_one('input[name="near"]')["value"] == "Quimper (29)"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("q=emploi&near=Zyxwvuts", "Nous ne connaissons pas"),
        ("q=emploi&sort=distance", "Pour trier par distance"),
        ("q=emploi&kind=inconnu", "n’a pas été compris"),
        ("q=emploi&theme=inconnu", "n’a pas été compris"),
        (f"q={'a' * 300}", "n’a pas été compris"),
    ],
)
def test_search__what_it_cannot_read__is_left_out_and_said_so(world, visit, query, sentence):
    soup = html.parse(visit(world.host(world.a), f"{SEARCH}?{query}"))
    assert sentence in soup.select_one(".notice").get_text()


def test_search__too_far_a_page__is_the_last(world, visit):
    for number in range(25):
        pages.news(world.home(world.a), f"Logement {number:02}")
    last = html.parse(visit(world.host(world.a), f"{SEARCH}?q=logement&page=999"))
    assert last.select_one(".pager__here").get_text(" ", strip=True).endswith("2")
    assert len(titles(last)) == 5
    assert "q=logement" in last.select_one('.pager a[rel="prev"]')["href"]


def test_search__in_english__has_its_address_and_its_words(world, visit):
    home = english.national(world.national)
    pages.news(type(home).objects.get(pk=home.pk), "Housing for families")
    pages.news(world.national, "Housing en français")
    soup = html.parse(visit(world.national_host, "/en/search/?q=housing"))
    assert titles(soup) == ["Housing for families"]
    assert link(soup, "Français") == "/recherche/?q=housing"
    assert visit(world.national_host, "/en/recherche/").status_code == 404


def test_search__place_without_english__is_absent(world, visit):
    english.national(world.national)
    assert visit(world.host(world.b), "/en/search/?q=housing").status_code == 404


@pytest.mark.parametrize("path", ["/", "/guides/", "/recherche/"])
def test_field__every_page__has_one(world, visit, path):
    for host in (world.national_host, world.host(world.a)):
        forms = html.parse(visit(host, path)).select('form[action="/recherche/"][role="search"]')
        assert forms
        assert all(form["method"] == "get" for form in forms)


def test_empty_list__searched_words__are_carried_to_the_search(world, visit):
    soup = html.parse(visit(world.host(world.a), "/annuaire/?q=zyxwvuts"))
    assert soup.select_one('.empty form[action="/recherche/"] input[name="q"]')["value"] == "zyxwvuts"


def test_search__more_results__costs_the_same(world, visit):
    home = world.home(world.a)
    theme = pages.theme()

    def grow(count: int) -> None:
        for number in range(count):
            pages.event(home, f"Atelier logement {number}", themes=[theme])
            pages.contact(world.national, f"Contact logement {number}")

    grow(2)
    # The first visit reads what has just been published into the index.
    page_html(visit(world.host(world.a), f"{SEARCH}?q=logement"))

    def grow_and_index() -> None:
        grow(8)
        page_html(visit(world.host(world.a), f"{SEARCH}?q=logement"))

    assert_flat_queries(
        lambda: page_html(visit(world.host(world.a), f"{SEARCH}?q=logement&near=Brest")), grow_and_index
    )

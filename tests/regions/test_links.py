"""Links in texts stay where the reader stands."""

from __future__ import annotations

from django.test import RequestFactory
from wagtail.rich_text.pages import PageLinkHandler

from regions.links import PermanentPageLinkHandler, localize
from regions.places import place_for
from tests.factories import pages
from tests.helpers import count_queries, page_html


def _linking(target, extra: str = "") -> list[dict]:
    html = f'<p><a linktype="page" id="{target.pk}">le guide</a> {extra}</p>'
    return [{"type": "rich_text", "value": html, "id": "x"}]


def test_link__national_text_read_locally__stays_in_the_subsite(world, visit):
    target = pages.guide(world.national, "Se former", slug="se-former")
    pages.standard(world.national, "À propos", slug="a-propos", body=_linking(target))
    assert '<a href="/guides/se-former/">le guide' in page_html(visit(world.host(world.a), "/a-propos/"))
    assert '<a href="/guides/se-former/">le guide' in page_html(visit(world.national_host, "/a-propos/"))


def test_link__to_another_groupement__leads_to_its_site(world, visit):
    target = pages.news(world.home(world.b), "Chez nous", slug="chez-nous")
    pages.standard(world.national, "À propos", slug="a-propos", body=_linking(target))
    expected = f'<a href="http://{world.host(world.b)}/actualites/chez-nous/">'
    assert expected in page_html(visit(world.host(world.a), "/a-propos/"))


def test_link__to_a_draft__keeps_the_words_without_a_link(world, visit):
    target = pages.guide(world.national, "Brouillon", slug="brouillon", live=False)
    pages.standard(world.national, "À propos", slug="a-propos", body=_linking(target))
    html = page_html(visit(world.host(world.a), "/a-propos/"))
    assert "<a>le guide</a>" in html
    assert "brouillon" not in html


def test_links__many_in_a_page__one_query_for_all(world, visit):
    targets = [pages.guide(world.national, f"Guide {number}") for number in range(6)]
    one = pages.standard(world.national, "Un", slug="un", body=_linking(targets[0]))
    blocks = [block | {"id": str(rank)} for rank, target in enumerate(targets) for block in _linking(target)]
    many = pages.standard(world.national, "Six", slug="six", body=blocks)
    host = world.host(world.a)
    assert count_queries(lambda: visit(host, f"/{many.slug}/")) == count_queries(lambda: visit(host, f"/{one.slug}/"))


def test_permanent_link__draft_or_unknown__is_not_found(world, visit):
    draft = pages.guide(world.national, "Brouillon", live=False)
    live = pages.guide(world.national, "Publié", slug="publie")
    assert visit(world.national_host, f"/lien/{draft.pk}/").status_code == 404
    assert visit(world.national_host, "/lien/999999999/").status_code == 404
    response = visit(world.national_host, f"/lien/{live.pk}/")
    assert response["Location"] == f"http://{world.national_host}/guides/publie/"


def test_links__read_on_the_nation_s_site__are_wagtail_s_without_the_host_one_stands_on(world):
    """Wagtail names the host everywhere: it does not know where the text is read."""
    linked = [
        pages.guide(world.national, "Se former"),
        pages.news(world.home(world.b), "Chez nous"),
        pages.news(world.home(world.a), "L’été & l’hiver"),
    ]
    attributes = [{"id": str(page.pk)} for page in linked] + [{"id": "999999999"}, {}]
    place = place_for(RequestFactory().get("/", headers={"host": world.national_host}))
    ours = [localize(one, place) for one in PermanentPageLinkHandler.expand_db_attributes_many(attributes)]
    wagtail_s = PageLinkHandler.expand_db_attributes_many(attributes)
    assert wagtail_s[0].startswith(f'<a href="http://{world.national_host}/')
    assert ours == [one.replace(f"http://{world.national_host}/", "/") for one in wagtail_s]

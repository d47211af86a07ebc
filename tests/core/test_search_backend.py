"""The administration's search: what it finds, for whom, by which index, and what a save costs it."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from core import search_backend
from demo import bulk
from resources.models import NewsPage
from tests import html
from tests.factories import pages
from tests.helpers import count_queries

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    return [page.title for page in Page.objects.all().search(text)]


def test_search__whatever_the_accents__finds_by_title_and_text_titles_first(world):
    pages.resource(world.national, "Autre chose", summary="On y parle d'écrémage.")
    pages.resource(world.national, "L'Écrémage expliqué")
    for typed in ("écrémage", "ecremage", "ÉCRÉMAGE"):
        assert found(typed) == ["L'Écrémage expliqué", "Autre chose"]


def test_autocomplete__beginning_of_a_word__finds_whatever_the_accents(world):
    pages.resource(world.national, "L'Écrémage expliqué")
    assert [page.title for page in Page.objects.all().autocomplete("ecrem")] == ["L'Écrémage expliqué"]


def test_search__page_changed_then_deleted__is_followed(world):
    page = pages.news(world.home(world.a), "Girouette")
    assert found("girouette") == ["Girouette"]
    page.title = "Anémomètre"
    page.save_revision().publish()
    assert (found("girouette"), found("anemometre")) == ([], ["Anémomètre"])
    page.delete()
    assert found("anemometre") == []


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("referent_a", {"Zqmot d'ici", "Zqmot en brouillon"}),
        ("referent_b", {"Zqmot d'en face"}),
        ("admin", {"Zqmot d'ici", "Zqmot en brouillon", "Zqmot d'en face", "Zqmot de la nation"}),
    ],
)
def test_pages_search__of_the_administration__shows_each_what_they_answer_for(world, signed_in, who, seen):
    pages.news(world.home(world.a), "Zqmot d'ici")
    pages.news(world.home(world.a), "Zqmot en brouillon", live=False)
    pages.news(world.home(world.b), "Zqmot d'en face")
    pages.news(world.national, "Zqmot de la nation")
    soup = html.parse(signed_in(who).get("/admin/pages/search/", {"q": "zqmot"}))
    titles = {tag.get_text(strip=True) for tag in soup.select(".title a") if "Zqmot" in tag.text}
    assert titles == seen


def plan_among(captured, entries: str) -> str:
    """How PostgreSQL answers the search that was captured, once these entries stand beside."""
    statement = next(row["sql"] for row in captured if "wagtailsearch_indexentry" in row["sql"])
    columns = "content_type_id, object_id, title, autocomplete, body, title_norm, title_text, body_text"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO wagtailsearch_indexentry ({columns}) {entries}")
        cursor.execute("ANALYZE wagtailsearch_indexentry, wagtailcore_page")
        cursor.execute("EXPLAIN " + statement.replace("%", "%%"))
        return "\n".join(row[0] for row in cursor.fetchall())


def test_search__its_filter__is_served_by_the_index_of_the_expression(world):
    pages.news(world.home(world.a), "Girouette")
    with CaptureQueriesContext(connection) as captured:
        list(Page.objects.all().search("girouette"))
    plan = plan_among(
        captured,
        "SELECT content_type_id, n || '-' || object_id, to_tsvector('simple', 'mot' || n), '', '', 1, '', ''"
        " FROM wagtailsearch_indexentry, generate_series(1, 200) n",
    )
    assert "core_search_title_body" in plan, plan


@pytest.fixture
def three_at_most(monkeypatch):
    """A bound that a test reaches."""
    monkeypatch.setattr(search_backend, "MOST", 3)
    monkeypatch.setattr(search_backend, "TITLED", 2)


def test_search__of_a_very_common_word__ranks_what_is_titled_so_and_the_newest(world, three_at_most):
    pages.resource(world.national, "Sillage")
    for number in range(6):
        pages.resource(world.national, f"Sillage numéro {number}")
    for found in (Page.objects.all().search("sillage"), Page.objects.all().autocomplete("silla")):
        assert found.is_cut
        assert (found.count(), len(found[:2])) == (3, 2)
        titles = [page.title for page in found]
        assert titles[0] == "Sillage", "the oldest, but its very title"
        assert len(titles) == len(set(titles)) == 3
        assert sum(found.facet("content_type_id").values()) == 3
    by_title = Page.objects.order_by("title").autocomplete("sillage", order_by_relevance=False)
    assert [page.title for page in by_title] == ["Sillage", "Sillage numéro 0", "Sillage numéro 1"]


def test_search__of_a_word_that_few_pages_hold__counts_all_and_pages_without_gap_or_repeat(world, three_at_most):
    for number in range(3):
        pages.news(world.home(world.a), f"Amarre {number}")
    found = Page.objects.all().autocomplete("amarre")
    assert not found.is_cut
    assert found.count() == 3
    paged = [page.title for start in range(3) for page in found[start : start + 1]]
    assert sorted(paged) == ["Amarre 0", "Amarre 1", "Amarre 2"]
    assert paged == [page.title for page in found]
    assert list(found[5:9]) == []


@pytest.mark.parametrize(("who", "is_cut"), [("admin", True), ("referent_b", False)])
def test_pages_search__of_a_very_common_word__says_so_and_stays_within_what_one_answers_for(
    world, signed_in, three_at_most, who, is_cut
):
    pages.news(world.home(world.b), "Zqmot d'en face")
    for number in range(5):
        pages.news(world.home(world.a), f"Zqmot {number}")
    answer = signed_in(who).get("/admin/pages/search/", {"q": "zqmot"})
    soup = html.parse(answer)
    said = " ".join(soup.select_one("h2[role=alert]").get_text(" ", strip=True).split())
    shown = [tag.get_text(strip=True) for tag in soup.select(".title a") if "Zqmot" in tag.text]
    assert ("Plus de 3 pages" in said) is is_cut, said
    assert ("Zqmot d'en face" in shown) is (who == "referent_b")
    assert len(shown) == (3 if is_cut else 1)
    head = " ".join(soup.select_one("thead").get_text(" ", strip=True).split())
    assert ("1-3 sur 3 pages" if is_cut else "1-1 sur 1 page") in head


def test_pages_search__more_pages__asks_the_index_as_often(world, signed_in):
    client = signed_in("admin")

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert "Hauban" in client.get("/admin/pages/search/", {"q": "hauban"}).text
        return sum("wagtailsearch_indexentry" in row["sql"] for row in captured)

    pages.news(world.home(world.a), "Hauban")
    assert asked() == 2, "what is found, of all types and of the one chosen"
    for number in range(30):
        pages.news(world.home(world.a), f"Hauban {number}")
    assert asked() == 2


def test_autocomplete__of_a_word_that_few_pages_hold__reads_them_alone(world):
    section = pages.section(world.home(world.a), "actualites")
    bulk.insert(section, [NewsPage(title=f"Nouvelle {rank}", slug=f"n-{rank}") for rank in range(1500)])
    page = pages.news(world.home(world.a), "Girouette")
    with CaptureQueriesContext(connection) as captured:
        assert [found.pk for found in Page.objects.all().autocomplete("girouette")] == [page.pk]
    plan = plan_among(
        captured,
        "SELECT content_type_id, id, to_tsvector('simple', title), to_tsvector('simple', title), '', 1, title, ''"
        " FROM wagtailcore_page ON CONFLICT DO NOTHING",
    )
    assert "core_search_page" in plan, plan


def test_publishing__more_pages__writes_one_entry_and_reads_no_other(world):
    page = pages.news(world.home(world.a), "Girouette")

    def publish():
        page.save_revision().publish()

    def about_entries() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            publish()
        return [row["sql"] for row in captured if "wagtailsearch_indexentry" in row["sql"]]

    before, cost = about_entries(), count_queries(publish)
    for number in range(12):
        pages.news(world.home(world.b), f"Autre {number}")
    after = about_entries()
    assert count_queries(publish) == cost
    assert len(after) == len(before)
    for statement in after:
        assert statement.startswith("INSERT"), statement
        assert not re.search(r"\bAVG\(", statement), statement

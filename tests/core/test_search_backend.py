"""The administration's search: what it finds, for whom, by which index, and what a save costs it."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

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


def test_search__its_filter__is_served_by_the_index_of_the_expression(world):
    pages.news(world.home(world.a), "Girouette")
    with CaptureQueriesContext(connection) as captured:
        list(Page.objects.all().search("girouette"))
    statement = next(row["sql"] for row in captured if "wagtailsearch_indexentry" in row["sql"])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO wagtailsearch_indexentry"
            " (content_type_id, object_id, title, autocomplete, body, title_norm, title_text, body_text)"
            " SELECT content_type_id, n || '-' || object_id, to_tsvector('simple', 'mot' || n), '', '', 1, '', ''"
            " FROM wagtailsearch_indexentry, generate_series(1, 200) n"
        )
        cursor.execute("ANALYZE wagtailsearch_indexentry")
        cursor.execute("EXPLAIN " + statement.replace("%", "%%"))
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "core_search_title_body" in plan, plan


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

"""“Recherches des visiteurs”: each reads the counts of the places they answer for."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from search.models import QueryCount
from search.reports import harmless
from tests.helpers import assert_flat_queries, page_html


def row(groupement, words: str, *, days: int = 0, asked: int = 3, unanswered: int = 0) -> None:
    QueryCount.objects.create(
        day=timezone.localdate() - dt.timedelta(days=days),
        groupement=groupement,
        language="fr",
        words=words,
        asked=asked,
        unanswered=unanswered,
    )


@pytest.fixture
def counts(world):
    row(world.a, "zqfinistere", asked=5)
    row(world.a, "zqintrouvable", asked=2, unanswered=2)
    row(world.b, "zqagen")
    row(world.neighbour, "zqmorbihan")
    row(None, "zqnation")
    return world


WORDS = {"zqfinistere", "zqintrouvable", "zqagen", "zqmorbihan", "zqnation"}
READ = {
    "referent_a": {"zqfinistere", "zqintrouvable"},
    "referent_b": {"zqagen"},
    "zone_a": {"zqfinistere", "zqintrouvable", "zqmorbihan"},
    "editor": WORDS,
    "admin": WORDS,
}


def seen(text: str) -> set[str]:
    return {word for word in WORDS if word in text}


@pytest.mark.parametrize("who", READ)
@pytest.mark.parametrize("name", ["search_report", "search_report_export"])
def test_report__each_role__reads_the_words_of_its_places(counts, signed_in, who, name):
    assert seen(page_html(signed_in(who).get(reverse(name)))) == READ[who]


@pytest.mark.parametrize("name", ["search_report", "search_report_export"])
def test_report__contributor_or_member__does_not_exist(counts, signed_in, name):
    assert signed_in("contributor_a").get(reverse(name)).status_code == 404
    assert signed_in("member").get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", ["search_report", "search_report_export"])
def test_report__another_s_place__answers_as_one_that_does_not_exist(counts, signed_in, name):
    client = signed_in("referent_a")
    other, nowhere, nation = (
        client.get(reverse(name), {"place": place}) for place in (counts.b.code, "nulle-part", "nation")
    )
    assert other.status_code == nowhere.status_code == nation.status_code == 404
    assert other.content == nowhere.content == nation.content


def test_report__national_editor__filters_by_place(counts, signed_in):
    client = signed_in("editor")
    assert seen(page_html(client.get(reverse("search_report"), {"place": counts.b.code}))) == {"zqagen"}
    assert seen(page_html(client.get(reverse("search_report"), {"place": "nation"}))) == {"zqnation"}


def test_report__not_found__lists_only_what_found_nothing(counts, signed_in):
    text = page_html(signed_in("referent_a").get(reverse("search_report"), {"unanswered": "1"}))
    assert seen(text) == {"zqintrouvable"}


def test_report__several_days_and_period__are_added_up(world, signed_in, contexts):
    row(world.a, "emploi", days=1, asked=2)
    row(world.a, "emploi", days=20, asked=3)
    row(world.a, "ancien", days=200)
    client = signed_in("referent_a")
    rows = client.get(reverse("search_report")).context["rows"].object_list
    assert [(one["words"], one["asked"]) for one in rows] == [("emploi", 5)]
    everything = client.get(reverse("search_report"), {"months": "13"}).context["rows"].object_list
    assert {one["words"] for one in everything} == {"emploi", "ancien"}


@pytest.mark.parametrize("query", ["months=99", "months=%00", "page=abc", "unanswered=x", "months="])
def test_report__rubbish__gives_the_page(counts, signed_in, query):
    assert "zqfinistere" in page_html(signed_in("referent_a").get(f"{reverse('search_report')}?{query}"))


def test_export__words_that_begin_as_a_formula__are_text(world, signed_in):
    row(world.a, "=cmd|' /c calc'!a1")
    response = signed_in("referent_a").get(reverse("search_report_export"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode("utf-8-sig")
    assert [line[0] for line in csv.reader(io.StringIO(text), delimiter=";")] == ["Mots", "'=cmd|' /c calc'!a1"]


@given(st.text(max_size=40))
def test_harmless__any_text__never_begins_a_formula(text):
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert harmless(text).endswith(text)


def test_report__more_words__costs_the_same(world, signed_in):
    client = signed_in("zone_a")

    def grow(count: int = 20) -> None:
        for number in range(count):
            row(world.a, f"mot {QueryCount.objects.count()} {number}")

    grow(2)
    client.get(reverse("search_report"))
    assert_flat_queries(lambda: client.get(reverse("search_report")), grow)


def test_menu__each_role__finds_its_screens_in_two_clicks(world, signed_in):
    for who, has in (("referent_a", True), ("contributor_a", False)):
        text = signed_in(who).get(reverse("wagtailadmin_home")).content.decode()
        assert (_as_in_the_menu("Mots cherchés") in text) is has
    text = signed_in("editor").get(reverse("wagtailadmin_home")).content.decode()
    for words in ("Synonymes", "Réponses conseillées", "Mots cherchés"):
        assert words in text or _as_in_the_menu(words) in text
    assert "promoted-search-results" not in text, "Wagtail's own entry, which ours replaces"


def _as_in_the_menu(words: str) -> str:
    """The menu is drawn by JavaScript, from JSON."""
    return json.dumps(words)[1:-1]

"""Searches are counted by day, place and words; nothing is kept of who asked."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from regions.models import Groupement
from search import recording
from search.models import QueryCount
from tests.factories import pages

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def ask(host: str, query: str, **headers):
    return Client(headers={"host": host, "user-agent": FIREFOX} | headers).get(f"/recherche/?{query}")


def counted() -> dict:
    return {(row.groupement_id, row.words): (row.asked, row.unanswered) for row in QueryCount.objects.all()}


def test_search__twice_the_same_words__is_one_row_of_the_place(world):
    pages.contact(world.home(world.a), "Maison du logement")
    ask(world.host(world.a), "q=Maison")
    ask(world.host(world.a), "q=+maison+")
    ask(world.national_host, "q=maison")
    assert counted() == {(world.a.pk, "maison"): (2, 0), (None, "maison"): (1, 1)}
    row = QueryCount.objects.get(groupement=world.a)
    assert (row.day, row.language, row.found) == (timezone.localdate(), "fr", 1)


def test_search__nothing_found__says_so_in_the_count(world):
    ask(world.host(world.a), "q=zyxwvuts")
    assert counted() == {(world.a.pk, "zyxwvuts"): (1, 1)}


@pytest.mark.parametrize(
    "query", ["q=emploi&page=2", "q=emploi&kind=guide", "q=&kind=guide", "", "q=jean%40example.org"]
)
def test_search__refined_empty_or_personal__is_not_counted(world, query):
    ask(world.host(world.a), query)
    assert counted() == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": ""},
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"user-agent": "WhatsApp/2.24"},
        {"user-agent": "python-requests/2.32"},
        {"sec-purpose": "prefetch"},
        {"sec-purpose": "prefetch;prerender"},
        {"purpose": "preview"},
        {"x-moz": "prefetch"},
    ],
)
def test_search__robot_or_page_fetched_ahead__is_not_counted(world, headers):
    ask(world.host(world.a), "q=emploi", **headers)
    assert counted() == {}


def test_search__head_request_or_signed_in_editor__is_not_counted(world, signed_in):
    Client(headers={"host": world.national_host, "user-agent": FIREFOX}).head("/recherche/?q=emploi")
    signed_in("editor").get("/recherche/?q=emploi", headers={"user-agent": FIREFOX})
    assert counted() == {}


def test_suggestions__while_typing__are_not_counted(world):
    Client(headers={"host": world.host(world.a), "user-agent": FIREFOX}).get("/recherche/suggestions/?q=emploi")
    assert counted() == {}


def test_count__one_question__is_one_statement_on_the_table(world):
    with CaptureQueriesContext(connection) as captured:
        ask(world.host(world.a), "q=emploi")
    assert len([query for query in captured if "search_querycount" in query["sql"]]) == 1


def test_count__as_many_questions_as_one_day_holds__no_more_rows(world, monkeypatch):
    monkeypatch.setattr(recording, "MAX_QUESTIONS_A_DAY", 2)
    for words in ("un", "deux", "trois"):
        ask(world.host(world.a), f"q={words}")
    ask(world.host(world.b), "q=quatre")
    assert set(counted()) == {(world.a.pk, "un"), (world.a.pk, "deux"), (world.b.pk, "quatre")}


def test_count__its_table__has_no_room_for_an_identifier():
    kept = {
        "id": models.BigAutoField,
        "day": models.DateField,
        "groupement": models.ForeignKey,
        "language": models.CharField,
        "words": models.CharField,
        "asked": models.PositiveIntegerField,
        "unanswered": models.PositiveIntegerField,
        "found": models.PositiveIntegerField,
    }
    assert {field.name: type(field) for field in QueryCount._meta.get_fields()} == kept
    assert QueryCount._meta.get_field("groupement").related_model is Groupement


def test_purge__older_than_thirteen_months__is_erased(world):
    today = timezone.localdate()
    for days, words in ((0, "hier"), (390, "un an"), (430, "vieux")):
        QueryCount.objects.create(day=today - dt.timedelta(days=days), language="fr", words=words, asked=1)
    call_command("purge_search_counts", verbosity=0)
    call_command("purge_search_counts", verbosity=0)
    assert set(QueryCount.objects.values_list("words", flat=True)) == {"hier", "un an"}

"""The database is away: kept pages are given, but for those made before something was taken away from visitors."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from wagtail.models import PageViewRestriction

from core.page_cache import generation
from regions.models import Groupement
from tests.factories import pages


@pytest.fixture
def database_away(world):
    """Have the database fail as when it is stopped; the test's own transaction ends as usual afterwards."""
    with pytest.MonkeyPatch.context() as patch:

        def leave():
            def refuse(*args, **kwargs):
                raise OperationalError("the connection is closed")

            patch.setattr(connection, "cursor", refuse)
            generation.forget()

        yield leave
    generation.forget()


def test_database__away__kept_pages_are_given_and_say_their_age(world, visitors, database_away):
    host = world.host(world.a)
    made = visitors.get(host)
    database_away()
    answer = visitors.get(host)
    assert (answer.status_code, answer.content) == (200, made.content)
    assert "detail=stale" in answer.headers["Cache-Status"]
    assert answer.headers["Age"].isdigit()


def test_database__leaving_while_a_page_is_made__gives_the_one_kept_before(world, visitors, database_away):
    host = world.host(world.a)
    made = visitors.get(host)
    pages.news(world.home(world.a), "Une autre")
    visitors.commit()
    number = generation.current()
    database_away()
    generation._last = (number, generation.time.monotonic() + 60)  # it answered a moment ago
    answer = visitors.get(host)
    assert (answer.status_code, answer.content) == (200, made.content)
    assert "detail=stale" in answer.headers["Cache-Status"]


def unpublish(world, page):
    page.unpublish()


def delete(world, page):
    page.delete()


def reserve(world, page):
    PageViewRestriction.objects.create(page=page, restriction_type="groups")


def move(world, page):
    page.move(pages.section(world.home(world.b), "actualites"), pos="last-child")


def take_a_name_away(world, page):
    Groupement.objects.filter(pk=world.a.pk).update(contact_name="")


@pytest.mark.parametrize("take_away", [unpublish, delete, reserve, move, take_a_name_away])
def test_database__leaving_after_something_was_taken_away__gives_nothing_made_before(
    world, visitors, database_away, take_away
):
    Groupement.objects.filter(pk=world.a.pk).update(contact_name="Mme Nommée")
    page = pages.news(world.home(world.a), "Une", slug="une")
    visitors.commit()
    host = world.host(world.a)
    assert visitors.get(host, "/actualites/une/").status_code == 200
    take_away(world, page)
    visitors.commit()
    generation.current()  # read once more before it leaves: by another page, or by the watch
    database_away()
    assert visitors.get(host, "/actualites/une/").status_code >= 500


def test_database__leaving_after_a_page_was_made_anew__gives_it_whatever_was_taken_away_before(
    world, visitors, database_away
):
    page = pages.news(world.home(world.a), "Une", slug="une")
    page.unpublish()
    visitors.commit()
    host = world.host(world.a)
    assert visitors.get(host).status_code == 200
    database_away()
    assert visitors.get(host).status_code == 200


@pytest.mark.parametrize("silence", ["just begun", "nothing read for a while"])
def test_database__away_for_a_process_that_knows_not_what_was_taken_away__gives_nothing(
    world, visitors, database_away, monkeypatch, silence
):
    host = world.host(world.a)
    visitors.get(host)
    if silence == "just begun":
        monkeypatch.setattr(generation, "_seen", None)
    else:
        clock = generation.time.monotonic
        monkeypatch.setattr(generation.time, "monotonic", lambda: clock() + generation.KNOWN_FOR + 1)
    database_away()
    assert visitors.get(host).status_code >= 500

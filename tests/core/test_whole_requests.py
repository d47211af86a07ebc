"""What is sent from the administration happens whole, or not at all; short steps stay what they are."""

from __future__ import annotations

import contextlib

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve, reverse
from wagtail.models import PageLogEntry, Revision
from wagtail.signals import page_published, page_unpublished

from core.whole_requests import whole_or_nothing
from mara_site.database.lost import is_lost
from resources.models import NewsPage
from tests.factories import pages
from tests.regions.forms import edit_address, loaded, news_fields


class CutError(Exception):
    """Stands for whatever ends a request in its middle."""


@pytest.fixture
def item(world):
    item = pages.news(world.home(world.a), "Titre d’origine")
    item.save_revision().publish()
    return NewsPage.objects.get(pk=item.pk)


def everything() -> tuple:
    """The pages of this type, and how many versions and lines of history there are."""
    return (
        sorted(NewsPage.objects.values_list("title", "draft_title", "live", "has_unpublished_changes")),
        Revision.objects.count(),
        PageLogEntry.objects.count(),
    )


@pytest.fixture
def cut():
    """Have a request end when the page itself is written, and what follows from it is not yet."""
    connected = []

    def connect(signal):
        def receiver(**kwargs):
            raise CutError

        signal.connect(receiver, weak=False)
        connected.append((signal, receiver))

    yield connect
    for signal, receiver in connected:
        signal.disconnect(receiver)


def test_publishing_a_change__cut_in_its_middle__leaves_the_page_as_it_was(world, signed_in, item, cut):
    client = signed_in("referent_a")
    fields = news_fields(item, title="Autre titre", **loaded(client, item), **{"action-publish": "1"})
    before = everything()
    cut(page_published)
    with pytest.raises(CutError):
        client.post(edit_address(item), fields)
    assert everything() == before


def test_publishing_a_new_page__cut_in_its_middle__leaves_no_page(world, signed_in, cut):
    section = pages.section(world.home(world.a), "actualites")
    before = everything()
    cut(page_published)
    with pytest.raises(CutError):
        signed_in("referent_a").post(
            reverse("wagtailadmin_pages:add", args=["resources", "newspage", section.pk]),
            news_fields(**{"action-publish": "1"}),
        )
    assert everything() == before
    section.refresh_from_db()
    assert section.numchild == 0


def test_withdrawing__cut_in_its_middle__leaves_the_page_published(world, signed_in, item, cut):
    before = everything()
    cut(page_unpublished)
    with pytest.raises(CutError):
        signed_in("referent_a").post(reverse("wagtailadmin_pages:unpublish", args=[item.pk]))
    assert everything() == before


@pytest.mark.parametrize(("method", "is_whole"), [("POST", True), ("DELETE", True), ("GET", False), ("HEAD", False)])
def test_whole_or_nothing__whatever_may_write__is_in_one_transaction(db, method, is_whole):
    outside = len(connection.savepoint_ids)
    inside = []

    def view(request):
        inside.append(len(connection.savepoint_ids) - outside)
        return HttpResponse()

    request = RequestFactory().generic(method, "/")
    whole_or_nothing(view)(request)
    whole_or_nothing(transaction.non_atomic_requests(view))(request)
    assert inside == [int(is_whole), 0]


def lose_the_connection():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def fail_a_reading():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


@pytest.mark.parametrize("fail", [lose_the_connection, fail_a_reading])
def test_whole_or_nothing__transaction_lost_and_nobody_says_so__is_no_success(elsewhere, fail):
    """As for a message that cannot be sent: Wagtail tells the log, and goes on (``wagtail.admin.mail``)."""

    def view(request):
        Group.objects.create(name="never kept")
        with contextlib.suppress(DatabaseError):
            fail()
        return HttpResponse("kept")

    with pytest.raises(OperationalError) as raised:
        elsewhere(lambda: whole_or_nothing(view)(RequestFactory().post("/")))
    assert is_lost(raised.value), "it is answered as a database that was lost"
    assert not elsewhere(Group.objects.filter(name="never kept").exists)


@pytest.mark.parametrize("name", ["contact_import", "event_import"])
def test_import__made_of_short_steps__is_not_one_transaction(name):
    assert "default" in resolve(reverse(name, args=[1])).func._non_atomic_requests


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_whole_or_nothing__a_view_that_ends_well__answers_what_it_answers_by_itself(db, method):
    answer = HttpResponse("of the view", status=202)
    given = []

    def view(request, *args, **kwargs):
        given.append((request, args, kwargs))
        return answer

    request = RequestFactory().generic(method, "/")
    assert whole_or_nothing(view)(request, 7, name="x") is view(request, 7, name="x")
    assert given[0] == given[1]

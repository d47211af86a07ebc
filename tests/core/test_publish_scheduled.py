"""What has come to its hour is published, page by page; one that cannot be keeps no other from it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision
from wagtail.signals import page_published

from resources.models import EventPublication, NewsPage
from tests.factories import pages

PAST = dt.timedelta(minutes=5)


def due(home, title: str) -> Page:
    """A draft whose hour came five minutes ago."""
    hour = timezone.now() - PAST
    page = pages.news(home, title, live=False, go_live_at=hour)
    revision = page.save_revision()
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=hour)
    return page


def fresh(page: Page) -> Page:
    return Page.objects.get(pk=page.pk)


@pytest.fixture
def poison():
    """What follows from the publication of the page of this title fails."""

    def fail(instance, **kwargs):
        if instance.title == "Poison":
            raise ValueError(instance.title)

    page_published.connect(fail, sender=NewsPage)
    yield
    page_published.disconnect(fail, sender=NewsPage)


def test_publish_scheduled__one_page_fails__it_stays_whole_and_the_others_are_published(world, poison):
    home = world.home(world.a)
    first, second = due(home, "Poison"), due(home, "Café du mardi")
    with pytest.raises(CommandError, match=r"1 page"):
        call_command("publish_scheduled", verbosity=0)
    assert not fresh(first).live
    assert Revision.objects.filter(object_id=str(first.pk), approved_go_live_at__isnull=False).exists()
    assert not PageLogEntry.objects.filter(page=first.pk, action="wagtail.publish.scheduled").exists()
    assert fresh(second).live
    assert PageLogEntry.objects.filter(page=second.pk, action="wagtail.publish.scheduled").count() == 1


def test_publish_scheduled__asked_twice__publishes_once(world):
    page = due(world.home(world.a), "Café du mardi")
    for _turn in range(2):
        call_command("publish_scheduled", verbosity=0)
    assert fresh(page).live
    assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish.scheduled").count() == 1


def test_publish_scheduled__page_deleted_meanwhile__is_no_failure(world):
    home = world.home(world.a)
    first, second = due(home, "Café du mardi"), due(home, "Effacée")

    def delete_the_other(instance, **kwargs):
        fresh(second).delete()

    page_published.connect(delete_the_other, sender=NewsPage)
    try:
        call_command("publish_scheduled", verbosity=0)
    finally:
        page_published.disconnect(delete_the_other, sender=NewsPage)
    assert fresh(first).live
    assert not Page.objects.filter(pk=second.pk).exists()


def test_publish_scheduled__only_looked_at__changes_nothing(world, capsys):
    page = due(world.home(world.a), "Café du mardi")
    call_command("publish_scheduled", dryrun=True)
    assert not fresh(page).live
    assert "Café du mardi" in capsys.readouterr().out


def test_publish_scheduled__event_expired__is_withdrawn_from_calendars_too(world):
    event = pages.event(world.home(world.a))
    event.save_revision().publish()
    Page.objects.filter(pk=event.pk).update(expire_at=timezone.now() - PAST)
    call_command("publish_scheduled", verbosity=0)
    assert not fresh(event).live
    assert fresh(event).expired
    assert EventPublication.objects.get(page_id=event.pk).withdrawn_at

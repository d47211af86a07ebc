"""What has come to its hour is published, page by page; one that cannot be keeps no other from it."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from wagtail.management.commands import publish_scheduled as wagtail_s
from wagtail.models import Page, PageLogEntry, Revision
from wagtail.signals import page_published, page_unpublished

from core.management.commands import publish_scheduled as ours
from mara_site.run import scheduler
from resources.models import EventPublication, NewsPage
from tests.factories import pages
from tests.helpers import Clock

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


def left_by(command: BaseCommand) -> tuple[list, list, list]:
    """The pages, their versions and their history as a command leaves them; then undone."""
    with transaction.atomic():
        call_command(command, verbosity=0)
        states = ("pk", "title", "draft_title", "live", "expired", "has_unpublished_changes", "live_revision_id")
        found = (
            list(NewsPage.objects.order_by("pk").values_list(*states, "go_live_at", "expire_at")),
            list(Revision.objects.order_by("pk").values_list("pk", "object_id", "approved_go_live_at")),
            list(PageLogEntry.objects.order_by("pk").values_list("page", "action", "label", "data", "revision")),
        )
        transaction.set_rollback(True)
    return found


def test_publish_scheduled__where_nothing_fails__leaves_what_wagtail_s_leaves(world):
    home = world.home(world.a)
    begins, later = due(home, "Café du mardi"), pages.news(home, "Plus tard", live=False)
    ends = pages.news(home, "Fini", expire_at=timezone.now() - PAST)
    ends.save_revision()
    before = set(PageLogEntry.objects.values_list("pk", flat=True))
    found = left_by(ours.Command())
    assert set(PageLogEntry.objects.values_list("pk", flat=True)) == before
    assert {pk for pk, _title, _draft, live, *_rest in found[0] if live} >= {begins.pk}
    assert not {later.pk, ends.pk} & {pk for pk, _title, _draft, live, *_rest in found[0] if live}
    assert found == left_by(wagtail_s.Command())


def test_next_hour__of_what_waits__is_the_first(world):
    home = world.home(world.a)
    assert ours.next_hour() is None
    appears, goes = (timezone.now() + dt.timedelta(minutes=minutes) for minutes in (20, 30))
    pages.news(home, "Passé", expire_at=timezone.now() - PAST)
    pages.news(home, "Retiré déjà", live=False, expire_at=appears - PAST)
    pages.news(home, "Part", expire_at=goes)
    assert ours.next_hour() == goes
    draft = pages.news(home, "Paraît", live=False, go_live_at=appears).save_revision()
    Revision.objects.filter(pk=draft.pk).update(approved_go_live_at=appears)
    assert ours.next_hour() == appears


def test_clock__a_page_goes_between_two_turns__is_withdrawn_at_its_hour(world, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(scheduler, "time", clock)
    monkeypatch.setattr(timezone, "now", clock.now)
    monkeypatch.setattr(scheduler, "close_old_connections", lambda: None)  # the test's stays open
    withdrawn: list[float] = []
    page_unpublished.connect(lambda **kwargs: withdrawn.append(clock.waited), weak=False, dispatch_uid="withdrawn")
    page = pages.news(world.home(world.a), "Part bientôt", expire_at=clock.now() + dt.timedelta(seconds=30))
    try:
        scheduler._sleep_while_attached(os.getppid())
    finally:
        page_unpublished.disconnect(dispatch_uid="withdrawn")
    assert not fresh(page).live
    assert withdrawn == [31]
    assert clock.waited == scheduler.PERIOD

"""What the clock does for partners' calendars: reads the addresses, goes on with imports left alone, forgets."""

from __future__ import annotations

import datetime as dt
import logging
import time

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from core.outbound import Fetcher, UnfetchableError
from resources.events.importing.applying import advance, confirm
from resources.events.importing.comparing import compare, does_something, found_in
from resources.events.importing.models import (
    EVERY,
    KEPT,
    LONGEST_WAIT,
    RUNNING,
    EventImport,
    EventSource,
    ImportedEvent,
    State,
)
from resources.events.importing.reading import UnreadableCalendarError

logger = logging.getLogger(__name__)

ACCEPT = "text/calendar, */*;q=0.5"
# A turn of the clock: other tasks wait for it.
TURN_SECONDS = 40
AT_MOST = 5  # addresses in a turn
LEFT_ALONE = dt.timedelta(minutes=1)
# While an address is being read, nobody else reads it.
LEASE = dt.timedelta(minutes=5)
EVENTS_KEPT = dt.timedelta(days=400)


def own_hosts() -> set[str]:
    """The names of our sites: their events are in the calendars already."""
    return {
        settings.MARA_NATIONAL_HOST.lower(),
        *(name.lower() for name in Site.objects.values_list("hostname", flat=True)),
    }


def read_due(*, seconds: float = TURN_SECONDS, fetcher: Fetcher | None = None) -> int:
    """Read the addresses whose time has come, those that somebody waits for first, and return how many.

    Args:
        fetcher: how addresses are read; tests give their own network.
    """
    fetcher = fetcher or Fetcher(own_hosts=own_hosts())
    deadline = time.monotonic() + seconds
    done = 0
    while done < AT_MOST and time.monotonic() < deadline:
        source = _claim()
        if source is None:
            break
        _read(source, fetcher)
        done += 1
    return done


def read_kept(*, seconds: float = TURN_SECONDS) -> int:
    """Read the files that took too long for whoever sent them, and return how many."""
    deadline = time.monotonic() + seconds
    done = 0
    while time.monotonic() < deadline and _read_one_kept():
        done += 1
    return done


@transaction.atomic
def _read_one_kept() -> bool:
    waiting = EventImport.objects.filter(state=State.FETCHING, raw__isnull=False).select_related("source__groupement")
    origin = waiting.select_for_update(skip_locked=True, of=("self",)).order_by("pk").first()
    if origin is None:
        return False
    now = timezone.now()
    try:
        compare(origin, found_in(bytes(origin.raw), origin.source))
        EventSource.objects.filter(pk=origin.source_id).update(last_read_at=now)
    except UnreadableCalendarError as error:
        origin.state, origin.refusal, origin.moved_at = State.REFUSED, str(error), now
    origin.raw = None
    origin.save(update_fields=["state", "refusal", "moved_at", "raw"])
    return True


@transaction.atomic
def _claim() -> EventSource | None:
    """Take one source for oneself for five minutes, so that two clocks never read the same."""
    due = EventSource.objects.filter(read_from__lte=timezone.now(), is_paused=False).exclude(address="")
    source = due.select_for_update(skip_locked=True, of=("self",)).order_by("is_confirmed", "read_from").first()
    if source is not None:
        source.read_from = timezone.now() + LEASE
        source.save(update_fields=["read_from"])
    return source


def _read(source: EventSource, fetcher: Fetcher) -> None:
    """Read one address, without a transaction open meanwhile, and do what follows."""
    tried = timezone.now()
    known = source.is_confirmed and not source.failures
    try:
        answer = fetcher.fetch(
            source.address,
            accept=ACCEPT,
            etag=source.etag if known else "",
            last_modified=source.last_modified if known else "",
        )
        found = None if answer.body is None else found_in(answer.body, source)
    except (UnfetchableError, UnreadableCalendarError) as error:
        _failed(source, str(error), tried)
        return
    except Exception:
        # A stranger's file must not keep the other sources from being read: written down, and told as it is.
        logger.exception("source of events %s could not be read", source.pk)
        _failed(source, _("This calendar could not be read."), tried)
        return
    origin = None
    with transaction.atomic():
        current = EventSource.objects.select_for_update(of=("self",)).filter(pk=source.pk).first()
        if current is None or current.address != source.address:
            return
        if current.imports.filter(state__in=RUNNING).exists():
            # What is being written first: nothing of this reading is kept, not even that it happened.
            current.read_from = tried + LEASE
            current.save(update_fields=["read_from"])
            return
        if found is not None:
            origin = _bring(current, found)
        current.last_read_at = current.last_tried_at = tried
        current.error, current.failures = "", 0
        if found is not None or answer.etag or answer.last_modified:
            current.etag, current.last_modified = answer.etag, answer.last_modified
        if not current.is_paused:
            current.read_from = tried + EVERY
        current.save(
            update_fields=["last_read_at", "last_tried_at", "error", "failures", "etag", "last_modified", "read_from"]
        )
    if origin is not None and origin.is_running:
        advance(origin.pk, seconds=5)


def _bring(source: EventSource, found: list) -> EventImport | None:
    """The import that a reading makes: to confirm the first time, carried out at once later, none without news."""
    waiting = source.imports.filter(state__in=[State.FETCHING, State.READY]).order_by("pk").last()
    if not source.is_confirmed or (waiting is not None and waiting.state == State.FETCHING):
        origin = waiting or EventImport.objects.create(source=source, groupement=source.groupement)
        compare(origin, found)
        return origin
    origin = EventImport.objects.create(source=source, groupement=source.groupement, by_itself=True)
    compare(origin, found)
    if not does_something(origin):
        origin.delete()
        return None
    confirm(origin, user=None)
    return origin


def _failed(source: EventSource, why: str, tried: dt.datetime) -> None:
    with transaction.atomic():
        current = EventSource.objects.select_for_update(of=("self",)).filter(pk=source.pk).first()
        if current is None:
            return
        current.failures += 1
        current.error, current.last_tried_at = why, tried
        current.read_from = None if not current.is_confirmed else tried + wait(current.failures)
        current.save(update_fields=["failures", "error", "last_tried_at", "read_from"])
        current.imports.filter(state=State.FETCHING).update(state=State.REFUSED, refusal=why, moved_at=tried)


def wait(failures: int) -> dt.timedelta:
    """How long one waits after so many failures in a row: twice as long each time, a day at most."""
    return min(EVERY / 6 * 2 ** min(failures - 1, 10), LONGEST_WAIT)


def continue_all(*, seconds: float = 10) -> int:
    """Move on the imports that nobody has moved for a minute, and return how many were."""
    deadline = time.monotonic() + seconds
    left = EventImport.objects.filter(state__in=RUNNING, moved_at__lt=timezone.now() - LEFT_ALONE).order_by("moved_at")
    moved = 0
    for pk in left.values_list("pk", flat=True):
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            break
        try:
            advance(pk, seconds=remaining)
        except EventImport.DoesNotExist:
            continue  # deleted by its owner meanwhile
        moved += 1
    return moved


def purge() -> int:
    """Delete the imports of more than thirty days, events over for a year, and sources of which nothing came."""
    now = timezone.now()
    ImportedEvent.objects.filter(ends_on__lt=timezone.localdate() - EVENTS_KEPT).delete()
    old = EventImport.objects.filter(started_at__lt=now - KEPT).exclude(state__in=RUNNING)
    count = old.delete()[1].get(EventImport._meta.label, 0)
    EventSource.objects.filter(created_at__lt=now - KEPT, is_confirmed=False, imports=None, events=None).delete()
    return count

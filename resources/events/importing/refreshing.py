"""What the clock does for partners' calendars: reads the addresses, goes on with imports left alone, forgets."""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from core.outbound import Fetcher, UnfetchableError
from core.tasks.asking import AGAIN, LONG, are_kept, ask, in_turn, work
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
TURN_SECONDS = 10  # of an import left alone: others wait behind it
AT_MOST = 5  # addresses in a turn of the clock, where it reads them itself
LEFT_ALONE = dt.timedelta(minutes=1)
# While an address is being read, nobody else reads it.
LEASE = dt.timedelta(minutes=5)
EVENTS_KEPT = dt.timedelta(days=400)


class BeingReadError(Exception):
    """Somebody else has taken this address."""


def own_hosts() -> set[str]:
    """The names of our sites: their events are in the calendars already."""
    return {
        settings.MARA_NATIONAL_HOST.lower(),
        *(name.lower() for name in Site.objects.values_list("hostname", flat=True)),
    }


def follow_all() -> int:
    """Have imports left alone moved on, long files read, and the addresses whose time has come; return how many."""
    at_most = None if are_kept() else AT_MOST
    return sum(
        in_turn(
            lambda: ask(continue_import, left_alone().values_list("pk", "state")),
            lambda: ask(read_kept, kept_files().values_list("pk")),
            lambda: ask(read_address, due().values_list("pk")[:at_most]),
        )
    )


def left_alone() -> QuerySet[EventImport]:
    """The imports that nobody has moved for a minute."""
    return EventImport.objects.filter(state__in=RUNNING, moved_at__lt=timezone.now() - LEFT_ALONE).order_by("moved_at")


def kept_files() -> QuerySet[EventImport]:
    """The files that took too long for whoever sent them."""
    return EventImport.objects.filter(state=State.FETCHING, raw__isnull=False).order_by("pk")


def due() -> QuerySet[EventSource]:
    """The addresses whose time has come, those that somebody waits for first."""
    sources = EventSource.objects.filter(read_from__lte=timezone.now(), is_paused=False).exclude(address="")
    return sources.order_by("is_confirmed", "read_from")


def _title_of_import(pk: int, *_state: str) -> str:
    return _title(EventImport.objects.select_related("source__groupement").defer("raw").get(pk=pk).source)


def _title_of_source(pk: int) -> str:
    return _title(EventSource.objects.select_related("groupement").get(pk=pk))


def _title(source: EventSource) -> str:
    place = source.groupement or _("the nation")
    return _("Reading of the calendar “%(name)s”, %(place)s") % {"name": source.title, "place": place}


@work(_title_of_import, priority=LONG)
def continue_import(pk: int, state: str) -> str | None:
    """Move an import on for a moment. ``state`` only tells one work from the next: applying, undoing."""
    try:
        return AGAIN if advance(pk, seconds=TURN_SECONDS).is_running else None
    except EventImport.DoesNotExist:
        return None  # deleted by its owner meanwhile


@work(_title_of_source, priority=LONG)
def read_address(pk: int) -> None:
    """Read an address, if its time has come.

    Raises:
        BeingReadError: another is reading it, or ended in the middle of it: it is tried again later, so that an
            address that ends its reader counts as often as it does.
    """
    if not read_one(pk, Fetcher(own_hosts=own_hosts())) and _is_claimed(pk):
        raise BeingReadError


def read_one(pk: int, fetcher: Fetcher) -> bool:
    """:func:`read_address`, by a fetcher; returns whether it was read."""
    source = _claim(pk)
    if source is not None:
        _read(source, fetcher)
    return source is not None


@work(_title_of_import, priority=LONG)
@transaction.atomic
def read_kept(pk: int) -> None:
    """Read a long file, unless somebody has meanwhile."""
    waiting = kept_files().filter(pk=pk).select_related("source__groupement")
    origin = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if origin is None:
        return
    now = timezone.now()
    try:
        compare(origin, found_in(bytes(origin.raw), origin.source))
        EventSource.objects.filter(pk=origin.source_id).update(last_read_at=now)
    except UnreadableCalendarError as error:
        origin.state, origin.refusal, origin.moved_at = State.REFUSED, str(error), now
    origin.raw = None
    origin.save(update_fields=["state", "refusal", "moved_at", "raw"])


def _is_claimed(pk: int) -> bool:
    now = timezone.now()
    taken = EventSource.objects.filter(pk=pk, is_paused=False, read_from__gt=now, read_from__lte=now + LEASE)
    return taken.exclude(address="").exists()


@transaction.atomic
def _claim(pk: int) -> EventSource | None:
    """Take a source for oneself for five minutes, so that two never read the same."""
    source = due().filter(pk=pk).select_for_update(skip_locked=True, of=("self",)).first()
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


def purge() -> int:
    """Delete the imports of more than thirty days, events over for a year, and sources of which nothing came."""
    now = timezone.now()
    ImportedEvent.objects.filter(ends_on__lt=timezone.localdate() - EVENTS_KEPT).delete()
    old = EventImport.objects.filter(started_at__lt=now - KEPT).exclude(state__in=RUNNING)
    count = old.delete()[1].get(EventImport._meta.label, 0)
    EventSource.objects.filter(created_at__lt=now - KEPT, is_confirmed=False, imports=None, events=None).delete()
    return count

"""Writes from a button: a date cancelled, moved, annotated, put back; a local note. Each is a version of its page."""

from __future__ import annotations

import datetime as dt
import logging

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from core.amending import NotNow, amend
from resources.events.notes import LocalNote, outlived
from resources.events.rows import EventChange

logger = logging.getLogger(__name__)

CANCELLED, MOVED, ANNOTATED, RESTORED = (
    f"resources.date_{name}" for name in ("cancelled", "moved", "annotated", "restored")
)
NOTE_WRITTEN, NOTE_REMOVED = "resources.local_note_written", "resources.local_note_removed"
ACTIONS = {EventChange.Kind.CANCELLED: CANCELLED, EventChange.Kind.MOVED: MOVED, EventChange.Kind.NOTE: ANNOTATED}
# What a row of changes says; the note is in the words of one language.
VALUES = ("kind", "new_date", "new_time", "new_end_time", "place_name")


def may_change(user, page) -> bool:
    """Who writes and publishes a page changes it from a button: a référent in their groupement, not a contributor."""
    rights = page.permissions_for_user(user)
    return rights.can_edit() and rights.can_publish()


@transaction.atomic
def change_date(*, event, row: EventChange, user) -> None:
    """Cancel, move or annotate one date of an event, in every language; only the words stay in the one they are in.

    Args:
        event: a published page.
        row: what is different, complete and clean; ``row.date`` is the day by the rule.

    Raises:
        NotNow: see :func:`core.amending.amend`. Nothing is written then.
    """
    for page in _languages(event, user):
        note = row.note if page.pk == event.pk else ""
        if row.kind == EventChange.Kind.NOTE and page.pk != event.pk:
            continue
        amend(page, lambda version, note=note: _put(version, row, note), user=user, action=ACTIONS[row.kind])


@transaction.atomic
def restore_date(*, event, on: dt.date, user) -> None:
    """Have a date take place as usual again, in every language.

    Raises:
        NotNow: see :func:`core.amending.amend`.
    """
    for page in _languages(event, user):
        amend(page, lambda version: _take_out(version, on), user=user, action=RESTORED)


def _languages(event, user) -> list:
    """The event in its languages: the one asked for, then those that the person may publish too."""
    others = type(event).objects.live().filter(translation_key=event.translation_key).exclude(pk=event.pk)
    return [event, *(page for page in others if may_change(user, page))]


def _put(version, row: EventChange, note: str) -> None:
    if not version.recurrence:
        version.status, version.status_note = version.Status.CANCELLED, note
        return
    rows = list(version.changes.all())
    known = next((one for one in rows if one.date == row.date), None) or EventChange(date=row.date)
    if not (row.kind == EventChange.Kind.NOTE and known.pk and known.moves):  # words do not move a date back
        for name in VALUES:
            setattr(known, name, getattr(row, name))
    known.note = note
    version.changes = [*(one for one in rows if one.date != row.date), known]


def _take_out(version, on: dt.date) -> None:
    if not version.recurrence:
        version.status, version.status_note = version.Status.CONFIRMED, ""
        return
    version.changes = [row for row in version.changes.all() if row.date != on]


def write_note(*, section, event, text: str, url: str, contact: str, user) -> None:
    """Add a groupement's note to an event of others, or change it.

    Raises:
        NotNow: see :func:`core.amending.amend`.
    """

    def put(version) -> None:
        rows = list(version.local_notes.all())
        known = next((row for row in rows if row.event_key == event.translation_key), None)
        known = known or LocalNote(event_key=event.translation_key)
        known.text, known.url, known.contact, known.changed_at = text, url, contact, timezone.now()
        version.local_notes = [*(row for row in rows if row.event_key != event.translation_key), known]

    amend(section, put, user=user, action=NOTE_WRITTEN)


def remove_note(*, section, event, user) -> None:
    """Take a groupement's note off an event.

    Raises:
        NotNow: see :func:`core.amending.amend`.
    """
    _remove(section, {event.translation_key}, user)


def _remove(section, keys: set, user) -> None:
    def take_out(version) -> None:
        version.local_notes = [row for row in version.local_notes.all() if row.event_key not in keys]

    amend(section, take_out, user=user, action=NOTE_REMOVED)


def forget_old_notes() -> int:
    """Remove the notes whose event was over a month ago; return how many. For the clock."""
    model = apps.get_model("resources", "EventCalendarPage")
    by_section: dict[int, set] = {}
    for row in outlived():
        by_section.setdefault(row.page_id, set()).add(row.event_key)
    count = 0
    for section in model.objects.filter(pk__in=by_section):
        try:
            _remove(section, by_section[section.pk], None)
        except NotNow:
            logger.info("the old notes of section %s stay for now: it is being worked on", section.pk)
        else:
            count += len(by_section[section.pk])
    return count

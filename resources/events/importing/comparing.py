"""What a reading of a source would do: one row for each event, and nothing written but these rows."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from resources.events.importing import writing
from resources.events.importing.mapping import MAX_SECONDS, Found, events_of
from resources.events.importing.models import (
    Action,
    EventImport,
    EventImportRow,
    EventSource,
    ImportedEvent,
    Notice,
    State,
)
from resources.events.importing.moments import place_zone
from resources.events.importing.reading import TooLongError, read

# What somebody who sent a file waits for; a calendar that takes longer is read by the clock.
BLOCKS_AT_ONCE, SECONDS_AT_ONCE = 150, 0.8


def found_in(raw: bytes, source: EventSource) -> list[Found]:
    """The events of a calendar, hours without a zone on the clock of the source's groupement.

    Raises:
        UnreadableCalendarError: with a sentence.
    """
    return events_of(read(raw), place_zone(source.groupement), seconds=MAX_SECONDS)


def found_at_once(raw: bytes, source: EventSource) -> list[Found] | None:
    """The same, for somebody who waits; ``None`` for a calendar that takes too long for that.

    Raises:
        UnreadableCalendarError: with a sentence.
    """
    reading = read(raw)
    if len(reading.blocks) > BLOCKS_AT_ONCE:
        return None
    try:
        return events_of(reading, place_zone(source.groupement), seconds=SECONDS_AT_ONCE)
    except TooLongError:
        return None


@transaction.atomic
def compare(origin: EventImport, found: list[Found]) -> None:
    """Write the rows of a reading, and what kind of end it has: to confirm, or nothing to do."""
    origin.rows.all().delete()
    known = {row.key: row for row in origin.source.events.select_related("page")}
    elsewhere = _elsewhere(origin.source, [one.key for one in found if one.key not in known])
    rows = [_row(one, known.get(one.key), elsewhere.get(one.key)) for one in found if not one.over]
    rows += _gone(known, {one.key for one in found})
    for number, row in enumerate(rows):
        row.origin, row.number = origin, number
    EventImportRow.objects.bulk_create(rows, batch_size=200)
    origin.past = sum(1 for one in found if one.over)
    origin.state, origin.moved_at, origin.refusal = State.READY, timezone.now(), ""
    origin.save(update_fields=["past", "state", "moved_at", "refusal"])


def does_something(origin: EventImport) -> bool:
    return origin.rows.filter(action__in=[Action.CREATE, Action.UPDATE, Action.FLAG]).exists()


def _elsewhere(source: EventSource, keys: list[str]) -> dict[str, str]:
    """The names of the other sources of the same calendar that brought the same events."""
    others = ImportedEvent.objects.filter(source__section=source.section_id, key__in=keys).exclude(source=source)
    return dict(others.values_list("key", "source__title"))


def _row(one: Found, entry: ImportedEvent | None, elsewhere: str | None) -> EventImportRow:
    row = EventImportRow(
        line=one.line,
        key=one.key,
        title=one.title,
        values=one.values,
        problems=list(one.problems),
        action=Action.CREATE,
    )
    if one.refused:
        row.action = Action.ERROR
    elif entry is not None:
        _compare_known(row, one, entry)
    elif elsewhere is not None:
        row.action = Action.IGNORE
        row.problems.append(_("“%(source)s” has brought it already.") % {"source": elsewhere})
    elif one.cancelled:
        row.action = Action.IGNORE
        row.problems.append(_("It is cancelled at the source."))
    return row


def _compare_known(row: EventImportRow, one: Found, entry: ImportedEvent) -> None:
    row.page = entry.page
    row.action = Action.SAME
    if entry.page is None:
        row.action = Action.IGNORE
        row.problems.append(_("You deleted it here: it is not made again."))
        return
    # Compared with what the source said last, waiting or not: the same news is not told twice.
    last = entry.offered or entry.values
    if not writing.differing(last, one.values):
        if Notice.GONE in {entry.notice, entry.silenced}:
            row.action, row.notice = Action.FLAG, Notice.NOTHING
            row.problems.append(_("It is at the source again."))
        return
    if not writing.differing(entry.values, one.values):
        # It is again as it was: what waited falls.
        row.action, row.notice = Action.FLAG, Notice.NOTHING
        row.problems.append(_("It is again as it was: nothing is left to decide."))
        return
    row.changes = writing.differences(entry.values, one.values)
    if one.cancelled:
        row.action, row.notice = Action.FLAG, Notice.CANCELLED
    elif is_untouched(entry):
        row.action = Action.UPDATE
    else:
        row.action, row.notice = Action.FLAG, Notice.CHANGED


def is_untouched(entry: ImportedEvent) -> bool:
    """Whether a page is still the draft that an import wrote."""
    page = entry.page
    return bool(page and not page.live and entry.revision and page.latest_revision_id == entry.revision)


def _gone(known: dict[str, ImportedEvent], present: set[str]) -> list[EventImportRow]:
    """Events that the source no longer has though they are to come."""
    today = timezone.localdate()
    rows = []
    for key, entry in known.items():
        over = entry.ends_on is not None and entry.ends_on < today - dt.timedelta(days=1)
        told = Notice.GONE in {entry.notice, entry.silenced}
        if key in present or entry.page is None or over or told:
            continue
        rows.append(
            EventImportRow(
                key=key,
                title=entry.values.get("title", ""),
                values=entry.values,
                action=Action.FLAG,
                notice=Notice.GONE,
                page=entry.page,
                problems=[_("It is no longer at the source. Nothing is deleted here.")],
            )
        )
    return rows

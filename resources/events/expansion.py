"""The dates of an event: those of its rule, with what was changed in some of them. No database here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from resources.events.recurrence import RuleError, parse

# How far ahead dates are laid out, and how far back they are kept.
HORIZON = dt.timedelta(days=5 * 366)
KEPT_BACK = dt.timedelta(days=5 * 366)
MAX_DATES = 4000  # ten years of an event of every day


@dataclass(frozen=True)
class Dated:
    """One date of an event.

    Attributes:
        date: its day by the rule, in the event's time zone: what RFC 5545 calls its RECURRENCE-ID. It stays when
            the date is moved.
        starts_at, ends_at: when it takes place (aware).
        status: one of ``EventPage.Status``.
        note: what is said of this date only.
        place_name: where, when it is not the usual place.
        is_moved: whether its day, hour or place is not the usual one.
    """

    date: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    status: str
    note: str = ""
    place_name: str = ""
    is_moved: bool = False


def at_wall(date: dt.date, time: dt.time, zone) -> dt.datetime:
    """The moment when the clock on the wall shows ``time`` on ``date``.

    In the hour that spring skips, the clock is put forward; in the one that autumn repeats, the first (RFC 5545
    §3.3.5). The result is in UTC, so that moments compare and subtract truly.
    """
    return dt.datetime.combine(date, time, tzinfo=zone).astimezone(dt.UTC)


def rule_of(event):
    """The rule of an event; ``None`` when it takes place once, or when what is stored is no rule."""
    try:
        return parse(event.recurrence)
    except RuleError:
        return None


def dates(event, *, since: dt.date | None = None, last: dt.date | None = None) -> list[Dated]:
    """Return the dates of an event, in the order of the rule.

    Args:
        event: an :class:`~resources.models.EventPage`, saved or not.
        since, last: the first and last day, included; from five years back to five years ahead when not given.
    """
    start = event.local_start
    rule = rule_of(event)
    if rule is None:
        return [Dated(start.date(), event.starts_at, event.ends_at, event.status, event.status_note)]
    today = timezone.localdate()
    since, last = since or today - KEPT_BACK, last or today + HORIZON
    changes = {change.date: change for change in event.changes.all()}
    found = []
    for date in rule.completed(start.date()).dates(start.date(), since=since, last=last):
        change = changes.get(date)
        if change is None:
            found.append(_usual(event, date))
        elif not change.leaves_out:
            found.append(_changed(event, date, change))
        if len(found) == MAX_DATES:
            break
    return found


def _usual(event, date: dt.date) -> Dated:
    start, end = event.local_start, event.local_end
    last = date + (end.date() - start.date())
    return Dated(
        date,
        at_wall(date, start.time(), event.zone),
        at_wall(last, end.time(), event.zone),
        event.status,
        event.status_note if event.status != event.Status.CONFIRMED else "",
    )


def _changed(event, date: dt.date, change) -> Dated:
    start, end = event.local_start, event.local_end
    status = change.status if event.status == event.Status.CONFIRMED else event.status
    if not change.moves:
        usual = _usual(event, date)
        return Dated(date, usual.starts_at, usual.ends_at, status, change.note)
    day = change.new_date or date
    begins = change.new_time or start.time()
    starts_at = at_wall(day, begins, event.zone)
    if change.new_end_time:
        last = day if change.new_end_time > begins else day + dt.timedelta(days=1)
        ends_at = at_wall(last, change.new_end_time, event.zone)
    else:
        # The usual length, as the clock on the wall counts it.
        naive = dt.datetime.combine(day, begins) + (end.replace(tzinfo=None) - start.replace(tzinfo=None))
        ends_at = at_wall(naive.date(), naive.time(), event.zone)
    return Dated(date, starts_at, ends_at, status, change.note, change.place_name, is_moved=True)


def first_to_come(found: list[Dated]) -> Dated | None:
    """The first date that is not over, by the moment when it takes place; else the last one; ``None`` of none."""
    now = timezone.now()
    ordered = sorted(found, key=lambda dated: dated.starts_at)
    return next((dated for dated in ordered if dated.ends_at >= now), ordered[-1] if ordered else None)

"""What is different on some dates of an event that repeats: EXDATE, and the components that have a RECURRENCE-ID."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from resources.events import expansion
from resources.events.importing.moments import ZONE, UnusableEventError, dates_from, moment
from resources.events.importing.places import place
from resources.events.recurrence import Rule

MAX_CHANGES = 100


def changes_of(
    part, others: list, values: dict, rule: Rule, begins: dt.datetime, default: ZoneInfo
) -> tuple[list[dict], list[str]]:
    """The rows of ``EventChange`` that say the same, by date, and sentences about what they cannot say.

    Args:
        part: the event; ``others``: its dates that are different.
        values: what the event became.
        begins: its first date, on its own clock.
        default: the clock of hours that name none.
    """
    clock = begins.tzinfo
    dates = _dates_of(rule, begins.date())
    found: dict[dt.date, dict] = {}
    said: list[str] = []
    for left_out in _left_out(part, default):
        day = left_out.day_in(clock)
        if day in dates:
            found[day] = {"date": day.isoformat(), "kind": "left_out"}
    for other in others:
        change = _change(other, values, begins, default)
        if change is None or dt.date.fromisoformat(change["date"]) not in dates:
            said.append(_("A date that is different could not be read: look at the event's own page."))
        elif len(change) > 2 or change["kind"] == "cancelled":
            found[dt.date.fromisoformat(change["date"])] = change
    if len(found) > MAX_CHANGES:
        said.append(_("It has too many dates that are different: the first hundred are kept."))
    # Those to come first: the past ones interest nobody.
    today = timezone.localdate()
    kept = sorted(found, key=lambda day: (day < today, day))[:MAX_CHANGES]
    return [found[day] for day in sorted(kept)], list(dict.fromkeys(said))


def _dates_of(rule: Rule, first: dt.date) -> set[dt.date]:
    """The dates that may be different: those that are laid out, from today on."""
    today = timezone.localdate()
    return set(dates_from(rule, first, today - dt.timedelta(days=366), today + expansion.HORIZON))


def _left_out(part, default: ZoneInfo) -> list:
    given = part.get("EXDATE")
    rows = given if isinstance(given, list) else [given] if given is not None else []
    found = []
    for row in rows:
        for one in _listed(row):
            try:
                if ZONE in row.params:
                    one.params[ZONE] = row.params[ZONE]
                found.append(moment(one, default))
            except UnusableEventError:
                continue
    return found


def _listed(row) -> list:
    try:
        return list(row.dts)
    except (AttributeError, ValueError):
        return []


def _change(other, values: dict, begins: dt.datetime, default: ZoneInfo) -> dict | None:
    """One date that is different; ``None`` when it cannot be read, two entries when nothing differs."""
    clock = begins.tzinfo
    try:
        asked = other.get("RECURRENCE-ID")
        if str(asked.params.get("RANGE", "")).upper() == "THISANDFUTURE":
            return None
        day = moment(asked, default).day_in(clock)
        if str(other.get("STATUS", "")).strip().upper() == "CANCELLED":
            return {"date": day.isoformat(), "kind": "cancelled"}
        start = moment(other.get("DTSTART"), default)
    except (UnusableEventError, AttributeError):
        return None
    change: dict = {"date": day.isoformat(), "kind": "moved"}
    at = start.inside(clock)
    if at.date() != day:
        change["new_date"] = at.date().isoformat()
    if start.at is not None:
        _times(change, other, at, values, begins, default)
    where = place(str(other.get("LOCATION", ""))).get("place_name", "")
    if where and where != values.get("place_name", ""):
        change["place_name"] = where
    title = " ".join(str(other.get("SUMMARY", "")).split())[:200]
    if title and title != values["title"]:
        if len(change) == 2:
            change["kind"] = "note"
        change["note"] = title
    return change


def _times(change: dict, other, at: dt.datetime, values: dict, begins: dt.datetime, default: ZoneInfo) -> None:
    if at.time() != begins.time():
        change["new_time"] = at.time().isoformat("minutes")
    try:
        end = moment(other.get("DTEND"), default).at
    except UnusableEventError:
        return
    usual = dt.datetime.fromisoformat(values["ends_at"]) - dt.datetime.fromisoformat(values["starts_at"])
    if end is not None and end > at and end - at.astimezone(dt.UTC) != usual and end - at < dt.timedelta(days=1):
        change["new_time"] = at.time().isoformat("minutes")
        change["new_end_time"] = end.astimezone(begins.tzinfo).time().isoformat("minutes")

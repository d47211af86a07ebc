"""Opening hours: weekly, in lines of days and times; written in French, and as OpenStreetMap writes them.

The written value is named ``opening_hours`` wherever it is exported: data·inclusion and OpenStreetMap call it so.
Source of its syntax: https://wiki.openstreetmap.org/wiki/Key:opening_hours
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from dateutil.easter import easter
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext as _

PARIS = "Europe/Paris"
# The clocks of France, by the beginning of an INSEE code or of a postcode. Source: IANA time zone database.
TIME_ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "984": "Indian/Kerguelen",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}
OSM_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MIDNIGHT = dt.time(0, 0)
MAX_SLOTS = 14
NBSP = "\u00a0"

Times = tuple[tuple[dt.time, dt.time], ...]


@dataclass(frozen=True, order=True)
class Slot:
    """From a day of the week to another (1 is Monday), between two times; midnight as the end is that of the day."""

    first_day: int
    last_day: int
    opens_at: dt.time
    closes_at: dt.time

    @property
    def days(self) -> range:
        return range(self.first_day, self.last_day + 1)

    def holds(self, time: dt.time) -> bool:
        """Whether a time of day is within the slot: its end is not."""
        return self.opens_at <= time and (time < self.closes_at or self.closes_at == MIDNIGHT)


def time_zone(insee_code: str, postcode: str) -> str:
    """The name of the time zone of a commune; that of Paris when nothing is known."""
    return TIME_ZONES.get((insee_code or postcode)[:3], PARIS)


def week(slots: Iterable) -> dict[int, Times]:
    """The times of each day that has some, in order; what touches or overlaps is one time."""
    days: dict[int, Times] = {}
    for day in range(1, 8):
        found: list[tuple[dt.time, dt.time]] = []
        for opens, closes in sorted((slot.opens_at, slot.closes_at) for slot in slots if day in _days(slot)):
            if found and (found[-1][1] == MIDNIGHT or opens <= found[-1][1]):
                last = found[-1][1]
                found[-1] = found[-1][0], MIDNIGHT if MIDNIGHT in (last, closes) else max(last, closes)
            else:
                found.append((opens, closes))
        if found:
            days[day] = tuple(found)
    return days


def _days(slot) -> range:
    return range(slot.first_day, (slot.last_day or slot.first_day) + 1)


def _runs(slots: Iterable) -> list[tuple[int, int, Times]]:
    """Days in a row that have the same times."""
    days = week(list(slots))
    runs: list[tuple[int, int, Times]] = []
    for day, times in days.items():
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == times:
            runs[-1] = runs[-1][0], day, times
        else:
            runs.append((day, day, times))
    return runs


def to_osm(slots: Iterable) -> str:
    """The hours in OpenStreetMap's syntax: ``Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00``."""
    rules = []
    for times, runs in groupby(sorted(_runs(slots), key=lambda run: (run[2], run[0])), key=lambda run: run[2]):
        days = [
            OSM_DAYS[first - 1] + (f"-{OSM_DAYS[last - 1]}" if last > first else "") for first, last, _times in runs
        ]
        spans = ",".join(f"{opens:%H:%M}-{_osm_end(closes)}" for opens, closes in times)
        rules.append((OSM_DAYS.index(days[0][:2]), f"{','.join(days)} {spans}"))
    return "; ".join(rule for _first, rule in sorted(rules))


def _osm_end(time: dt.time) -> str:
    return "24:00" if time == MIDNIGHT else f"{time:%H:%M}"


def clock(time: dt.time) -> str:
    """A time as one says it: « 9 h », « 14 h 30 », « minuit »; 14:30 in English."""
    if not (get_language() or "fr").startswith("fr"):
        return f"{time:%H:%M}"
    if time == MIDNIGHT:
        return _("midnight")
    return f"{time.hour}{NBSP}h" + (f"{NBSP}{time:%M}" if time.minute else "")


def describe(slots: Iterable) -> list[str]:
    """The hours in words, a line for the days that have the same: « lundi : 9 h – 12 h et 14 h – 17 h »."""
    lines = []
    for first, last, times in _runs(slots):
        spans = [f"{clock(opens)}{NBSP}– {clock(closes)}" for opens, closes in times]
        joined = _("%(first)s and %(last)s") % {"first": ", ".join(spans[:-1]), "last": spans[-1]}
        lines.append(
            _("%(days)s: %(times)s")
            % {"days": _days_in_words(first, last), "times": joined if spans[1:] else spans[0]}
        )
    return lines


def _days_in_words(first: int, last: int) -> str:
    one, other = str(WEEKDAYS[first - 1]), str(WEEKDAYS[last - 1])
    if first == last:
        return one
    if last == first + 1:
        return _("%(first)s and %(last)s") % {"first": one, "last": other}
    return _("from %(first)s through %(last)s") % {"first": one, "last": other}


@dataclass(frozen=True)
class State:
    """What the usual hours say of a moment: open until, or closed until. Nothing is said without hours."""

    is_open: bool
    until: dt.time = MIDNIGHT
    day: str = ""  # of the next opening, when it is not today

    @property
    def words(self) -> str:
        if self.is_open:
            if self.until == MIDNIGHT:
                return _("Open now")
            return _("Open now, until %(time)s") % {"time": clock(self.until)}
        values = {"time": clock(self.until), "day": self.day}
        return (
            _("Closed now, opens %(day)s at %(time)s") if self.day else _("Closed now, opens at %(time)s")
        ) % values


def state(slots: Iterable, moment: dt.datetime, zone: str) -> State | None:
    """What the hours say of a moment, on the clock of a zone; ``None`` when there are no hours.

    Args:
        moment: aware, in any time zone.
    """
    days = week(list(slots))
    if not days:
        return None
    local = moment.astimezone(ZoneInfo(zone))
    today, time = local.isoweekday(), local.time()
    for opens, closes in days.get(today, ()):
        if opens <= time and (time < closes or closes == MIDNIGHT):
            return State(True, closes)
    # The same day next week is the eighth: there is always a next opening.
    openings = ((ahead, opens) for ahead in range(8) for opens, _closes in days.get((today - 1 + ahead) % 7 + 1, ()))
    ahead, opens = next((ahead, opens) for ahead, opens in openings if ahead or opens > time)
    return State(False, opens, _next_day(today, ahead))


def _next_day(today: int, ahead: int) -> str:
    if ahead == 0:
        return ""
    return _("tomorrow") if ahead == 1 else str(WEEKDAYS[(today - 1 + ahead) % 7])


def holiday(day: dt.date) -> str:
    """The name of the public holiday that a day is in the whole of France, or nothing (Code du travail, L3133-1)."""
    fixed = {
        (1, 1): _("New Year’s Day"),
        (5, 1): _("Labour Day"),
        (5, 8): _("Victory Day"),
        (7, 14): _("National Day"),
        (8, 15): _("Assumption"),
        (11, 1): _("All Saints’ Day"),
        (11, 11): _("Armistice Day"),
        (12, 25): _("Christmas"),
    }
    moving = {1: _("Easter Monday"), 39: _("Ascension Day"), 50: _("Whit Monday")}
    return fixed.get((day.month, day.day)) or moving.get((day - easter(day.year)).days, "")

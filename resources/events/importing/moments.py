"""Moments of a calendar: dates, hours, zones; and the rules that repeat them, without ever expanding far."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass, replace
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import icalendar
from django.utils.translation import gettext as _

from resources.events import expansion
from resources.events.recurrence import MONTHLY, WEEKLY, Rule
from resources.events.zones import BY_TERRITORY, Zone, zone_info

FIRST_YEAR, LAST_YEAR = 1970, 2099
# TZID under another name: icalendar guesses zones in its own way, and looks none up for what it does not know.
ZONE = "X-MARA-TZID"


class UnusableEventError(Exception):
    """Why one event cannot be taken, in words."""


@dataclass(frozen=True)
class Moment:
    """A day, or a moment on a clock. ``strange_zone``: the name of a zone that nobody knows, or nothing."""

    day: dt.date
    at: dt.datetime | None = None  # aware
    strange_zone: str = ""

    def inside(self, zone) -> dt.datetime:
        """The moment on the clock of a zone; the first instant of a day."""
        return (
            expansion.at_wall(self.day, dt.time.min, zone).astimezone(zone)
            if self.at is None
            else self.at.astimezone(zone)
        )

    def day_in(self, zone) -> dt.date:
        return self.day if self.at is None else self.at.astimezone(zone).date()

    @property
    def ours(self) -> str:
        """The name of its zone, when it is one of the calendar's."""
        name = getattr(self.at.tzinfo, "key", "") if self.at else ""
        return name if name in Zone.values else ""


def dt_of(prop):
    """The value of a property, or ``None``; ``icalendar`` raises for one that is wrong."""
    try:
        return getattr(prop, "dt", None)
    except ValueError:
        return None


def moment(prop, default: ZoneInfo) -> Moment:
    """Read a value that ``icalendar`` parsed.

    Raises:
        UnusableEventError: when it is neither a day nor a moment, or of another century.
    """
    value = dt_of(prop)
    if not isinstance(value, dt.date):
        raise UnusableEventError(_("Its date cannot be read."))
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise UnusableEventError(_("Its date is out of what a calendar holds."))
    if not isinstance(value, dt.datetime):
        return Moment(value)
    name = str(prop.params.get(ZONE, ""))
    wall = value.replace(tzinfo=None, microsecond=0)
    zone, strange = default, ""
    if name:
        known = zone_named(name)
        zone, strange = known or default, "" if known else name[:60]
    elif value.tzinfo is not None:
        return Moment(value.date(), value.astimezone(dt.UTC).replace(microsecond=0))
    return Moment(wall.date(), expansion.at_wall(wall.date(), wall.time(), zone).astimezone(zone), strange)


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of a name: IANA's, alone or at the end of a longer one, or that of another system."""
    names = _names()
    parts = name.strip().strip("/").split("/")
    for start in range(len(parts)):
        candidate = "/".join(parts[start:])
        if candidate in names:
            return ZoneInfo(candidate)
    olson = icalendar.timezone.windows_to_olson.WINDOWS_TO_OLSON.get(name.strip())
    return ZoneInfo(olson) if olson in names else None


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def place_zone(groupement) -> ZoneInfo:
    """The clock of a groupement; that of mainland France for the nation."""
    codes = groupement.departements if groupement else []
    return zone_info(next((BY_TERRITORY[code] for code in codes if code in BY_TERRITORY), Zone.PARIS))


def near(rule: Rule, start: dt.date, day: dt.date) -> dt.date:
    """A first date from which the rule gives the same dates on and after ``day``, in few steps.

    A weekly rule that began forty years ago has two thousand dates to pass before today's: whole periods are skipped.
    Rules with a count are counted from their beginning, and are short.
    """
    if rule.count or start >= day:
        return start
    if rule.frequency == WEEKLY:
        weeks = (day - start).days // 7
        return start + dt.timedelta(weeks=max(weeks - weeks % rule.interval - rule.interval, 0))
    if rule.frequency == MONTHLY:
        months = (day.year - start.year) * 12 + day.month - start.month
        months = max(months - months % rule.interval - rule.interval, 0)
        if months:
            total = start.year * 12 + start.month - 1 + months
            return dt.date(total // 12, total % 12 + 1, 1)
    return start


def dates_from(rule: Rule, start: dt.date, day: dt.date, last: dt.date):
    """The dates of a rule between two days."""
    return rule.dates(near(rule, start, day), since=max(day, start), last=last)


def _is_possible(rule: Rule, start: dt.date) -> bool:
    """Whether a monthly rule has a date: dateutil looks for 31 February until the year 9999, some seconds long."""
    if rule.frequency != MONTHLY:
        return True
    reached = {(start.month - 1 + step * rule.interval) % 12 + 1 for step in range(12)}
    months = reached & set(rule.months) if rule.months else reached
    return any(not rule.month_days or rule.month_days[0] <= monthrange(2028, month)[1] for month in months)


def settled(rule: Rule, start: dt.date) -> tuple[Rule, dt.date]:
    """The rule completed by its first date, and the first date that is one of the rule's.

    Raises:
        UnusableEventError: when it has no date.
    """
    rule = rule.completed(start)
    if not _is_possible(rule, start):
        raise UnusableEventError(_("This rule has no date at all: look at it again."))
    first = replace(rule, count=None).first_from(start)
    if first is None or (rule.until and rule.until < first):
        raise UnusableEventError(_("This rule has no date at all: look at it again."))
    return rule, first

"""Rules of recurrence that people can say: « tous les premiers mardis du mois, sauf août ».

A rule is kept as the text of RFC 5545 (``FREQ=MONTHLY;BYDAY=1TU;BYMONTH=1,2,…``), so that calendars exchange it
as it is. Only what the form can say, and :mod:`resources.events.sentences` can read aloud, is a rule here: no
second, minute, hour or set position. Days are days on the wall of the event's own time zone; the hour is the
event's (RFC 5545 §3.3.10).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from dateutil import rrule
from django.utils.translation import gettext as _

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKLY, MONTHLY, YEARLY = "WEEKLY", "MONTHLY", "YEARLY"
FREQUENCIES = {WEEKLY: rrule.WEEKLY, MONTHLY: rrule.MONTHLY, YEARLY: rrule.YEARLY}
POSITIONS = (1, 2, 3, 4, -1)
ALL_MONTHS = tuple(range(1, 13))

MAX_TEXT = 200  # characters
MAX_COUNT = 520
MAX_INTERVAL = 12
# Beyond this many dates without one, a rule has none: 29 February every 3 years needs 12 years.
SEARCH_YEARS = 50
LAST_DAY = dt.date(2100, 12, 31)

_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_DATE = re.compile(r"(\d{8})(?:T\d{6}Z?)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,4}", re.ASCII)
_PARTS = frozenset({"FREQ", "INTERVAL", "UNTIL", "COUNT", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST", "BYSETPOS"})


class RuleError(ValueError):
    """The rule says something that this calendar cannot; the message is a sentence for people."""


@dataclass(frozen=True)
class Rule:
    """A rule of recurrence.

    Attributes:
        frequency: ``WEEKLY``, ``MONTHLY`` or ``YEARLY``.
        interval: every so many weeks, months or years.
        weekdays: 0 for Monday to 6 for Sunday. In a monthly rule, those of ``positions``.
        positions: 1 to 4, or -1 for the last one of the month. Monthly rules with ``weekdays`` only.
        month_days: one day, 1 to 31, or -1 for the last day of the month. Monthly rules only.
        months: the months that are kept; empty for all of them. Not in yearly rules.
        until: the last day, included.
        count: how many dates in all.
    """

    frequency: str
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    until: dt.date | None = None
    count: int | None = None

    @property
    def months_left_out(self) -> tuple[int, ...]:
        return tuple(month for month in ALL_MONTHS if self.months and month not in self.months)

    def text(self) -> str:
        """The rule as RFC 5545 writes it; the end as a day (calendars get a moment, see ``resources.events.ical``)."""
        parts = [f"FREQ={self.frequency}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.positions:
            days = [f"{position}{WEEKDAYS[day]}" for position in self.positions for day in self.weekdays]
            parts.append(f"BYDAY={','.join(days)}")
        elif self.weekdays:
            parts.append(f"BYDAY={','.join(WEEKDAYS[day] for day in self.weekdays)}")
        if self.month_days:
            parts.append(f"BYMONTHDAY={','.join(map(str, self.month_days))}")
        if self.months:
            parts.append(f"BYMONTH={','.join(map(str, self.months))}")
        if self.count:
            parts.append(f"COUNT={self.count}")
        if self.until:
            # Not %Y: a year before 1000 would come out short, and unreadable.
            parts.append(f"UNTIL={self.until.isoformat().replace('-', '')}")
        return ";".join(parts)

    def completed(self, start: dt.date) -> Rule:
        """The rule with what its first date tells when nothing else was said: the weekday, its rank, the day."""
        if self.frequency == WEEKLY and not self.weekdays:
            return replace(self, weekdays=(start.weekday(),))
        if self.frequency == MONTHLY and self.positions and not self.weekdays:
            return replace(self, weekdays=(start.weekday(),))
        if self.frequency == MONTHLY and not self.positions and not self.month_days:
            return replace(self, month_days=(start.day,))
        return self

    def dates(self, start: dt.date, *, since: dt.date | None = None, last: dt.date = LAST_DAY) -> Iterator[dt.date]:
        """The dates of the rule from ``start`` on, both ends of ``since`` … ``last`` included, in order.

        ``COUNT`` counts from ``start``, whatever ``since`` is.
        """
        end = min(last, self.until or last, LAST_DAY)
        if start > end:
            return
        moments = rrule.rrule(
            FREQUENCIES[self.frequency],
            dtstart=dt.datetime.combine(start, dt.time.min),
            interval=self.interval,
            byweekday=self._weekdays(),
            bymonthday=self.month_days or None,
            bymonth=self.months or None,
            wkst=rrule.MO,
            until=dt.datetime.combine(end, dt.time.min),
            # dateutil refuses both an end and a count: the count is taken below.
        )
        dates = (moment.date() for moment in moments)
        for date in islice(dates, self.count or None):
            if since is None or date >= since:
                yield date

    def first_from(self, start: dt.date) -> dt.date | None:
        """The first date of the rule on or after a day, or ``None``."""
        last = min(dt.date(min(start.year + SEARCH_YEARS, LAST_DAY.year), 12, 31), LAST_DAY)
        return next(replace(self, count=None, until=None).dates(start, last=last), None)

    def _weekdays(self):
        days = [rrule.weekdays[day] for day in self.weekdays]
        return [day(position) for position in self.positions for day in days] if self.positions else days or None


def parse(text: str) -> Rule | None:
    """Read a rule from its RFC 5545 text; ``None`` for an empty text.

    Raises:
        RuleError: with a sentence that says what this calendar cannot do.
    """
    text = (text or "").strip().removeprefix("RRULE:")
    if not text:
        return None
    if len(text) > MAX_TEXT:
        raise RuleError(_("This rule of recurrence is too long."))
    parts: dict[str, str] = {}
    for part in text.upper().rstrip(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or name not in _PARTS or name in parts or not value:
            raise RuleError(_("“%(part)s” is not a recurrence that the calendar knows.") % {"part": part[:40]})
        parts[name] = value
    rule = _rule(parts)
    check(rule)
    return rule


def _rule(parts: dict[str, str]) -> Rule:
    frequency = parts.get("FREQ", "")
    interval = _numbers(parts.get("INTERVAL", "1"), 1, 1000)[0]
    weekdays, positions = _days(parts.get("BYDAY", ""))
    month_days = _numbers(parts.get("BYMONTHDAY", ""), -31, 31)
    months = tuple(sorted(_numbers(parts.get("BYMONTH", ""), 1, 12)))
    if "BYSETPOS" in parts:
        # « TU;BYSETPOS=1 » is what others write for « 1TU ».
        if positions or len(weekdays) != 1 or frequency != MONTHLY:
            raise RuleError(_("This recurrence is too elaborate for the calendar: enter the dates one by one."))
        positions = _numbers(parts["BYSETPOS"], -1, 4)
    if frequency == "DAILY" and interval == 1 and not (month_days or positions):
        frequency, weekdays = WEEKLY, weekdays or tuple(range(7))
    until = _until(parts.get("UNTIL", ""))
    count = _numbers(parts["COUNT"], 1, 9999)[0] if "COUNT" in parts else None
    return Rule(frequency, interval, weekdays, positions, month_days, months, until, count)


def check(rule: Rule) -> None:
    """Refuse what the form could not have said.

    Raises:
        RuleError: with a sentence for people.
    """
    if rule.frequency not in FREQUENCIES:
        raise RuleError(_("The calendar repeats by the week, the month or the year, and no other way."))
    if not 1 <= rule.interval <= MAX_INTERVAL:
        raise RuleError(_("An event is repeated every %(count)d times at most.") % {"count": MAX_INTERVAL})
    if rule.count and rule.until:
        raise RuleError(_("Choose either the last day or the number of dates, not both."))
    if rule.count and rule.count > MAX_COUNT:
        raise RuleError(_("At most %(count)d dates.") % {"count": MAX_COUNT})
    if set(rule.positions) - set(POSITIONS) or 0 in rule.month_days or any(day < -1 for day in rule.month_days):
        raise RuleError(_("This recurrence is too elaborate for the calendar: enter the dates one by one."))
    monthly = rule.frequency == MONTHLY
    by_weekday = bool(rule.positions or (monthly and rule.weekdays))
    elaborate = (
        (by_weekday and bool(rule.month_days))
        or (by_weekday and not (rule.positions and monthly))
        or (rule.month_days and not monthly)
        or len(rule.month_days) > 1
        or (rule.frequency == YEARLY and bool(rule.weekdays or rule.months))
    )
    if elaborate:
        raise RuleError(_("This recurrence is too elaborate for the calendar: enter the dates one by one."))


def _numbers(text: str, low: int, high: int) -> tuple[int, ...]:
    found = []
    for part in text.split(",") if text else ():
        number = int(part) if _NUMBER.fullmatch(part) else None
        if number is None or not low <= number <= high:
            raise RuleError(_("“%(part)s” is not a recurrence that the calendar knows.") % {"part": part[:40]})
        if number not in found:
            found.append(number)
    return tuple(found)


def _days(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Weekdays and positions of a ``BYDAY``: every weekday at every position, or it is too elaborate."""
    pairs = []
    for part in text.split(",") if text else ():
        match = _DAY.fullmatch(part)
        if not match:
            raise RuleError(_("“%(part)s” is not a recurrence that the calendar knows.") % {"part": part[:40]})
        pairs.append((int(match[1] or 0), WEEKDAYS.index(match[2])))
    weekdays = tuple(sorted({day for _position, day in pairs}))
    positions = tuple(sorted({position for position, _day in pairs}, key=lambda rank: rank if rank > 0 else 9))
    if positions == (0,):
        return weekdays, ()
    if set(pairs) != {(position, day) for position in positions for day in weekdays} or 0 in positions:
        raise RuleError(_("This recurrence is too elaborate for the calendar: enter the dates one by one."))
    return weekdays, positions


def _until(text: str) -> dt.date | None:
    if not text:
        return None
    match = _DATE.fullmatch(text)
    try:
        date = dt.datetime.strptime(match[1], "%Y%m%d").date() if match else None
    except ValueError:
        date = None
    if date is None:
        raise RuleError(_("“%(part)s” is not a recurrence that the calendar knows.") % {"part": f"UNTIL={text[:20]}"})
    return min(date, LAST_DAY)

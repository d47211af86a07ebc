"""A month or a week of the calendar, laid out by days, Monday first."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

MONDAY = 0
ONE_DAY, ONE_WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)


@dataclass(frozen=True)
class Period:
    """Some weeks in a row.

    Attributes:
        parameter: what its address calls it: ``month`` or ``week``.
        weeks: the days of each week.
        own: the days that are meant; a month's weeks hold a few of its neighbours'.
        previous, following: how the address writes the period before and after.
    """

    parameter: str
    label: str
    weeks: list[list[dt.date]]
    own: frozenset[dt.date]
    previous: str
    following: str

    @property
    def moments(self) -> tuple[dt.datetime, dt.datetime]:
        """From the first moment to that after the last, in France; a day more on both sides for other clocks."""
        first, last = self.weeks[0][0] - ONE_DAY, self.weeks[-1][-1] + 2 * ONE_DAY
        start, end = (timezone.make_aware(dt.datetime.combine(day, dt.time.min)) for day in (first, last))
        return start, end


def month(first: dt.date) -> Period:
    """The month that begins on ``first``."""
    weeks = calendar.Calendar(firstweekday=MONDAY).monthdatescalendar(first.year, first.month)
    return Period(
        parameter="month",
        label=date_format(first, "F Y"),
        weeks=weeks,
        own=frozenset(day for week in weeks for day in week if day.month == first.month),
        previous=f"{first - ONE_DAY:%Y-%m}",
        following=f"{first + dt.timedelta(days=32):%Y-%m}",
    )


def week(first: dt.date) -> Period:
    """The week that begins on Monday ``first``."""
    days = [first + dt.timedelta(days=offset) for offset in range(7)]
    return Period(
        parameter="week",
        label=_("week of %(day)s") % {"day": date_format(first, "j F Y")},
        weeks=[days],
        own=frozenset(days),
        previous=f"{first - ONE_WEEK:%Y-%m-%d}",
        following=f"{first + ONE_WEEK:%Y-%m-%d}",
    )


def laid_out(period: Period, events: list, base_url: str) -> dict:
    """The variables of a period's template. An event of several days comes on each of them."""
    days = [day for one in period.weeks for day in one]
    by_day: dict[dt.date, list] = {day: [] for day in days}
    for event in events:
        for day in event.days:
            if day in by_day:
                by_day[day].append(event)
    today = timezone.localdate()
    return {
        "kind": period.parameter,
        "label": period.label,
        "previous_url": f"{base_url}&{period.parameter}={period.previous}",
        "next_url": f"{base_url}&{period.parameter}={period.following}",
        "today_url": base_url,
        "has_today": today in period.own,
        "events": [event for event in events if not period.own.isdisjoint(event.days)],
        "weeks": [
            [
                {
                    "date": day,
                    "in_month": day in period.own,
                    "is_today": day == today,
                    "events": by_day[day],
                }
                for day in one
            ]
            for one in period.weeks
        ],
    }

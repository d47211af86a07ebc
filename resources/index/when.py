"""Dates as results show them, and the bounds of “this month”."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

EVENT_CHOICES = ("upcoming", "month", "past")


def month_bounds(now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """The beginning of the month under way, in Europe/Paris, and that of the next one."""
    first = timezone.localtime(now).date().replace(day=1)
    following = (first + dt.timedelta(days=32)).replace(day=1)
    return _midnight(first), _midnight(following)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def when_label(starts_at: dt.datetime | None, ends_at: dt.datetime | None) -> str:
    """When something happens, in a few words: “jeudi 4 décembre 2026, 18:00”, “du 3 au 5 mars”."""
    if starts_at is None:
        return ""
    first = timezone.localtime(starts_at)
    last = timezone.localtime(ends_at) if ends_at else first
    if first.date() == last.date():
        return f"{date_format(first, 'l j F Y')}, {date_format(first, 'H:i')}"
    return _("from %(first)s to %(last)s") % {
        "first": date_format(first, "j F Y"),
        "last": date_format(last, "j F Y"),
    }

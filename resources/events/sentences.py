"""A rule of recurrence as one says it, in French and in English."""

from __future__ import annotations

import datetime as dt

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from resources.events.recurrence import MONTHLY, WEEKLY, Rule


def sentence(rule: Rule, start: dt.date) -> str:
    """The rule in words, without a capital or a full stop: "every first Tuesday of the month, except in August"."""
    rule = rule.completed(start)
    parts = [_how_often(rule, start)]
    if rule.months_left_out:
        parts.append(_months(rule))
    if rule.until:
        parts.append(_("until %(day)s") % {"day": date_format(rule.until, "j F Y")})
    if rule.count:
        parts.append(ngettext("once", "%(count)d dates in all", rule.count) % {"count": rule.count})
    return ", ".join(parts)


def _how_often(rule: Rule, start: dt.date) -> str:
    if rule.frequency == WEEKLY:
        return _weekly(rule)
    if rule.frequency == MONTHLY:
        return _by_position(rule) if rule.positions else _by_day(rule)
    day = date_format(start, "j F")
    if start.day == 1 and _is_french():
        day = f"1er {date_format(start, 'F')}"
    if rule.interval > 1:
        words = _("every %(count)d years, on %(day)s") % {"count": rule.interval, "day": day}
    else:
        words = _("every year on %(day)s") % {"day": day}
    return words + " " + _("(leap years only)") if (start.month, start.day) == (2, 29) else words


def _weekly(rule: Rule) -> str:
    if len(rule.weekdays) == 7:
        if rule.interval == 1:
            return _("every day")
        return _("every day, one week in %(count)d") % {"count": rule.interval}
    if rule.interval == 1:
        return _("every %(days)s") % {"days": _listed([_plural_day(day) for day in rule.weekdays])}
    days = _listed([_on_day(day) for day in rule.weekdays])
    if rule.interval == 2:
        return _("every other week, %(days)s") % {"days": days}
    return _("one week in %(count)d, %(days)s") % {"count": rule.interval, "days": days}


def _by_position(rule: Rule) -> str:
    ranks = _listed([_rank(position) for position in rule.positions])
    days = _listed([_plural_day(day) for day in rule.weekdays])
    words = _("every %(ranks)s %(days)s of the month") % {"ranks": ranks, "days": days}
    return _every_few_months(words, rule.interval)


def _by_day(rule: Rule) -> str:
    day = rule.month_days[0]
    words = _("on %(day)s of each month") % {"day": _day_of_month(day)}
    words = _every_few_months(words, rule.interval)
    if day > 28:
        words += " " + _("(when there is one)")
    return words


def _every_few_months(words: str, interval: int) -> str:
    if interval == 1:
        return words
    if interval == 2:
        return _("%(when)s, every other month") % {"when": words}
    return _("%(when)s, one month in %(count)d") % {"when": words, "count": interval}


def _months(rule: Rule) -> str:
    kept, left_out = rule.months, rule.months_left_out
    if len(kept) < len(left_out):
        return _("only in %(months)s") % {"months": _listed([_month(month) for month in kept])}
    return _("except in %(months)s") % {"months": _listed([_month(month) for month in left_out])}


def _is_french() -> bool:
    return (get_language() or "fr").startswith("fr")


def _month(month: int) -> str:
    return str(MONTHS[month])


def _plural_day(day: int) -> str:
    """A weekday in the plural where the language has one here: « mardis », "Tuesday"."""
    name = str(WEEKDAYS[day])
    return f"{name}s" if _is_french() else name


def _on_day(day: int) -> str:
    """« le mardi », "on Tuesday"."""
    return _("on %(weekday)s") % {"weekday": WEEKDAYS[day]}


def _rank(position: int) -> str:
    return {
        1: pgettext("rank of weekdays", "first"),
        2: pgettext("rank of weekdays", "second"),
        3: pgettext("rank of weekdays", "third"),
        4: pgettext("rank of weekdays", "fourth"),
        -1: pgettext("rank of weekdays", "last"),
    }[position]


def _day_of_month(day: int) -> str:
    if day == -1:
        return pgettext("day of the month", "the last day")
    if _is_french():
        return "le 1er" if day == 1 else f"le {day}"
    suffix = "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"the {day}{suffix}"


def _listed(words: list[str]) -> str:
    """Words one after the other, "and" before the last."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}

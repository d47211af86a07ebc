"""Tags and filters shared by every template: dates, phones, icons, structured data."""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django import template
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_noop, ngettext
from django.utils.translation import gettext as _

from core.phones import to_e164, to_national

Moment = TypeVar("Moment", dt.date, dt.datetime)

register = template.Library()

NBSP = "\u00a0"
# A space before double punctuation or a dash, after an opening quotation mark, between a figure and its unit.
UNBREAKABLE_SPACE = re.compile(r" (?=[:;!?»–%€])|(?<=«) |(?<=\d) (?=h\b|heures?\b|ans?\b|mois\b|km\b|min\b|\d{3}\b)")
# A straight apostrophe between two letters.
APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
# The state of a groupement in words.
STATUSES = {
    "active": gettext_noop("Active groupement"),
    "setup": gettext_noop("Groupement being set up"),
    "dormant": gettext_noop("Groupement on standby"),
    "vacant": gettext_noop("Groupement without a correspondent"),
}
NO_GROUPEMENT = gettext_noop("No groupement yet")
# What would close the script element, or break a line in JavaScript, written as JSON escapes.
JSON_ESCAPES = {
    ord("<"): "\\u003C",
    ord(">"): "\\u003E",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


@register.simple_tag
def json_ld(data: dict | list | None) -> SafeString | str:
    """Structured data as a ``<script type="application/ld+json">``, for search engines."""
    if not data:
        return ""
    text = json.dumps(data, ensure_ascii=False, cls=DjangoJSONEncoder).translate(JSON_ESCAPES)
    # Safe: "<", ">" and "&" are escaped just above.
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


@register.simple_tag
@cache
def icon(name: str, css_class: str = "") -> SafeString:
    """A decorative icon of the sprite, hidden from assistive technologies."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false" width="24" height="24">'
        '<use href="{}#{}"></use></svg>',
        f" {css_class}" if css_class else "",
        static("mara/icons.svg"),
        name,
    )


@register.filter
def phone(value: str | None) -> str:
    """A stored number (E.164) as the French read it: "02 61 91 00 12"."""
    return to_national(str(value or ""))


@register.filter
def tel_href(value: str | None) -> str:
    """A number as the address of a telephone link: "tel:+33261910012"."""
    try:
        return "tel:" + to_e164(str(value or ""))
    except ValidationError:
        return "tel:" + "".join(sign for sign in str(value) if sign.isdigit() or sign == "+")


def _is_french() -> bool:
    return (get_language() or "fr").startswith("fr")


def _local(value: Moment) -> Moment:
    """The same moment on the clock of the current time zone."""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _day(value: dt.date, *, weekday: bool = True, month: bool = True, year: bool = True) -> str:
    """A day in words, with as much of it as asked; "1er" for the first in French."""
    number = "1er" if value.day == 1 and _is_french() else str(value.day)
    parts = [date_format(value, "l") if weekday else "", number]
    parts += [date_format(value, "F") if month else "", str(value.year) if year else ""]
    return " ".join(part for part in parts if part)


def _clock(value: dt.datetime) -> str:
    """An hour as one says it: "14 h", "9 h 30" in French, "14:30" elsewhere."""
    if not _is_french():
        return f"{value:%H:%M}"
    minutes = f"{NBSP}{value:%M}" if value.minute else ""
    return f"{value.hour}{NBSP}h{minutes}"


@register.filter
def fr_date(value: Moment | None) -> str:
    """A date in full: "mardi 3 mars 2027"."""
    return _day(_local(value)) if value else ""


@register.filter
def clock(value: dt.datetime | None) -> str:
    """The hour of a moment: "14 h 30"."""
    return _clock(_local(value)) if value else ""


def _last_day(start: dt.datetime, end: dt.datetime, *, all_day: bool) -> dt.date:
    """The last day of an event; an all-day event that stops at midnight ends the day before."""
    if all_day and end > start and (end.hour, end.minute) == (0, 0) and end.date() > start.date():
        return end.date() - dt.timedelta(days=1)
    return end.date()


def _on_wall(event: object, moment: dt.datetime) -> dt.datetime:
    """A moment on the clock of the event's own time zone, where it has one."""
    zone = getattr(event, "zone", None)
    return moment.astimezone(zone) if zone else _local(moment)


def describe_period(
    starts_at: dt.datetime, ends_at: dt.datetime | None, *, all_day: bool = False, zone: dt.tzinfo | None = None
) -> str:
    """A period in words: "mardi 3 mars 2027, de 14 h à 16 h 30", "du 3 au 5 mars 2027"."""
    start, end = (moment.astimezone(zone) if zone else _local(moment) for moment in (starts_at, ends_at or starts_at))
    last = _last_day(start, end, all_day=all_day)
    if last != start.date():
        same_year = start.year == last.year
        same_month = same_year and start.month == last.month
        first = _day(start, month=not same_month, year=not same_year)
        return _("from %(first)s to %(last)s") % {"first": first, "last": _day(last)}
    if all_day:
        return _("%(day)s, all day") % {"day": _day(start)}
    if end <= start:
        return _("%(day)s at %(time)s") % {"day": _day(start), "time": _clock(start)}
    return _("%(day)s, from %(start)s to %(end)s") % {
        "day": _day(start),
        "start": _clock(start),
        "end": _clock(end),
    }


@register.simple_tag
def event_dates(event: object) -> SafeString | str:
    """The dates of an event in words, inside a ``<time>``."""
    starts_at = getattr(event, "starts_at", None)
    if not starts_at:
        return ""
    all_day = bool(getattr(event, "all_day", False))
    zone = getattr(event, "zone", None)
    text = describe_period(starts_at, getattr(event, "ends_at", None), all_day=all_day, zone=zone)
    if getattr(event, "is_elsewhere_on_the_clock", False) and not all_day:
        text += " " + _("(time in %(place)s)") % {"place": event.get_time_zone_display()}  # type: ignore[attr-defined]
    start = _on_wall(event, starts_at)
    machine = start.date().isoformat() if all_day else start.isoformat(timespec="minutes")
    return format_html('<time datetime="{}">{}</time>', machine, text)


@register.filter
def event_clock(event: object) -> str:
    """The hour at which an event begins, where it takes place: "14 h 30"."""
    starts_at = getattr(event, "starts_at", None)
    return _clock(_on_wall(event, starts_at)) if starts_at else ""


@register.filter
def typo(value: Any) -> str:
    """French text with its curved apostrophes, and unbreakable spaces before ":", inside « », in "14 h"."""
    if hasattr(value, "__html__"):  # rich text: safe before, safe after
        html = value.__html__()
        return mark_safe(UNBREAKABLE_SPACE.sub(NBSP, html) if _is_french() else html)
    text = str(value or "")
    return UNBREAKABLE_SPACE.sub(NBSP, APOSTROPHE.sub("\u2019", text)) if _is_french() else text


@register.filter
def filesize(value: int | None) -> str:
    """A size in octets as the French write it: "117 Ko", "2,3 Mo"."""
    size = float(value or 0)
    unit, divisor, decimals = (_("KB"), 1e3, 0) if size < 1e6 else (_("MB"), 1e6, 1)
    return f"{number_format(max(size / divisor, 1), decimals)}{NBSP}{unit}"


@register.filter
def domain(value: str | None) -> str:
    """The host of an address, as a person reads it: "www.example.org" gives "example.org"."""
    try:
        host = urlsplit(str(value or "")).hostname or ""
    except ValueError:
        host = ""
    return host.removeprefix("www.") or str(value or "")


@register.filter
def since(value: dt.date | dt.datetime | None) -> str:
    """How long ago, in one unit: "aujourd'hui", "il y a 3 jours", "il y a 2 mois"."""
    if not value:
        return ""
    moment = _local(value)
    day = moment.date() if isinstance(moment, dt.datetime) else moment
    days = (timezone.localdate() - day).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days < 31:
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    if days < 365:
        months = days // 30
        return ngettext("%(count)d month ago", "%(count)d months ago", months) % {"count": months}
    years = days // 365
    return ngettext("%(count)d year ago", "%(count)d years ago", years) % {"count": years}


@register.filter
def status_label(status: str | None) -> str:
    """The state of a groupement in words, for the map and the lists of the network."""
    return _(STATUSES.get(status or "", NO_GROUPEMENT))


@register.filter
def in_mainland(territories: list[dict] | None) -> list[dict]:
    """The départements that the map draws: those of metropolitan France."""
    return [one for one in territories or [] if len(one["code"]) == 2]


@register.filter
def overseas(territories: list[dict] | None) -> list[dict]:
    """The départements and territories shown as tiles beside the map."""
    return [one for one in territories or [] if len(one["code"]) == 3]

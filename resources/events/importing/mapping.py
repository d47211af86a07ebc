"""What an event of a calendar becomes here: values of a page, and sentences about what was left out.

Values are what JSON holds, so that a reading can be kept, compared with the next one and shown.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import re
import time
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import icalendar
import nh3
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from resources.events import expansion
from resources.events.importing.changes import changes_of
from resources.events.importing.moments import (
    ZONE,
    Moment,
    UnusableEventError,
    dates_from,
    dt_of,
    moment,
    settled,
    zone_named,
)
from resources.events.importing.places import place
from resources.events.importing.reading import Block, Reading, TooLongError, UnreadableCalendarError
from resources.events.recurrence import RuleError, parse
from resources.events.zones import Zone, zone_info

MAX_EVENTS = 500  # that are not over
MAX_SECONDS = 8.0  # of reading, by the clock; the largest calendars that are accepted take less
MAX_TEXT = 5000  # characters of a description
MAX_TITLE = 255
USUAL_DURATION = dt.timedelta(hours=2)
LONGEST, LONGEST_REPEATED = dt.timedelta(days=366), dt.timedelta(days=7)
# icalendar has no exception of its own for each way in which a value may be wrong.
UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)
_ZONE = re.compile(r"^([A-Z-]+(?:;VALUE=[A-Z-]+)?);TZID=", re.IGNORECASE | re.ASCII)
_TAGS = re.compile(r"<(?:/?[a-z][a-z0-9]*\b|!--)", re.IGNORECASE)
_BREAKS = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr)\b[^>]*>", re.IGNORECASE)
_HTTP = re.compile(r"https?://[^\s<>\"']+\.[^\s<>\"']+", re.IGNORECASE)


@dataclass
class Found:
    """One event of the file.

    Attributes:
        key: what identifies it in its source: its UID, and its RECURRENCE-ID when it stands alone.
        values: those of a page; empty when it cannot be taken.
        problems: sentences.
        refused: whether it cannot be taken.
        cancelled: whether the source says that it is off.
        over: whether it is past.
    """

    key: str
    line: int
    title: str
    values: dict = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    refused: bool = False
    cancelled: bool = False
    over: bool = False


def events_of(reading: Reading, zone: ZoneInfo, *, seconds: float = MAX_SECONDS) -> list[Found]:
    """The events of a calendar, each once, with what is different on some of their dates.

    Args:
        zone: the clock of hours that name none.
        seconds: after which one gives up.

    Raises:
        TooLongError: after that time.
        UnreadableCalendarError: too many events to come.
    """
    deadline = time.monotonic() + seconds
    default = zone_named(reading.zone) or zone
    wholes, parts = _grouped(reading.blocks)
    found = []
    for uid, blocks in wholes.items():
        *doubles, block = sorted(blocks, key=_sequence)
        for double in doubles:
            found.append(Found(key_of(uid), double.line, title_of(double), refused=True))
            found[-1].problems.append(_("It is in the file twice: the latest one is taken."))
        found.append(_event(uid, block, parts.pop(uid, []), default, zone))
        _check(found, deadline)
    for uid, alone in parts.items():
        # One date of an event whose rule is not in the file.
        for block in alone:
            found.append(_event(f"{uid}\n{_one(block, 'RECURRENCE-ID')}", block, [], default, zone))
            _check(found, deadline)
    return sorted(found, key=lambda one: one.line)


def _check(found: list[Found], deadline: float) -> None:
    if time.monotonic() > deadline:
        raise TooLongError(_("This calendar is too elaborate to be read."))
    if sum(1 for one in found if one.values and not one.over) > MAX_EVENTS:
        raise UnreadableCalendarError(
            _("This calendar holds more than %(count)d events to come: ask for a shorter one.") % {"count": MAX_EVENTS}
        )


def key_of(uid: str) -> str:
    return hashlib.sha256(uid.encode("utf-8", "replace")).hexdigest()


def _grouped(blocks: list[Block]) -> tuple[dict[str, list[Block]], dict[str, list[Block]]]:
    wholes: dict[str, list[Block]] = {}
    parts: dict[str, list[Block]] = {}
    for block in blocks:
        uid = _one(block, "UID").strip()[:1000] or "\n".join(["", _one(block, "SUMMARY"), _one(block, "DTSTART")])
        (parts if "RECURRENCE-ID" in block.properties else wholes).setdefault(uid, []).append(block)
    return wholes, parts


def _one(block: Block, name: str) -> str:
    return next(iter(block.properties.get(name, ())), "").partition(":")[2]


def _sequence(block: Block) -> int:
    text = _one(block, "SEQUENCE").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def component(block: Block) -> icalendar.Event:
    """What ``icalendar`` makes of an event, less its rule, which :mod:`resources.events.recurrence` reads.

    Raises:
        UnusableEventError: when it can make nothing of it.
    """
    lines = [
        _ZONE.sub(rf"\1;{ZONE}=", line)
        for name, some in block.properties.items()
        if name not in {"RRULE", "RDATE"}
        for line in some
    ]
    text = "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])
    try:
        return icalendar.Event.from_ical(text)
    except UNREADABLE as error:
        raise UnusableEventError(_("What it says cannot be read.")) from error


def text_of(part: icalendar.Event, name: str) -> str:
    value = part.get(name)
    value = value[0] if isinstance(value, list) and value else value
    return str(value) if isinstance(value, str) else ""


def title_of(block: Block) -> str:
    try:
        return " ".join(text_of(component(block), "SUMMARY").split())[:MAX_TITLE]
    except UnusableEventError:
        return ""


def _event(uid: str, block: Block, parts: list[Block], default: ZoneInfo, zone: ZoneInfo) -> Found:
    found = Found(key_of(uid), block.line, "")
    try:
        part = component(block)
        found.title = " ".join(plain(text_of(part, "SUMMARY")).split())[:MAX_TITLE]
        found.cancelled = text_of(part, "STATUS").strip().upper() == "CANCELLED"
        _fill(found, part, block, parts, default, zone)
    except UnusableEventError as error:
        found.refused, found.values = True, {}
        found.problems.append(str(error))
    except RuleError as error:
        found.refused, found.values = True, {}
        found.problems.append(str(error))
    except UNREADABLE:
        found.refused, found.values = True, {}
        found.problems.append(_("What it says cannot be read."))
    return found


def _fill(found: Found, part, block: Block, parts: list[Block], default: ZoneInfo, zone: ZoneInfo) -> None:
    start = moment(part.get("DTSTART"), default)
    if start.strange_zone:
        found.problems.append(
            _("Its time zone, “%(zone)s”, is not known: the hours are read on the clock of the groupement.")
            % {"zone": start.strange_zone}
        )
    clock = zone_info(start.ours) if start.ours else zone_info(str(zone))
    begins, ends = start.inside(clock), _end(found, part, start, default, clock)
    rule = parse(_one(block, "RRULE"))
    if rule is not None:
        rule, first = settled(rule, start.day_in(clock))
        if first != begins.date():
            if rule.count:
                raise UnusableEventError(_("Its first date is none of its rule's: enter it by hand."))
            length = ends.replace(tzinfo=None) - begins.replace(tzinfo=None)
            begins = expansion.at_wall(first, begins.time(), clock).astimezone(clock)
            last = begins.replace(tzinfo=None) + length
            ends = expansion.at_wall(last.date(), last.time(), clock).astimezone(clock)
        if ends - begins > LONGEST_REPEATED:
            raise UnusableEventError(_("An event that repeats lasts a week at most."))
    if ends - begins > LONGEST:
        raise UnusableEventError(_("It lasts more than a year."))
    if "RDATE" in block.properties:
        found.problems.append(_("Dates that its rule does not give are left out."))
    found.values = {
        "title": found.title or _("Event without a title"),
        "starts_at": begins.astimezone(dt.UTC).isoformat(),
        "ends_at": ends.astimezone(dt.UTC).isoformat(),
        "all_day": start.at is None,
        "time_zone": str(clock.key) if clock.key in Zone.values else Zone.PARIS.value,
        "recurrence": rule.text() if rule else "",
        "status": "cancelled" if found.cancelled else "confirmed",
        "changes": [],
        **place(plain(text_of(part, "LOCATION"))),
        **_texts(found, part),
    }
    if rule is not None:
        changes, said = changes_of(part, [component(one) for one in parts], found.values, rule, begins, default)
        found.values["changes"] = changes
        found.problems.extend(said)
    found.over = is_over(found.values)


def _end(found: Found, part, start: Moment, default: ZoneInfo, clock: ZoneInfo) -> dt.datetime:
    begins = start.inside(clock)
    given, length = part.get("DTEND"), dt_of(part.get("DURATION"))
    ends = None
    if given is not None:
        try:
            end = moment(given, default)
        except UnusableEventError:
            end = None
        if end is not None and start.at is None:
            # The last day is not included (RFC 5545 §3.6.1).
            last = max(end.day_in(clock) - dt.timedelta(days=1), start.day)
            ends = expansion.at_wall(last, dt.time(23, 59), clock)
        elif end is not None and end.at is not None:
            ends = end.at
    elif isinstance(length, dt.timedelta) and length > dt.timedelta(0):
        if length > LONGEST:
            raise UnusableEventError(_("It lasts more than a year."))
        if start.at is None:
            last = start.day + max(dt.timedelta(days=length.days - 1), dt.timedelta(0))
            ends = expansion.at_wall(last, dt.time(23, 59), clock)
        else:
            ends = begins.astimezone(dt.UTC) + length
    if ends is not None and ends > begins:
        return ends.astimezone(clock)
    if start.at is None:
        return expansion.at_wall(start.day, dt.time(23, 59), clock).astimezone(clock)
    found.problems.append(_("It does not say when it ends: two hours are counted."))
    return (begins.astimezone(dt.UTC) + USUAL_DURATION).astimezone(clock)


def is_over(values: dict, today: dt.date | None = None) -> bool:
    """Whether none of an event's dates is to come."""
    today = today or timezone.localdate()
    clock = zone_info(values["time_zone"])
    start = dt.datetime.fromisoformat(values["starts_at"]).astimezone(clock)
    if rule := parse(values["recurrence"]):
        rule = rule.completed(start.date())
        return next(dates_from(rule, start.date(), today, dt.date(LAST_DATE_YEAR, 12, 31)), None) is None
    return dt.datetime.fromisoformat(values["ends_at"]).astimezone(clock).date() < today


LAST_DATE_YEAR = 2100


def _texts(found: Found, part) -> dict[str, str]:
    text = plain(text_of(part, "DESCRIPTION")).strip()
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT].rsplit(" ", 1)[0] + "…"
        found.problems.append(
            ngettext(
                "Its description is cut after %(count)d character.",
                "Its description is cut after %(count)d characters.",
                MAX_TEXT,
            )
            % {"count": MAX_TEXT}
        )
    address = text_of(part, "URL").strip()
    kept = {"text": text, "url": address[:500] if _HTTP.fullmatch(address) else ""}
    return {name: value for name, value in kept.items() if value}


def plain(text: str) -> str:
    """A text without the markup that some calendars put into it."""
    if _TAGS.search(text):
        text = html.unescape(nh3.clean(_BREAKS.sub("\n", text), tags=set(), clean_content_tags={"script", "style"}))
        text = text.replace("<", "‹").replace(">", "›") if _TAGS.search(text) else text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(" ".join(line.split()) for line in text.split("\n")))

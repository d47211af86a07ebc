"""Takes a calendar file apart: its size first, then its lines, then the text of each event. See RFC 5545 §3.1.

Nothing of the file is believed: only events that stand right below a calendar are kept, and of them only the
properties that :mod:`resources.events.importing.mapping` reads. Time zones that the file defines are left out: their
rules are one more thing to expand; the usual names are known without them.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

MAX_BYTES = 1024 * 1024
MAX_BLOCKS = 2000  # events of the file, past ones included
MAX_LINES = 200  # of one event that are read
MAX_VALUE = 20_000  # characters of one property

READ = frozenset(
    [
        "UID",
        "SUMMARY",
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "RDATE",
        "EXDATE",
        "RECURRENCE-ID",
        "LOCATION",
        "URL",
        "DESCRIPTION",
        "STATUS",
        "SEQUENCE",
    ]
)
SEVERAL = frozenset({"EXDATE"})
# What begins a line of its own, and not the end of a text that was folded without its space.
_KNOWN = READ | frozenset(
    [
        "BEGIN",
        "END",
        "ATTACH",
        "ATTENDEE",
        "CATEGORIES",
        "CLASS",
        "COMMENT",
        "CONFERENCE",
        "CONTACT",
        "CREATED",
        "DTSTAMP",
        "EXRULE",
        "GEO",
        "IMAGE",
        "COLOR",
        "LAST-MODIFIED",
        "ORGANIZER",
        "PRIORITY",
        "RELATED-TO",
        "REQUEST-STATUS",
        "RESOURCES",
        "TRANSP",
        "VERSION",
        "PRODID",
        "CALSCALE",
        "METHOD",
        "NAME",
        "REFRESH-INTERVAL",
        "SOURCE",
        "TZID",
        "TZURL",
        "TZOFFSETFROM",
        "TZOFFSETTO",
        "TZNAME",
        "ACTION",
        "TRIGGER",
        "REPEAT",
        "COMPLETED",
        "DUE",
        "PERCENT-COMPLETE",
        "STYLED-DESCRIPTION",
        "STRUCTURED-DATA",
        "LOCATION-TYPE",
        "PARTICIPANT-TYPE",
        "ACKNOWLEDGED",
    ]
)
_NAME = re.compile(r"(?P<name>[A-Za-z0-9-]{1,60})(?=[;:])", re.ASCII)
_BREAK = re.compile(rb"\r\n|\n|\r")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ud800-\udfff]")


class UnreadableCalendarError(Exception):
    """A calendar that cannot be used; its words are for whoever gave it, with the line when there is one."""


class TooLongError(UnreadableCalendarError):
    """A calendar whose reading was given up after the time that it had."""


@dataclass
class Block:
    """One event of the file: its properties by name, each as it is written, and the line where it begins."""

    line: int
    properties: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Reading:
    """What a calendar file holds."""

    name: str = ""  # what the calendar calls itself
    zone: str = ""  # the zone of what names none
    blocks: list[Block] = field(default_factory=list)


def check_size(size: int) -> None:
    """Refuse a file of too many bytes.

    Raises:
        UnreadableCalendarError: before anything of it is read.
    """
    if size > MAX_BYTES:
        raise UnreadableCalendarError(_("This calendar is too large: 1 MB at most."))


def read(raw: bytes) -> Reading:
    """Take a calendar apart.

    Raises:
        UnreadableCalendarError: too large, empty, no calendar, not whole, too many events.
    """
    check_size(len(raw))
    if not raw.strip():
        raise UnreadableCalendarError(_("This file is empty."))
    found = Reading()
    below: list[str] = []  # the components one is in
    block: Block | None = None
    seen, whole = False, False
    for number, line in logical_lines(raw):
        name, value = _split(line)
        if name == "BEGIN":
            below.append(value.strip().upper())
            if below == ["VCALENDAR"]:
                seen, whole = True, False
            elif below == ["VCALENDAR", "VEVENT"]:
                block = Block(number)
            elif len(below) > 50:
                raise UnreadableCalendarError(_("This calendar is damaged, near line %(line)d.") % {"line": number})
        elif name == "END":
            ended = value.strip().upper()
            if not below or below[-1] != ended:
                raise UnreadableCalendarError(_("This calendar is damaged, near line %(line)d.") % {"line": number})
            if below == ["VCALENDAR", "VEVENT"] and block:
                if len(found.blocks) == MAX_BLOCKS:
                    raise UnreadableCalendarError(
                        _("This calendar holds more than %(count)d events: ask for a shorter one.")
                        % {"count": MAX_BLOCKS}
                    )
                found.blocks.append(block)
                block = None
            whole = below == ["VCALENDAR"]
            below.pop()
        elif not seen and number > 20:
            break
        elif block is not None and len(below) == 2:
            _keep(block, name, line)
        elif below == ["VCALENDAR"]:
            if name in {"X-WR-CALNAME", "NAME"}:
                found.name = found.name or value.strip()[:120]
            elif name == "X-WR-TIMEZONE":
                found.zone = value.strip()[:80]
    if not seen:
        raise UnreadableCalendarError(_not_a_calendar(raw))
    if not whole:
        raise UnreadableCalendarError(_("This calendar is cut: its end is missing."))
    return found


def _not_a_calendar(raw: bytes) -> str:
    if raw.lstrip()[:1] == b"<":
        return _("This is a web page, not a calendar. Look for a link named iCal, ICS or “subscribe”.")
    return _("This is not a calendar: the file of a calendar usually ends in .ics.")


def _keep(block: Block, name: str, line: str) -> None:
    if name not in READ or sum(map(len, block.properties.values())) >= MAX_LINES:
        return
    lines = block.properties.setdefault(name, [])
    if name in SEVERAL or not lines:
        lines.append(line[:MAX_VALUE])


def _split(line: str) -> tuple[str, str]:
    match = _NAME.match(line)
    return (match["name"].upper(), line.partition(":")[2]) if match else ("", "")


def logical_lines(raw: bytes) -> Iterator[tuple[int, str]]:
    """The lines of a calendar with the number of their first one, put together again where they were folded.

    Folding may cut a letter of several bytes in two: bytes are joined before they are read. A line that begins as no
    property does is taken for the rest of the one before: some programs fold without the space.
    """
    if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raw = raw.decode("utf-16", "replace").encode()
    raw = raw.removeprefix(codecs.BOM_UTF8)
    encoding = _encoding(raw)
    current: list[bytes] = []
    begun = 1
    for number, piece in enumerate(_BREAK.split(raw), start=1):
        if current and (piece[:1] in (b" ", b"\t") or not _begins_a_line(piece)):
            current.append(piece[1:] if piece[:1] in (b" ", b"\t") else piece)
            continue
        if current:
            yield begun, _text(current, encoding)
        current, begun = [piece], number
    if current:
        yield begun, _text(current, encoding)


def _begins_a_line(piece: bytes) -> bool:
    match = _NAME.match(piece[:61].decode("ascii", "replace"))
    return match is not None and (match["name"].upper() in _KNOWN or match["name"][:2].upper() == "X-")


def _text(pieces: list[bytes], encoding: str) -> str:
    return _CONTROL.sub("", b"".join(pieces).decode(encoding, "replace"))


def _encoding(raw: bytes) -> str:
    try:
        re.sub(rb"(?:\r\n|\n|\r)[ \t]", b"", raw).decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"

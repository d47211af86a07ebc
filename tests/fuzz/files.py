"""Hostile files: calendars, tables, workbooks."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from random import Random

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from tests.fuzz import corpus
from tests.fuzz.requests import damaged

RULES = (
    *("FREQ=SECONDLY", "FREQ=MINUTELY;COUNT=5", "FREQ=HOURLY", "FREQ=DAILY;COUNT=999999999", "FREQ=WEEKLY;COUNT=520", "FREQ=YEARLY"),
    *("FREQ=YEARLY;BYDAY=53MO", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=WEEKLY;INTERVAL=0"),
    *("FREQ=WEEKLY;UNTIL=99991231", "FREQ=MONTHLY;BYDAY=2TU;BYMONTH=1,2,3", "FREQ=YEARLY;BYMONTHDAY=29;BYMONTH=2", "FREQ=X", "FREQ="),
    *("FREQ=DAILY;UNTIL=00010101", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=WEEKLY;BYDAY=MO;WKST=SU;INTERVAL=4;COUNT=10", "COUNT=-1", ";;;"),
)  # fmt: skip
MOMENTS = (
    *(":20990101T100000", ":20990101T100000Z", ";VALUE=DATE:20990101", ";TZID=Europe/Paris:20990329T023000", ";TZID=x/../y:20990101T100000"),
    *(":00010101T000000Z", ":99991231T235959Z", ":20991301T100000", ":2099", ":", ";VALUE=DATE:99991231", ";VALUE=PERIOD:x/y", ":20990101T246060"),
    *(";TZID=Pacific/Noumea:20990101T100000", ";TZID=America/New_York:20300310T020000", ":-20990101T100000", ":20990101", ";VALUE=DATE:00010101"),
)  # fmt: skip
PROPERTIES = (
    "SUMMARY",
    "LOCATION",
    "DESCRIPTION",
    "URL",
    "STATUS",
    "SEQUENCE",
    "UID",
    "DURATION",
    "X-WR-CALNAME",
    "ORGANIZER",
    "ATTACH",
    "GEO",
)
DATES = ("DTSTART", "DTEND", "EXDATE", "RDATE", "RECURRENCE-ID", "RECURRENCE-ID;RANGE=THISANDFUTURE")
NAMES = (
    "a.ics",
    "a.csv",
    "a.xlsx",
    "a.png",
    "a.pdf",
    "../../a.csv",
    "a\x00.csv",
    "a" * 300 + ".csv",
    "é字.csv",
    "",
    ".",
    "a.csv\r\nX: 1",
    "a;b=c.csv",
)


def calendar(chance: Random) -> bytes:
    """A calendar, most often one that begins well."""
    kind = chance.random()
    if kind < 0.05:
        return chance.choice(
            (
                b"",
                b"BEGIN:VCALENDAR",
                b"<html>",
                b"\x00" * 400,
                b"\xff\xfeB",
                b"BEGIN:VCALENDAR\r\n" * 400,
                chance.randbytes(300),
            )
        )
    if kind < 0.07:
        return _crowd(chance)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"X-WR-TIMEZONE:{chance.choice(('Europe/Paris', 'x', corpus.text(chance)[:90]))}",
    ]
    for number in range(chance.randint(0, 8)):
        lines += [
            "BEGIN:VEVENT",
            f"UID:{chance.choice(('a', number, corpus.text(chance)[:200]))}",
            f"DTSTART{chance.choice(MOMENTS)}",
        ]
        for _line in range(chance.randint(0, 8)):
            lines.append(_line_of(chance))
        lines.append("END:VEVENT")
    lines.append("END:VCALENDAR")
    raw = chance.choice(("\r\n", "\r\n", "\n", "\r")).join(lines).encode("utf-8", "surrogatepass")
    return damaged(chance, raw) if chance.random() < 0.2 else raw


def _line_of(chance: Random) -> str:
    kind = chance.random()
    if kind < 0.35:
        return f"{chance.choice(DATES)}{chance.choice(MOMENTS)}"
    if kind < 0.5:
        return f"RRULE:{chance.choice(RULES)}"
    if kind < 0.9:
        return (
            f"{chance.choice(PROPERTIES)}{chance.choice((':', ':', ';X=', ';VALUE=DATE-TIME:'))}{corpus.text(chance)}"
        )
    return chance.choice(
        ("BEGIN:VALARM", "END:VALARM", "BEGIN:VTIMEZONE", " folded", "END:VEVENT", "BEGIN:VEVENT", "X", ":", ";", '"')
    )


def _crowd(chance: Random) -> bytes:
    """As many events, dates or exceptions as a megabyte holds: what takes longest."""
    head, foot = "BEGIN:VCALENDAR\r\n", "END:VCALENDAR\r\n"
    rule = chance.choice(RULES)
    kind = chance.randrange(4)
    if kind == 0:
        one = "BEGIN:VEVENT\r\nUID:{0}\r\nDTSTART:20300101T100000\r\nRRULE:" + rule + "\r\nSUMMARY:x\r\nEND:VEVENT\r\n"
        body = "".join(one.format(number) for number in range(2000))
    elif kind == 1:
        day = "BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID:2030{0:02}{1:02}T100000\r\nDTSTART:2030{0:02}{1:02}T110000\r\nEND:VEVENT\r\n"
        body = "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20300101T100000\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\n"
        body += "".join(day.format(1 + number % 12, 1 + number // 12 % 28) for number in range(1900))
    elif kind == 2:
        days = ",".join(f"20300101T{number % 24:02}{number % 60:02}00" for number in range(40_000))
        body = f"BEGIN:VEVENT\r\nUID:a\r\nDTSTART:19000101T100000\r\nRRULE:{rule}\r\nEXDATE:{days}\r\nEND:VEVENT\r\n"
    else:
        body = (
            "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20300101T100000\r\nDESCRIPTION:"
            + chance.choice(("<a ", "&lt;", "\\,", "x\r\n ")) * 100_000
            + "\r\nEND:VEVENT\r\n"
        )
    return (head + body + foot).encode()[: 1024 * 1024]


HEADINGS = (
    "Nom",
    "Catégorie",
    "Téléphone",
    "E-mail",
    "CP",
    "Commune",
    "Horaires",
    "Site web",
    "Latitude",
    "Longitude",
    "Thèmes",
    "INSEE",
    "Vérifié le",
)


def table(chance: Random) -> bytes:
    """A CSV file in any encoding, with hostile cells."""
    if chance.random() < 0.08:
        return chance.choice(
            (
                b"",
                b";" * 5000,
                b'"' + b"a" * 70_000,
                b'"\n' * 3000,
                b"\x00" * 99,
                b"\xd0\xcf\x11\xe0x",
                b"\n" * 5000,
                b"a;" * 9000,
                chance.randbytes(900),
            )
        )
    separator = chance.choice(";,\t|")
    width = chance.randint(1, len(HEADINGS))
    headings = [chance.choice(HEADINGS) if chance.random() < 0.9 else corpus.text(chance) for _column in range(width)]
    rows = [headings] + [
        [_cell(chance) for _column in range(width + chance.choice((0, 0, 0, -1, 3)))]
        for _row in range(chance.randint(0, 12))
    ]
    text = chance.choice(("\r\n", "\n", "\r")).join(separator.join(row) for row in rows)
    raw = text.encode(chance.choice(("utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be")), "replace")
    return damaged(chance, raw) if chance.random() < 0.15 else raw


def _cell(chance: Random) -> str:
    value = (
        corpus.text(chance)
        if chance.random() < 0.6
        else chance.choice(("Maison", "association", "0298000000", "a@b.fr", "29200", "Brest", "lun 9h-12h"))
    )
    return '"' + value.replace('"', '""') + '"' if chance.random() < 0.8 else value


@cache
def books() -> tuple[bytes, ...]:
    """Whole workbooks that chance then damages, and bombs."""
    book = Workbook()
    book.active.append(list(HEADINGS))
    for text in corpus.TEXTS[:160]:
        cells = [text[:200], "association", "0298000000", "a@b.fr", 29200, "Brest", 1.5, True, None]
        if not ILLEGAL_CHARACTERS_RE.search(text):
            book.active.append(cells)
    plain = io.BytesIO()
    book.save(plain)
    return (plain.getvalue(), *bombs())


def bombs() -> tuple[bytes, ...]:
    """Workbooks that announce little and unfold into much, or refer to files of the server."""
    found = []
    types = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    laughs = (
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
        + "".join(
            f'<!ENTITY {name} "{"&" + before + ";":s}{("&" + before + ";") * 9}">'
            for before, name in zip("abcdefgh", "bcdefghi", strict=True)
        )
        + "]><worksheet>&i;</worksheet>"
    )
    outside = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet>&x;</worksheet>'
    for name, content in (
        ("xl/worksheets/sheet1.xml", b"0" * 50_000_000),
        ("xl/sharedStrings.xml", b" " * 90_000_000),
        ("xl/worksheets/sheet1.xml", laughs.encode()),
        ("xl/worksheets/sheet1.xml", outside.encode()),
        ("../../../../tmp/x", b"x"),
    ):
        raw = io.BytesIO()
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            archive.writestr("[Content_Types].xml", types)
            archive.writestr(name, content)
        found.append(raw.getvalue())
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("[Content_Types].xml", types)
        for number in range(3000):
            archive.writestr(f"{number}.xml", b"")
    return (*found, raw.getvalue())


def workbook(chance: Random) -> bytes:
    """A workbook: whole, damaged, with a part of its inside rewritten, or a bomb."""
    whole, *bad = books()
    raw = whole if chance.random() < 0.85 else chance.choice(bad)
    kind = chance.random()
    if kind < 0.25:
        return raw
    if kind < 0.6:
        return damaged(chance, raw)
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as made:
        for part in archive.namelist():
            content = archive.read(part)
            if chance.random() < 0.3:
                content = _rewritten(chance, content)
            if chance.random() > 0.04:
                made.writestr(part, content)
    return changed.getvalue()


def _rewritten(chance: Random, content: bytes) -> bytes:
    swaps = (
        (b'r="A1"', b'r="XFD1048576"'), (b'r="2"', b'r="99999999999"'), (b"<v>", b"<v>1e400"), (b't="s"', b't="e"'), (b"<v>0</v>", b"<v>-1</v>"),
        (b'r="3"', b'r="2"'), (b't="n"', b't="d"'), (b"<v>2", b"<v>999999999"), (b"<sheetData>", b"<sheetData><row r='1'/>" * 50), (b"<row", b"<raw"),
        (b"utf-8", b"utf-16"), (b"Target=", b"Target='../../x' T="), (b't="s"', b't="inlineStr"'), (b"state=", b"state='veryHidden' s="),
    )  # fmt: skip
    old, new = chance.choice(swaps)
    changed = content.replace(old, new)
    return changed if changed != content else damaged(chance, content)


def name_of(chance: Random) -> str:
    return chance.choice(NAMES)

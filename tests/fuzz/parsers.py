"""The readers of what comes from outside, called by themselves: a value, or the refusal that each promises."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from contextlib import suppress
from random import Random

import icalendar
import openpyxl
from django.core.exceptions import ValidationError

from core import spreadsheets, text
from core.geo import communes
from core.outbound import UnfetchableError, checked
from core.phones import to_e164, to_national
from resources.contacts import hours, hours_reading
from resources.contacts.exports import vcard
from resources.contacts.importing import reading as tables
from resources.events import recurrence, sentences
from resources.events.importing import comparing, reading
from resources.index import asking
from resources.models import EventSource, GuideChapterPage
from tests.fuzz import corpus, files
from tests.fuzz.drill import Door


def calendars(chance: Random) -> None:
    """As whoever sent it waits for; longer ones are the clock's."""
    with suppress(reading.UnreadableCalendarError):
        for found in comparing.found_at_once(files.calendar(chance), EventSource()) or ():
            json.dumps(found.values)


def spreadsheets_in(chance: Random) -> None:
    raw = files.table(chance) if chance.random() < 0.6 else files.workbook(chance)
    with suppress(tables.UnreadableFileError):
        for _line, cells in tables.rows(raw, tables.describe(raw)):
            assert all(isinstance(cell, str) and "\x00" not in cell for cell in cells)


def spreadsheets_out(chance: Random) -> None:
    row = [corpus.text(chance) for _cell in range(4)]
    lines = b"".join(spreadsheets.csv_lines(["a", "b", "c", "d"], [row])).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(lines, newline="")))
    assert all(len(line) == 4 for line in read), read
    if chance.random() < 0.2:
        book = openpyxl.load_workbook(io.BytesIO(spreadsheets.xlsx("x", ["a", "b", "c", "d"], [row])))
        assert all(cell.data_type != "f" for line in book.active.iter_rows() for cell in line)


def rules(chance: Random) -> None:
    written = chance.choice(files.RULES) if chance.random() < 0.5 else corpus.text(chance)
    if chance.random() < 0.3:
        written += ";" + chance.choice(("BYDAY=", "COUNT=", "UNTIL=", "INTERVAL=", "X=")) + corpus.text(chance)[:200]
    try:
        rule = recurrence.parse(written)
    except recurrence.RuleError:
        return
    if rule:
        sentences.sentence(rule, dt.date(2030, 1, 31))
        assert recurrence.parse(rule.text())


def opening_hours(chance: Random) -> None:
    words = (
        "lundi",
        "mar-jeu",
        "9h",
        "25h",
        "9:70",
        "12h-9h",
        "midi",
        "minuit",
        "7j/7",
        "24/7",
        "et",
        ";",
        "-",
        corpus.text(chance),
    )
    slots, rest = hours_reading.read(" ".join(chance.choice(words) for _word in range(chance.randint(1, 12))))
    hours.describe(slots)
    hours.to_osm(slots)
    assert isinstance(rest, str)


def telephones(chance: Random) -> None:
    value = corpus.text(chance)
    with suppress(ValidationError):
        to_national(to_e164(value))
    to_national(value[:20])


def towns(chance: Random) -> None:
    for commune in communes.find(corpus.text(chance)):
        assert commune.name


def questions(chance: Random) -> None:
    asked = asking.read(corpus.text(chance), chance.choice(("fr", "en")))
    assert len(asked.parts) <= asking.MAX_WORDS
    text.fold(corpus.text(chance))


def outside_addresses(chance: Random) -> None:
    with suppress(UnfetchableError):
        address = checked(
            chance.choice(("https://", "webcal:", "")) + corpus.text(chance), own_hosts={"mara.localhost"}
        )
        assert address.startswith("https://")
        assert address.isascii()
        assert "mara.localhost" not in address.split("/")[2]


def cards(chance: Random) -> None:
    line = vcard.fold_line("NOTE:" + vcard.escape(corpus.text(chance)))
    assert all(piece.startswith(" ") for piece in line.rstrip("\r\n").split("\r\n")[1:]), line
    event = icalendar.Event()
    event.add("summary", corpus.text(chance).replace("\x00", ""))
    event.to_ical()


def stories(chance: Random) -> None:
    """What the editing screens send for a body, as JSON."""
    block = GuideChapterPage._meta.get_field("body").stream_block
    names = tuple(block.child_blocks)
    values = (
        None,
        "",
        1,
        -1,
        True,
        [],
        {},
        [{}],
        {"text": 1},
        corpus.text(chance),
        [corpus.text(chance)],
        {"url": "javascript:fuzz()"},
    )
    rows = [
        {"type": chance.choice((*names, "x")), "value": chance.choice(values), "id": corpus.text(chance)[:40]}
        for _row in range(3)
    ]
    for row in rows:
        child = block.child_blocks.get(row["type"])
        if child is not None and not isinstance(row["value"], str):
            row["value"] = child.get_prep_value(child.get_default())
    block.to_python(rows)


def doors() -> list[Door]:
    """Every parser."""
    # Beside each other by what an input costs: a workbook takes a hundred times as long as a rule.
    found = {
        calendars: 6, spreadsheets_in: 3, spreadsheets_out: 4, rules: 30, opening_hours: 30, telephones: 10, towns: 15,
        questions: 30, outside_addresses: 30, cards: 10, stories: 10,
    }  # fmt: skip
    return [Door(f"parser: {send.__name__.replace('_', ' ')}", send, share) for send, share in found.items()]

"""Files that hold payloads in each cell and each property, brought in by a référent as one does."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator
from itertools import cycle
from math import ceil

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook
from wagtail.admin.views.pages.listing import IndexView
from wagtail.models import Page
from wagtail_localize.models import StringTranslation, Translation

from resources.contacts.importing.views import PREVIEW_KINDS, ROWS_SHOWN, count
from resources.models import ContactPage, EventPage
from tests import imports, partner_calendars
from tests.factories import pages
from tests.isolation.matrix.ground import Estate
from tests.stored_xss.payloads import PAYLOADS

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ufeff]")
ALL = tuple(_CONTROL.sub("", payload).strip() for payload in PAYLOADS)
# Each makes two contacts and an event: one out of eight, from every family, where not everything is tried.
TEXTS = ALL if os.environ.get("MARA_FULL_MATRIX") == "1" else ALL[::8]

LONGEST_TITLE = 255
PROPERTIES = ("DESCRIPTION", "LOCATION", "URL", "COMMENT", "CATEGORIES")
CALENDAR = 40  # events: what is compared at once, and shown in one page of each screen


def bring_in_translation(client: Client, estate: Estate) -> Iterator[str]:
    """The screen on which a page is translated, each time that a PO file was sent whose every passage is payloads."""
    translation = Translation.objects.get(pk=estate.ids["translation"])
    file, screen = translation.export_po(), reverse("wagtailadmin_pages:edit", args=[estate.pages["english"].pk])
    texts = list(_packed())
    for start in range(0, len(texts), len(file)):
        for entry, text in zip(file, cycle(texts[start : start + len(file)])):
            entry.msgstr = text
        sent = {"file": SimpleUploadedFile("en.po", str(file).encode()), "next": screen}
        answer = client.post(reverse("wagtail_localize:upload_pofile", args=[translation.pk]), sent)
        assert answer.status_code == 302
        assert StringTranslation.objects.filter(data=file[0].msgstr).exists(), "it is taken in"
        yield screen


def _packed() -> Iterator[str]:
    """The payloads, as many to a text as a title has room for."""
    packed = ""
    for text in TEXTS:
        if packed and len(packed) + len(text) >= LONGEST_TITLE:
            yield packed
            packed = ""
        packed = f"{packed} {text}".strip()
    yield packed


def _lines(texts: Iterable[str]) -> Iterator[list[str]]:
    """A name that is a payload makes a contact; elsewhere it is refused, and shown in its line."""
    columns = imports.HEAD.count(";") + 1
    for text in texts:
        yield [text, *[""] * (columns - 1)]
        yield [f"Ligne {text}", *[text] * (columns - 1)]


def bring_in_workbook(client: Client, world) -> Iterator[str]:
    """Every line of a workbook, as the import asks what to do with it."""
    book, written = Workbook(), io.BytesIO()
    for line in (imports.HEAD.split(";"), *_lines(TEXTS)):
        book.active.append(line)
    book.save(written)
    origin = imports.prepared(
        client, imports.section_of(world), written.getvalue(), category=pages.category("employeur", "work")
    )
    screen, lines = reverse("contact_import", args=[origin.pk]), count(origin)
    for kind in PREVIEW_KINDS:
        for number in range(ceil(lines[kind] / ROWS_SHOWN)):
            yield f"{screen}?show={kind}&page={number + 1}"


def bring_in_contacts(client: Client, world) -> Iterator[str]:
    """A spreadsheet, as the import asks and when it is done, and the contacts that it made."""
    written = io.StringIO()
    sheet = csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    sheet.writerows(_lines(TEXTS))
    section = imports.section_of(world)
    category = pages.category("employeur", "work")
    origin = imports.prepared(client, section, imports.table(written.getvalue()), category=category)
    screen = reverse("contact_import", args=[origin.pk])
    yield screen  # its lines are those of the workbook
    imports.applied(client, origin, publish=False)
    yield screen
    made = _made(ContactPage, section)
    listed = reverse("wagtailadmin_explore", args=[section.pk])
    yield from (f"{listed}?p={number + 1}" for number in range(ceil(len(made) / IndexView.paginate_by)))
    yield from _forms(made)


def _made(model: type[Page], section: Page) -> list[Page]:
    made = list(model.objects.filter(path__startswith=section.path))
    assert len(made) >= len(TEXTS), "a page may be called like any of these"
    return made


def _forms(made: list[Page]) -> Iterator[str]:
    """The forms of a few pages: they show what the lists do, and each costs as much as a whole list."""
    yield from (reverse("wagtailadmin_pages:edit", args=[page.pk]) for page in made[:3])


def bring_in_events(client: Client, world) -> Iterator[str]:
    """One calendar after another, each of texts from every family: a title that is but a tag is nothing without it."""
    section = partner_calendars.section_of(world)
    calendars = ceil(len(TEXTS) / CALENDAR)
    for number in range(calendars):
        yield from _calendar(client, section, range(number, len(TEXTS), calendars))
    yield from _forms(_made(EventPage, section))


def _calendar(client: Client, section: Page, numbers: range) -> Iterator[str]:
    events = [
        partner_calendars.vevent(
            f"{number}@partenaire.example",
            *(f"{name}:{_escaped(TEXTS[number])}" for name in PROPERTIES),
            title=_escaped(TEXTS[number]),
        )
        for number in numbers
    ]
    origin = partner_calendars.prepared(client, section, partner_calendars.vcalendar(*events), title=TEXTS[numbers[0]])
    screen = reverse("event_import", args=[origin.pk])
    yield f"{screen}?show=create"
    partner_calendars.press(client, origin, "apply")
    partner_calendars.finish(client, origin)
    yield f"{screen}?show=created"
    yield reverse("event_source", args=[origin.source_id])


def _escaped(text: str) -> str:
    """A text as RFC 5545 writes it (3.3.11)."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")

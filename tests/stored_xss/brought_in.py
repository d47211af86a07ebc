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
from wagtail_localize.models import StringTranslation, Translation

from resources.contacts.importing.views import PREVIEW_KINDS, ROWS_SHOWN, count
from resources.models import ContactPage
from tests import imports, partner_calendars
from tests.factories import pages
from tests.isolation.matrix.ground import Estate
from tests.stored_xss.payloads import PAYLOADS

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ufeff]")
ALL = tuple(_CONTROL.sub("", payload).strip() for payload in PAYLOADS)
# One out of eight, from every family: each makes two contacts and an event, which is long for all of them.
TEXTS = ALL[::8]
# What is only read and shown, or written in one page, is all of them where everything is tried.
SHOWN = ALL if os.environ.get("MARA_FULL_MATRIX") == "1" else TEXTS

LONGEST_TITLE = 255


def bring_in(client: Client, world) -> Iterator[str]:
    """The screens of three imports, as they ask and when they are done, and what they made."""
    yield from _workbook(client, world)
    yield from _contacts(client, world)
    yield from _events(client, world)


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
    for text in SHOWN:
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


def _workbook(client: Client, world) -> Iterator[str]:
    """Every line of a workbook, as the import asks what to do with it."""
    book, written = Workbook(), io.BytesIO()
    for line in (imports.HEAD.split(";"), *_lines(SHOWN)):
        book.active.append(line)
    book.save(written)
    origin = imports.prepared(
        client, imports.section_of(world), written.getvalue(), category=pages.category("employeur", "work")
    )
    screen = reverse("contact_import", args=[origin.pk])
    lines = count(origin)
    for kind in PREVIEW_KINDS:
        for number in range(ceil(lines[kind] / ROWS_SHOWN)):
            yield f"{screen}?show={kind}&page={number + 1}"


def _contacts(client: Client, world) -> Iterator[str]:
    written = io.StringIO()
    sheet = csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    sheet.writerows(_lines(TEXTS))
    section = imports.section_of(world)
    category = pages.category("employeur", "work")
    origin = imports.prepared(client, section, imports.table(written.getvalue()), category=category)
    screen = reverse("contact_import", args=[origin.pk])
    yield from (screen, f"{screen}?p=2", f"{screen}?page=2")
    imports.applied(client, origin)
    yield screen
    made = list(ContactPage.objects.filter(path__startswith=section.path)[:3])
    assert made, "a contact may be called like this"
    yield from (reverse("wagtailadmin_pages:edit", args=[page.pk]) for page in made)
    yield reverse("wagtailadmin_explore", args=[section.pk])


def _events(client: Client, world) -> Iterator[str]:
    events = [
        partner_calendars.vevent(
            f"{number}@partenaire.example",
            *(f"{name}:{_escaped(text)}" for name in ("DESCRIPTION", "LOCATION", "URL", "COMMENT", "CATEGORIES")),
            title=_escaped(text),
        )
        for number, text in enumerate(TEXTS)
    ]
    section = partner_calendars.section_of(world)
    origin = partner_calendars.prepared(client, section, partner_calendars.vcalendar(*events), title=TEXTS[0])
    screen = reverse("event_import", args=[origin.pk])
    yield screen
    partner_calendars.press(client, origin, "apply")
    partner_calendars.finish(client, origin)
    yield screen
    made = list(partner_calendars.events_below(section)[:3])
    assert made, "an event may be called like this"
    yield from (reverse("wagtailadmin_pages:edit", args=[page.pk]) for page in made)


def _escaped(text: str) -> str:
    """A text as RFC 5545 writes it (3.3.11)."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")

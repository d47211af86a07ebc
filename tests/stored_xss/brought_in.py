"""Files that hold payloads in each cell and each property, brought in by a référent as one does."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from django.test import Client
from django.urls import reverse

from resources.models import ContactPage
from tests import imports, partner_calendars
from tests.factories import pages
from tests.stored_xss.payloads import PAYLOADS

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ufeff]")
# One out of eight, from every family: each makes two contacts and an event.
TEXTS = tuple(_CONTROL.sub("", payload).strip() for payload in PAYLOADS[::8])


def bring_in(client: Client, world) -> Iterator[str]:
    """The screens of two imports, as they ask and when they are done, and what they made."""
    yield from _contacts(client, world)
    yield from _events(client, world)


def _contacts(client: Client, world) -> Iterator[str]:
    """A name that is a payload makes a contact; elsewhere it is refused, and shown in its line."""
    written = io.StringIO()
    sheet = csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    columns = imports.HEAD.count(";") + 1
    for text in TEXTS:
        sheet.writerow([text, *[""] * (columns - 1)])
        sheet.writerow([f"Ligne {text}", *[text] * (columns - 1)])
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

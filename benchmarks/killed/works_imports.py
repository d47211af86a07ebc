"""Spreadsheets of contacts and calendars of partners, brought in through their screens and by the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks.killed.stand_ins import Partner, hurried, turn_of_the_clock
from benchmarks.killed.works import Work, send, signed_in
from resources.models import ContactImport, EventImport, EventPage, EventSource
from tests import imports, partner_calendars
from tests.factories import pages
from tests.factories import world as world_module

# One that completes a contact, one to make: two steps.
LINES = [
    "Mairie;Employeur;;mairie@example.org;29000;Quimper;",
    "Atelier;Employeur;02 98 00 00 01;atelier@example.org;29200;Brest;lundi, 9 h – 12 h",
]
FILE = imports.table(*LINES)
FIRST = partner_calendars.vcalendar(
    *(partner_calendars.vevent(f"{number}@partenaire.example", title=f"Forum {number}") for number in range(1, 3))
)
# Of two events, one that changed, one that a person had published; and a new one.
NEXT = partner_calendars.vcalendar(
    partner_calendars.vevent("1@partenaire.example", title="Forum 1, salle B"),
    partner_calendars.vevent("2@partenaire.example", title="Forum 2, salle C"),
    partner_calendars.vevent("4@partenaire.example", title="Forum 4"),
)
ADDRESS = "https://agenda.partenaire.example/public.ics"


@dataclass
class Desk:
    """A référent before a directory or a calendar."""

    client: Client
    section: Any


def directory() -> Desk:
    world = world_module.load()
    section = imports.section_of(world)
    pages.category("employeur", "work")
    town_hall = pages.contact(section.get_parent(), "Mairie", commune="Quimper", email="ancienne@example.org")
    town_hall.save_revision().publish()
    return Desk(signed_in("referent_a"), section)


def calendar() -> Desk:
    return Desk(signed_in("referent_a"), partner_calendars.section_of(world_module.load()))


# --- Contacts -------------------------------------------------------------------------------------


def bring_contacts(desk: Desk, *, until: str) -> None:
    """Look at the directory's imports and go on with the one that is there; send the file if none is."""
    origin = ContactImport.objects.defer("raw").order_by("pk").first()
    if origin is None:
        file = SimpleUploadedFile("contacts.csv", FILE)
        send(desk.client, reverse("contact_import_section", args=[desk.section.pk]), {"file": file})
    for _press in range(50):
        origin = ContactImport.objects.defer("raw").order_by("pk").first()
        if origin is None or origin.state in {until, "refused"}:
            return
        fields = {"step": "continue"}
        if origin.state == "columns":
            fields = {"step": "columns", "default_category": ""}
            fields |= {f"column-{number}": code for number, code in origin.mapping.items()}
        elif origin.state == "ready":
            fields = {"step": "apply", "publish": "1"}
        elif origin.state == "done":
            fields = {"step": "undo"}
        send(desk.client, reverse("contact_import", args=[origin.pk]), fields)


def contacts_until(state: str):
    return lambda desk: bring_contacts(desk, until=state)


def contacts_prepared(state: str):
    def prepare() -> Desk:
        desk = directory()
        bring_contacts(desk, until=state)
        return desk

    return prepare


# --- Calendars ------------------------------------------------------------------------------------


def bring_events(desk: Desk, *, undo: bool = False) -> None:
    """Look at the calendar's sources and go on with the one that is there; send the file if none is."""
    address = reverse("event_import_section", args=[desk.section.pk])
    if not EventSource.objects.exists():
        file = SimpleUploadedFile("agenda.ics", FIRST)
        send(desk.client, address, {"title": "CCI de Brest", "file": file, "address": ""})
    for _press in range(50):
        origin = EventImport.objects.order_by("pk").first()
        if origin is None or origin.state in {"undone" if undo else "done", "refused"}:
            return
        step = {"ready": "apply", "done": "undo"}.get(origin.state, "continue")
        send(desk.client, reverse("event_import", args=[origin.pk]), {"step": step})


def followed() -> Desk:
    """A partner's address that was read once, seen and confirmed; its next reading is due."""
    desk = calendar()
    partner_calendars.give(desk.client, desk.section, ADDRESS)
    with hurried(Partner(FIRST)):
        turn_of_the_clock()
    origin = EventImport.objects.get()
    partner_calendars.press(desk.client, origin, "apply")
    partner_calendars.finish(desk.client, origin)
    EventPage.objects.get(title="Forum 2").get_latest_revision().publish(user=None)
    EventSource.objects.update(read_from=timezone.now())
    return desk


def address_given() -> Desk:
    desk = calendar()
    partner_calendars.give(desk.client, desk.section, ADDRESS)
    return desk


def events_done() -> Desk:
    desk = calendar()
    bring_events(desk)
    return desk


def works() -> list[Work]:
    """What is brought in."""
    return [
        Work("contacts: the file read and compared", directory, contacts_until("ready")),
        Work("contacts: carried out, published", contacts_prepared("ready"), contacts_until("done")),
        Work("contacts: taken back", contacts_prepared("done"), contacts_until("undone")),
        Work("calendar: a file, carried out", calendar, bring_events),
        Work("calendar: taken back", events_done, lambda desk: bring_events(desk, undo=True)),
        Work("calendar: an address read first", address_given, lambda desk: turn_of_the_clock(), Partner(FIRST)),
        Work("calendar: an address read again", followed, lambda desk: turn_of_the_clock(), Partner(NEXT)),
    ]

"""How tests bring a partner's calendar in: files with events to come, and screens as a person without JavaScript."""

from __future__ import annotations

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from resources.models import EventImport, EventPage
from tests.factories import pages


def day(offset: int = 10) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=offset)


def vevent(uid: str = "un@partenaire.example", *lines: str, title: str = "Forum de l’emploi", start: str = "") -> str:
    """One event, in ten days at 14 h in Paris unless told otherwise."""
    start = start or f"DTSTART;TZID=Europe/Paris:{day():%Y%m%d}T140000"
    end = [] if any(line.startswith(("DTEND", "DURATION")) for line in lines) else ["DURATION:PT2H"]
    if "VALUE=DATE" in start:
        end = []
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", start, *end, *lines, "END:VEVENT"])


def vcalendar(*events: str, head: str = "") -> bytes:
    parts = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Partenaire//FR", *([head] if head else []), *events]
    return "\r\n".join([*parts, "END:VCALENDAR", ""]).encode()


def section_of(world, groupement=None):
    return pages.section(world.home(groupement or world.a), "agenda")


def events_below(section):
    return EventPage.objects.filter(path__startswith=section.path).order_by("title")


def send(client: Client, section, raw: bytes, title: str = "CCI de Brest", name: str = "agenda.ics"):
    fields = {"title": title, "file": SimpleUploadedFile(name, raw), "address": ""}
    return client.post(reverse("event_import_section", args=[section.pk]), fields)


def give(client: Client, section, address: str, title: str = "CCI de Brest"):
    return client.post(reverse("event_import_section", args=[section.pk]), {"title": title, "address": address})


def press(client: Client, origin: EventImport, step: str, **fields):
    return client.post(reverse("event_import", args=[origin.pk]), {"step": step, **fields})


def finish(client: Client, origin: EventImport) -> EventImport:
    for _turn in range(200):
        origin.refresh_from_db()
        if not origin.is_running:
            return origin
        assert press(client, origin, "continue").status_code == 302
    raise AssertionError(f"does not end: {origin.state}")


def prepared(client: Client, section, raw: bytes, **names) -> EventImport:
    """A reading of a file, ready to be confirmed."""
    response = send(client, section, raw, **names)
    assert response.status_code == 302, response.content.decode()
    origin = EventImport.objects.order_by("-pk")[0]
    assert origin.state == "ready"
    return origin


def applied(client: Client, section, raw: bytes, **names) -> EventImport:
    origin = prepared(client, section, raw, **names)
    press(client, origin, "apply")
    return finish(client, origin)

"""Registering as a visitor does, for the tests of registrations."""

from __future__ import annotations

import time
import uuid

from django.core import signing
from django.test import Client

from exchanges.registrations.forms import DOOR
from exchanges.registrations.models import Registration
from tests.factories import pages

WORDS = {"name": "Claire Morvan", "email": "claire@example.org", "count": "1", "consent": "on"}


def aged_token(made_for: str, seconds: float = 30) -> str:
    """The token of a form that was shown so long ago."""
    signer = signing.TimestampSigner(salt=DOOR.name)
    signer.timestamp = lambda: signing.b62_encode(int(time.time() - seconds))
    return signer.sign(f"{made_for}-{uuid.uuid4().hex}")


def open_event(home, title: str = "Atelier CV", **fields):
    """An event for which people register on the site."""
    return pages.event(home, title, **{"registers_here": True, "place_name": "Maison des associations", **fields})


def send(host: str, site_id: int, event, *, date: str = "", token: str | None = None, headers=None, **words):
    """Send the form of an event."""
    data = WORDS | {"token": aged_token(f"{site_id}.{event.pk}.{date}") if token is None else token} | words
    query = f"?date={date}" if date else ""
    return Client(headers={"host": host, **(headers or {})}).post(f"/inscription/{event.pk}/{query}", data)


def registration(event, groupement, **fields) -> Registration:
    """A registration that is there already."""
    defaults = {
        "key": uuid.uuid4(),
        "name": "Claire Morvan",
        "email": f"{uuid.uuid4().hex[:8]}@example.org",
        "state": "seated",
        "told_state": "seated",
        "consent_version": "2026-11",
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "place": "Maison des associations, Brest",
    }
    return Registration.objects.create(event=event, groupement=groupement, **defaults | fields)

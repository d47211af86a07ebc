"""A visitor's form, and requests in the two groupements."""

from __future__ import annotations

import time
import uuid

import pytest
from django.core import signing
from django.test import Client

from exchanges import screening
from exchanges.corrections.models import Correction
from exchanges.models import CallbackRequest
from resources.frames.answers import raw_story
from tests.exchanges.correcting import NEW
from tests.factories import frames

PATH = "/etre-rappele/"
WORDS = {
    "name": "Claire Morvan",
    "phone": "06 39 98 00 12",
    "email": "",
    "about": "Je quitte le service en juin, et je cherche par où commencer.",
    "consent": "on",
}


def aged_token(site_id: int, seconds: float = 30) -> str:
    """The token of a form that was shown so long ago."""
    signer = signing.TimestampSigner(salt=screening.SALT)
    signer.timestamp = lambda: signing.b62_encode(int(time.time() - seconds))
    return signer.sign(f"{site_id}-{uuid.uuid4().hex}")


@pytest.fixture
def ask(world):
    """Send the form as a visitor: ``ask(groupement, name="…")``; ``None`` for the nation's site."""

    def send(groupement, *, token: str | None = None, headers: dict | None = None, **words):
        host = world.host(groupement)
        site_id = groupement.site_id if groupement else world.national.get_site().pk
        data = WORDS | {"token": aged_token(site_id) if token is None else token} | words
        return Client(headers={"host": host, **(headers or {})}).post(PATH, data)

    return send


@pytest.fixture
def make(world):
    """A request that is there already: ``make(world.a, state="taken")``."""

    def create(groupement, **fields):
        defaults = {
            "key": uuid.uuid4(),
            "name": "Claire Morvan",
            "phone": "+33639980012",
            "about": "Par où commencer ?",
            "consent_version": "2026-11",
            "level": "groupement" if groupement else "nation",
        }
        return CallbackRequest.objects.create(groupement=groupement, **defaults | fields)

    return create


@pytest.fixture
def national(world):
    return frames.frame(world.national)


@pytest.fixture
def propose(world, national):
    """A correction that is there already: ``propose(world.a, block="t1")``."""

    def make(groupement, *, block: str = "t1", **fields) -> Correction:
        before = next(row for row in raw_story(national.body) if row["id"] == block)
        given = {"page_id": national.pk, "page_title": national.title, "block": block, "before": before}
        given |= {"proposed": NEW, "author": world.people["referent_a"] if groupement == world.a else None}
        return Correction.objects.create(key=uuid.uuid4(), groupement=groupement, **given | fields)

    return make

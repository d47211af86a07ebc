"""A guide with a frame, its answers in two groupements, contacts and events."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django.test import Client
from wagtail.models import Page

from regions.places import relative_path
from tests.factories import frames, pages


@dataclass
class Ground:
    """A national guide and what two groupements make of it."""

    world: SimpleNamespace
    guide: Page
    chapter: Page
    mine: Page

    def address(self, guide: Page | None = None) -> str:
        return f"/{relative_path(guide or self.guide)}imprimer/livret/"

    def get(self, host: str = "", query: str = "", *, person: str = "", guide: Page | None = None):
        """The livret as asked for at a host, that of groupement A by default."""
        client = Client(headers={"host": host or self.world.host(self.world.a)})
        if person:
            client.force_login(self.world.people[person])
        return client.get(f"{self.address(guide)}{query}")


@pytest.fixture
def ground(world) -> Ground:
    guide = pages.guide(world.national, "Se loger et déménager", slug="se-loger", body=pages.PARAGRAPH)
    chapter = frames.frame(world.national, "Choisir où vivre", guide=guide)
    pages.chapter(guide, "Monter son dossier", body=[frames.text("x", "Trois pièces à réunir.")])
    mine = frames.complement(world.home(world.a), chapter, frames.given({"s1": "La rade plutôt que la presqu’île."}))
    frames.complement(world.home(world.b), chapter, frames.given({"s1": "Le pruneau d’Agen."}))
    pages.contact(world.home(world.a), "Maison de la rade", email="rade@example.org")
    pages.contact(world.home(world.b), "Maison du pruneau")
    pages.event(world.home(world.a), "Café de la rade", commune="Brest")
    pages.event(world.home(world.b), "Café du pruneau")
    return Ground(world, guide, chapter, mine)

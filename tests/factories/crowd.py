"""A crowd of pages: as many of every kind as asked, all on one theme, in the nation, here and elsewhere."""

from __future__ import annotations

from itertools import cycle

from wagtail.models import Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from regions.models import Groupement
from tests.factories import catalogue, pages
from tests.factories.world import World

# Of three items that a listing shows, one may come from elsewhere.
OWNERS = ("nation", "nation", "elsewhere")


def grow(world: World, count: int, guide: Page) -> None:
    """Add ``count`` pages of every kind to what the nation shows, and a third as many to a groupement's own.

    Everything is on one theme, so that all pages are related. News and partners have each their image.

    Args:
        guide: the guide that gets ``count`` new chapters.
    """
    with disable_reference_index_auto_update():
        elsewhere = cycle([world.home(world.b), world.home(world.neighbour)])
        for number, owner in zip(range(count), cycle(OWNERS), strict=False):
            pages.chapter(guide, f"Chapitre {number}")
            if owner == "elsewhere":
                _reserved(world.national, number)
                _shared(next(elsewhere), number, shared_with="nation")
                _reserved(world.home(world.a), number)
                _shared(world.home(world.a), number)
                _branch(world, number)
            else:
                _reserved(world.national, number)
                _shared(world.national, number)


def _reserved(home: Page, number: int) -> None:
    """One page of each kind that is never shared between groupements."""
    filed = {"themes": [pages.theme()]}
    pages.guide(home, f"Guide {number}", **filed)
    pages.contact(home, f"Contact {number}", **filed)
    pages.partner(home, f"Partenaire {number}", logo=catalogue.image(f"Logo {number}"), **filed)


def _shared(home: Page, number: int, **sharing) -> None:
    """One page of each kind that a groupement may share."""
    filed = {"themes": [pages.theme()]}
    pages.event(home, f"Rencontre {number}", **filed, **sharing)
    pages.event(home, f"Rencontre passée {number}", in_days=-3, **sharing)
    pages.resource(home, f"Fiche {number}", kind="flyer", file=pages.document(f"Fiche {number}"), **filed, **sharing)
    pages.news(home, f"Nouvelle {number}", image=catalogue.image(f"Photo {number}"), **sharing)


def _branch(world: World, number: int) -> None:
    partner = pages.partner(world.national, f"Partenaire national {number}")
    for groupement in (world.a, world.b):
        pages.branch(world.home(groupement), f"Antenne {number}", partner=partner)


def add_groupements(count: int) -> None:
    """Add groupements to the directory, each covering a département; without their pages."""
    Groupement.objects.bulk_create(
        Groupement(code=f"groupement-{number}", name=f"Groupement {number}", departements=[f"{number:02}"])
        for number in range(1, count + 1)
    )

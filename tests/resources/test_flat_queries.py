"""Listings and pages cost the same for 3 items and for 30, from cold; the numbers of queries are kept here."""

from __future__ import annotations

import pytest
from django.test import Client

from regions.blueprint import NATIONAL_SECTIONS
from regions.places import relative_path
from tests.factories import catalogue, crowd, pages
from tests.helpers import count_queries, page_html

FEW, MANY = 3, 30

# Exact number of queries of each address, from cold caches: on the national host, on a groupement's.
LISTINGS = {
    "/": (4, 6),
    "/guides/": (7, 7),
    "/annuaire/": (9, 9),
    "/annuaire/?place=brest&radius=50&open=peut-etre": (10, 10),
    "/partenaires/": (10, 10),
    "/agenda/": (8, 9),
    "/agenda/?view=month": (9, 11),
    "/agenda/?view=week": (9, 11),
    "/agenda/?period=past": (8, 9),
    "/ressources/": (7, 7),
    "/actualites/": (8, 8),
    "/groupements/": (6, None),
    "/groupements/?q=29": (10, None),
}
# The same for one page of each type: on the national host, on the groupement's that owns it, and national ones
# read inside a groupement's subsite.
PAGES = {
    "resources.ContactPage": (10, 10, 10),
    "resources.EventPage": (8, 7, 8),
    "resources.GuideChapterPage": (5, 6, 6),
    "resources.GuidePage": (8, 7, 7),
    "resources.NewsPage": (6, 6, 7),
    "resources.PartnerBranchPage": (None, 10, None),
    "resources.PartnerPage": (10, 10, 10),
    "resources.ResourcePage": (8, 8, 7),
    "resources.StandardPage": (4, 4, 5),
}


def measure(host: str, path: str) -> int:
    client = Client(headers={"host": host})
    return count_queries(lambda: page_html(client.get(path)))


def listings(world) -> dict[str, tuple]:
    """The number of queries of each listing: national host, local host."""
    return {
        path: (
            measure(world.national_host, path),
            measure(world.host(world.a), path) if budget[1] is not None else None,
        )
        for path, budget in LISTINGS.items()
    }


def details(world, owned: dict) -> dict[str, tuple]:
    """The number of queries of one page of each type: on the national host, on its own local host, inherited."""
    counts = {}
    for label in pages.FACTORIES:
        national, local = owned.get((label, catalogue.NATION)), owned[label, catalogue.LOCAL]
        counts[label] = (
            measure(world.national_host, f"/{relative_path(national)}") if national else None,
            measure(world.host(world.a), f"/{relative_path(local)}"),
            measure(world.host(world.a), f"/{relative_path(national)}") if national else None,
        )
    return counts


def differences(before: dict, after: dict, *, grown_only: bool = False) -> dict:
    """The addresses whose numbers are not the same, each with both."""
    return {
        key: (before.get(key), numbers)
        for key, numbers in after.items()
        if before.get(key) != numbers
        and not (
            grown_only and all(now is None or now <= then for then, now in zip(before[key], numbers, strict=True))
        )
    }


def visit_everything(world, owned: dict) -> None:
    """Have the images resized: that is done once for all, at the first visit."""
    listings(world)
    details(world, owned)


@pytest.fixture
def owned(world):
    """One page of each type, full, at each place, and a few of everything around it."""
    made = {
        (label, place): catalogue.full_page_of(world, label, place)
        for label, place in catalogue.READ_AT
        if label in pages.FACTORIES
    }
    crowd.grow(world, FEW, made["resources.GuidePage", catalogue.NATION])
    return made


def test_budgets__of_this_file__are_kept_for_every_section_and_page_type():
    assert {f"/{section.slug}/" for section in NATIONAL_SECTIONS} <= set(LISTINGS)
    assert set(PAGES) == set(pages.FACTORIES)


def test_every_address__ten_times_more_of_everything__costs_the_same(world, owned):
    guide = owned["resources.GuidePage", catalogue.NATION]
    visit_everything(world, owned)
    few = listings(world) | details(world, owned)
    crowd.grow(world, MANY - FEW, guide)
    crowd.add_groupements(MANY)
    visit_everything(world, owned)
    many = listings(world) | details(world, owned)
    # Fewer is possible: with many of its own, a place shows none of the others' and need not ask whose they are.
    assert differences(few, many, grown_only=True) == {}, "more pages, more queries: address: (few, many)"
    assert differences(LISTINGS | PAGES, few) == {}, "the numbers above are no longer true: address: (above, now)"

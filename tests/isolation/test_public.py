"""The public side: visitors, members and the neighbours' référents read what is published, and nothing else."""

from __future__ import annotations

import os

import pytest
from django.test import Client

from core.models import Document
from tests.isolation.matrix import answers, canaries, policy
from tests.isolation.matrix.routes import all_routes
from tests.visiting import MEMORY, use

# One worker runs them all: the ground is long to lay.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("public")]
FULL = os.environ.get("MARA_FULL_MATRIX") == "1"
# The ordinary run tries those who have the least, and the neighbour.
READERS = ("anonymous", "member", "referent_a", "referent_b") if FULL else ("anonymous", "referent_a")
HELD = {"referent_a": "a", "referent_b": "b"}
FIXED = ("/", "/en/", "/sitemap.xml", "/robots.txt", "/lien/{}/", "/sante/")
# What leaves the site as files: calendars, cards, tables.
CALENDARS = ("ical/", "ical/groupement/", "ical/zone/", "ical/national/")
EXPORTS = ("points", "imprimer", "vcard", "csv", "geojson")
BELOW = {
    "EventPage": ("ical/",),
    "ContactPage": ("carte/",),
    "GuidePage": ("imprimer/", "imprimer/livret/", "imprimer/livret/?size=large&format=a5"),
}
SECTIONS = ("guides", "annuaire", "partenaires", "agenda", "ressources", "actualites", "groupements")


def client_of(world, role: str, host: str) -> Client:
    client = Client(headers={"host": host}, raise_request_exception=False)
    if role != "anonymous":
        client.force_login(world.people[role])
    return client


def public_paths(estates) -> list[str]:
    """Every address of every page, its permanent one, and the sections with a search in them."""
    found = [path for path in FIXED if "{}" not in path]
    for estate in estates.values():
        for page in estate.pages.values():
            relative = page.get_url_parts()
            found += [relative[2] if relative else "/", f"/lien/{page.pk}/"]
            if relative and (below := BELOW.get(type(page.specific).__name__)):
                found += [relative[2] + one for one in below]
                found.append(f"/guides/imprimer/livret/?make=1&guide={page.pk}")
        for kind in ("document", "closed_document"):
            document = Document.objects.get(pk=estate.ids[kind])
            found += [document.url, f"/media/{document.file.name}"]
    for section in SECTIONS:
        found += [f"/{section}/", f"/{section}/?q=zq", f"/en/{section}/", f"/{section}/?page=2"]
    found += [f"/agenda/{calendar}" for calendar in CALENDARS]
    found += [f"/annuaire/exports/{output}/" for output in EXPORTS]
    for words in ("zq", "zqb", "zqn"):
        found += [f"/recherche/?q={words}", f"/recherche/?q={words}&network=1", f"/recherche/suggestions/?q={words}"]
        found += [f"/en/search/?q={words}", f"/en/search/suggestions/?q={words}"]
    return sorted({path for path in found if path})


# Each reader finds what those before left in the page cache; the visitor comes back last. What the first of them reads
# is made, and so is all that people who are signed in read: nothing is left to walk without the cache.
@pytest.mark.parametrize("role", [*READERS, "anonymous again"])
def test_public_side__each_reader_through_the_page_cache__reads_no_secret(ground, role, settings):
    settings.MARA_PDF = False  # a livret is read as the page that is laid out
    settings.MARA_PAGE_CACHE_SECONDS = 3600
    use(settings, MEMORY | {"LOCATION": "public-side", "OPTIONS": {"MAX_ENTRIES": 10_000}})
    hits = walk(*ground, role.removesuffix(" again"))
    assert (hits > 100) == (role == "anonymous again"), f"{hits} answers came from the cache"


def walk(world, estates, role: str) -> int:
    """Read every address as somebody; say how many answers came from the page cache."""
    held = HELD.get(role, "")
    seen, faults, cells, hits = set(), [], 0, 0
    for host in ("mara.localhost", world.host(world.a), world.host(world.b)):
        client = client_of(world, role, host)
        for path in public_paths(estates):
            # Other methods are tried where the neighbour's things are.
            for method in ("GET", "HEAD", "POST") if FULL and host == world.host(world.b) else ("GET",):
                response = client.generic(method, path)
                cells += 1
                hits += "hit" in response.headers.get("Cache-Status", "")
                found = answers.canaries(response)
                seen |= found
                secrets = {word for word in found if canaries.is_secret(word) and _is_kept(word, held, path)}
                if secrets or response.status_code >= 500:
                    faults.append(f"{role} {method} {host}{path}: {response.status_code} {', '.join(sorted(secrets))}")
                # Who is led to sign in is told the address alone, which all visitors are.
                read = "restricted" in "".join(found) and response.status_code != 302
                if read and "no-store" not in response.headers.get("Cache-Control", ""):
                    faults.append(f"{role} {method} {host}{path}: may be cached")
    assert not faults, "\n".join(faults[:40])
    assert {canaries.public(owner, "event") for owner in canaries.OWNERS} <= seen, "the walk did read published pages"
    if held:
        assert canaries.secret(held, "restricted") in seen, "whom a page is reserved to reads it"
    return hits


def _is_kept(word: str, held: str, path: str) -> bool:
    """Whether a secret is kept from a reader who did not write it in the address themself.

    The names of files of open collections are their address.
    """
    if canaries.owner_of(word) == held or word in path:
        return False
    return word[4:-1] not in {"filename", "filecontent"} or "closed" in word


def test_policy__every_address_of_the_installation__is_named():
    unnamed = sorted({route.key for route in all_routes()} - policy.named())
    assert not unnamed, f"say in policy.toml what these answer: {unnamed}"
    gone = sorted(policy.named() - {route.key for route in all_routes()})
    assert not gone, f"policy.toml names addresses that are no more: {gone}"

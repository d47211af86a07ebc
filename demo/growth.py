"""Grows the network for tests of scale: more groupements, and thousands of pages without an author."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Page

from core.progress import Progress
from demo import bulk
from demo.growth_texts import MIX, Writer
from demo.indexing import index, indexed_once
from demo.typography import without_elision
from regions import services
from regions.models import Groupement, NetworkPage, Zone
from regions.places import HOME_DEPTH
from regions.territories import TERRITORIES
from resources.events import occurrences
from resources.index import following
from resources.models import (
    ContactCategory,
    ContactPage,
    ContactPhone,
    EventPage,
    GuideChapterPage,
    GuidePage,
    IndexPending,
)

CHAPTERS_OF_A_GUIDE = 4
BATCH = 500


def count_pages() -> int:
    """How many pages the network has, in all languages."""
    return sum(network.get_descendants().count() for network in NetworkPage.objects.all())


def grow_groupements(total: int, stream) -> int:
    """Provision groupements until there are ``total``; one for each département first.

    Returns:
        how many were added.
    """
    missing = total - Groupement.objects.count()
    if missing <= 0:
        return 0
    zones = list(Zone.objects.order_by("code"))
    candidates = _candidates()
    with Progress("Groupements", missing, stream) as progress:
        for rank in range(missing):
            code, name, departement = next(candidates)
            with transaction.atomic(), indexed_once():
                services.provision_groupement(
                    code=code,
                    name=name,
                    departements=[departement],
                    zone=zones[rank % len(zones)] if zones else None,
                    status=Groupement.Status.ACTIVE,
                    contact_name="Camille Exemple",
                    contact_role="référent reconversion",
                    phone=Writer(code, None, {}).phone(),
                    email=f"{code}@example.org",
                )
            progress.advance()
    return missing


def _candidates() -> Iterator[tuple[str, str, str]]:
    """Code, name and département of groupements that do not exist yet."""
    codes = set(Groupement.objects.values_list("code", flat=True))
    names = set(Groupement.objects.values_list("name", flat=True))
    turn = 1
    while True:
        for departement, territory in TERRITORIES.items():
            name = territory if turn == 1 else f"{territory} ({turn})"
            code = slugify(without_elision(name))
            if code not in codes and name not in names:
                yield code, name, departement
        turn += 1


def grow_pages(total: int, stream) -> dict[type[Page], list[int]]:
    """Add pages until the network has ``total``, shared out equally among its French homes.

    Returns:
        the identifiers of the pages that were added, by their type.
    """
    added: dict[type[Page], list[int]] = defaultdict(list)
    missing = total - count_pages()
    if missing <= 0:
        return added
    homes = list(Page.objects.filter(depth=HOME_DEPTH, locale__language_code="fr").specific())
    categories = {category.code: category for category in ContactCategory.objects.all()}
    share, rest = divmod(missing, len(homes))
    with Progress("Pages", missing, stream) as progress:
        for rank, home in enumerate(homes):
            with transaction.atomic():
                for model, keys in _grow_home(home, share + (rank < rest), categories):
                    added[model] += keys
                    progress.advance(len(keys))
    return added


def _grow_home(home: Page, count: int, categories: dict) -> Iterator[tuple[type[Page], list[int]]]:
    """Add ``count`` pages below one home, in the proportions of the mix."""
    groupement = getattr(home, "groupement", None)
    sections = {page.slug: page for page in home.get_children()}
    writer = Writer(f"{home.slug}-{home.get_descendants().count()}", groupement, categories)
    parts = {slug: count * weight // 1000 for slug, weight in MIX}
    parts["annuaire"] += count - sum(parts.values())
    guides, left = divmod(parts.pop("guides"), CHAPTERS_OF_A_GUIDE + 1)
    parts["annuaire"] += left
    for slug, size in parts.items():
        yield from _grow_section(sections[slug], writer, slug, size)
    for model, keys in _grow_section(sections["guides"], writer, "guides", guides):
        yield model, keys
        for guide in GuidePage.objects.filter(pk__in=keys):
            chapters = [writer.chapter(rank) for rank in range(CHAPTERS_OF_A_GUIDE)]
            yield GuideChapterPage, bulk.insert(guide, chapters)


def _grow_section(section: Page, writer: Writer, slug: str, size: int) -> Iterator[tuple[type[Page], list[int]]]:
    make = writer.makers[slug]
    taken = set(section.get_children().values_list("slug", flat=True))
    first = bulk.next_step(section)
    for start in range(0, size, BATCH):
        pages = [make(first + rank) for rank in range(start, min(start + BATCH, size))]
        pages = [page for page in pages if page.slug not in taken]
        keys = bulk.insert(section, pages)
        if pages and isinstance(pages[0], ContactPage):
            ContactPhone.objects.bulk_create(
                ContactPhone(page_id=key, number=writer.phone(), label="Accueil", sort_order=0) for key in keys
            )
        elif pages and isinstance(pages[0], EventPage):
            occurrences.lay_out_missing(EventPage.objects.filter(pk__in=keys))
        yield type(pages[0]), keys


def index_pages(added: dict[type[Page], list[int]], stream) -> None:
    """Give the new pages to the search index, and to the index of what points at what."""
    with Progress("Recherche", sum(map(len, added.values())), stream) as progress:
        for model, keys in added.items():
            for start in range(0, len(keys), BATCH):
                with transaction.atomic():
                    index(model, keys[start : start + BATCH])
                progress.advance(len(keys[start : start + BATCH]))
    with Progress("Visiteurs", IndexPending.objects.count(), stream) as progress:
        following.follow(advance=progress.advance)

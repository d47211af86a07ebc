"""Compares the entries with the pages, and this machine's index with the entries: what differs, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Count
from wagtail.models import Page

from regions.places import HOME_DEPTH
from resources.index import following, local
from resources.index.completing import completions
from resources.index.models import IndexEntry, IndexPending
from resources.index.reading import Reader

BATCH = 500


@dataclass(frozen=True)
class Difference:
    """One page that the index does not say as it is."""

    page_id: int
    what: str  # "missing" | "changed" | "left over" | "completed elsewhere"


def all_page_ids() -> list[int]:
    """Every page that may be searched."""
    return list(Page.objects.filter(depth__gte=HOME_DEPTH).order_by("path").values_list("pk", flat=True))


def differences(advance: Callable[[int], None] = lambda count: None) -> Iterator[Difference]:
    """Read every page again and compare; changes nothing."""
    page_ids = all_page_ids()
    reader, seen = Reader(), set()
    homes: dict[int, list[str]] = {}
    for start in range(0, len(page_ids), BATCH):
        batch = page_ids[start : start + BATCH]
        known = IndexEntry.objects.filter(gone=False).in_bulk(batch)
        homes |= {pk: entry.completed_in for pk, entry in known.items() if entry.completed_in}
        for entry in reader.read(batch):
            seen.add(entry.page_id)
            found = known.get(entry.page_id)
            if found is None:
                yield Difference(entry.page_id, "missing")
            elif found.digest != entry.digest:
                yield Difference(entry.page_id, "changed")
        advance(len(batch))
    for pk in IndexEntry.objects.filter(gone=False).exclude(pk__in=seen).values_list("page_id", flat=True):
        yield Difference(pk, "left over")
    expected = completions(IndexEntry.objects.exclude(base_id=None).values_list("base_id", flat=True))
    for pk in homes.keys() | expected.keys():
        if homes.get(pk, []) != expected.get(pk, []):
            yield Difference(pk, "completed elsewhere")


def local_difference() -> tuple[int, int]:
    """How many documents this machine's index holds, and how many it should.

    Raises:
        UnavailableError: when it cannot be opened.
    """
    index = local.ready(following.state())
    counts = IndexEntry.objects.filter(gone=False).aggregate(all=Count("page_id"), twice=Count("base_id"))
    return index.searcher.num_docs - 1, counts["all"] + counts["twice"]


def rebuild(advance: Callable[[int], None] = lambda count: None) -> int:
    """Write every entry again from its page, and have every machine begin its index again; return how many pages."""
    IndexPending.objects.all().delete()
    page_ids = all_page_ids()
    following.begin_again()
    for start in range(0, len(page_ids), BATCH):
        batch = page_ids[start : start + BATCH]
        following.write(set(batch))
        advance(len(batch))
    left_over = IndexEntry.objects.filter(gone=False).exclude(pk__in=page_ids).values_list("page_id", flat=True)
    following.note(left_over)
    following.follow()
    return len(page_ids)

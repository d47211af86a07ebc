"""National pages and the local pages that complete them: each changes what the index says of the other.

Publishing a national page must cost the same whatever the number of groupements. It leaves one row, which
says that its complements are behind; the clock reads them a batch at a time, and a search first reads those of
its own place.
"""

from __future__ import annotations

from collections.abc import Iterable

from wagtail.models import Page

from regions.models import CompletingPage
from regions.places import HOME_DEPTH, relative_path
from resources.index.models import IndexEntry, IndexPending
from resources.index.reading import restricted_paths


def completions(page_ids: Iterable[int]) -> dict[int, list[str]]:
    """The homes whose page stands for each of these; a reserved page stands for nothing."""
    page_ids = list(page_ids)
    homes: dict[int, set[str]] = {}
    if not page_ids:
        return {}
    rows = IndexEntry.objects.filter(base_id__in=page_ids, gone=False)
    restricted = restricted_paths()
    for base_id, path, home in rows.values_list("base_id", "path", "home"):
        if not path.startswith(restricted):
            homes.setdefault(base_id, set()).add(home)
    return {base_id: sorted(found) for base_id, found in homes.items()}


def may_be_completed(model: type[Page]) -> bool:
    """Whether groupements complete pages of a type, by their key or by their address."""
    return issubclass(model, CompletingPage) or getattr(model, "completes_national", False)


def note_behind(page_ids: Iterable[int]) -> None:
    """Have the pages that complete these read again, from the first one on; the caller holds the lock."""
    page_ids = set(page_ids)
    IndexPending.objects.filter(page_id__in=page_ids, beyond__isnull=False).delete()
    IndexPending.objects.bulk_create(IndexPending(page_id=pk, beyond=0) for pk in sorted(page_ids))


def take_behind(count: int) -> set[int]:
    """Take the next complements to read again, ``count`` at most; the caller holds the lock."""
    while row := IndexPending.objects.filter(beyond__isnull=False).order_by("pk").first():
        found = completing([row.page_id], beyond=row.beyond)
        if len(found) <= count:
            row.delete()
        else:
            row.beyond = found[count - 1]
            row.save(update_fields=["beyond"])
        if found:
            return set(found[:count])
    return set()


def behind_at(home_path: str) -> set[int]:
    """The complements of one home that are behind their national page."""
    keys = IndexPending.objects.filter(beyond__isnull=False).values_list("page_id", flat=True)
    return set(completing(list(keys), below=home_path))


def completing(page_ids: list[int], *, beyond: int = 0, below: str = "") -> list[int]:
    """The published pages that complete one of these, or would at their address of today, by increasing number.

    Args:
        page_ids: national pages, published or not.
        beyond: only those with a greater number.
        below: only those below this tree path.
    """
    if not page_ids:
        return []
    # One question for each way, rather than one with three conditions: each has its own index.
    known = IndexEntry.objects.filter(base_id__in=page_ids, page_id__gt=beyond, path__startswith=below)
    found = set(known.values_list("pk", flat=True))
    live = Page.objects.filter(pk__gt=beyond, live=True, path__startswith=below)
    keys: dict[type[CompletingPage], list] = {}
    addresses: dict[tuple, str] = {}
    for page in Page.objects.filter(pk__in=page_ids, depth__gt=HOME_DEPTH).select_related("content_type"):
        addresses[relative_path(page), page.locale_id] = page.slug
        model = page.specific_class
        if model is not None and issubclass(model, CompletingPage):
            keys.setdefault(model, []).append(page.translation_key)
    for model, wanted in keys.items():
        found |= set(live.filter(pk__in=model.objects.filter(completes__in=wanted)).values_list("pk", flat=True))
    for twin in live.filter(slug__in=set(addresses.values())).exclude(pk__in=page_ids):
        if (relative_path(twin), twin.locale_id) in addresses:
            found.add(twin.pk)
    return sorted(found)

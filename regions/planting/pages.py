"""Plants pages: all their rows, both indexes, and those who wait for a publication."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from modelsearch.backends import get_search_backends
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.signals import copy_for_translation_done, page_published, published

from regions.planting import tree
from regions.planting.history import History

REVISIONS = ("latest_revision", "live_revision")


@dataclass(frozen=True)
class Seedling:
    """A page to plant.

    Attributes:
        page: not saved, of its own type; its title, slug, language and the fields of its type are set.
        parent: where it goes, after the children there are: a page of the tree, or of an earlier seedling.
        source: the page of an earlier seedling, of which this one is the version in another language.
        name: gives such a version its texts; until then it has those of its source.
    """

    page: Page
    parent: Page
    source: Page | None = None
    name: Callable[[Page], None] | None = None


@transaction.atomic
def plant(seedlings: Sequence[Seedling]) -> None:
    """Publish these new pages, in this order.

    Raises:
        ValidationError: when a field is not acceptable, or an address is taken.
    """
    if not seedlings:
        return
    now = timezone.now()
    histories = [History(seedling.page, now, seedling.source, seedling.name) for seedling in seedlings]
    pages = [seedling.page for seedling in seedlings]
    tree.place([(seedling.page, seedling.parent) for seedling in seedlings])
    for history in histories:
        history.grow()
    for seedling in seedlings:
        seedling.parent.numchild += 1
    # While they have no key: afterwards, each page's rows would be looked for, which are not there.
    references = [set(ReferenceIndex._extract_references_from_object(page)) for page in pages]
    tree.insert(pages)
    _revise(histories)
    PageLogEntry.objects.bulk_create(entry for history in histories for entry in history.log())
    _refer(pages, references)
    for backend in get_search_backends(with_auto_update=True):
        for model, typed in tree.by_type(pages).items():
            backend.add_bulk(model, typed)
    for history in histories:
        _tell(history)


def _revise(histories: Sequence[History]) -> None:
    """Insert the revisions; each page knows its last one, which is the published one."""
    for number in range(max(len(history.contents) for history in histories)):
        revised = [(history.page, history.revision(number)) for history in histories]
        revised = [(page, revision) for page, revision in revised if revision]
        Revision.objects.bulk_create(revision for _page, revision in revised)
        for page, revision in revised:
            page.latest_revision = page.live_revision = revision
    rows = [
        Page(pk=page.pk, **{name: getattr(page, name) for name in REVISIONS}) for page in (h.page for h in histories)
    ]
    Page.objects.bulk_update(rows, REVISIONS)


def _refer(pages: Sequence[Page], references: Sequence[set[tuple]]) -> None:
    """Insert what the pages refer to, as ``ReferenceIndex.create_or_update_for_object`` does for one of them."""
    base = ContentType.objects.get_for_model(Page)
    ReferenceIndex.objects.bulk_create(
        ReferenceIndex(
            content_type=ContentType.objects.get_for_model(page, for_concrete_model=False),
            base_content_type=base,
            object_id=page.pk,
            to_content_type_id=to_content_type_id,
            to_object_id=to_object_id,
            model_path=model_path,
            content_path=content_path,
            content_path_hash=ReferenceIndex._get_content_path_hash(content_path),
        )
        for page, found in zip(pages, references, strict=True)
        for to_content_type_id, to_object_id, model_path, content_path in found
    )


def _tell(history: History) -> None:
    """Tell those who wait for a page to be published, or translated."""
    page, revision = history.page, history.page.live_revision
    if history.source is not None:
        copy_for_translation_done.send(sender=CopyPageForTranslationAction, source_obj=history.source, target_obj=page)
    page_published.send(sender=type(page), instance=page, revision=revision)
    published.send(sender=type(page), instance=page, revision=revision)

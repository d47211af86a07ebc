"""Inserts pages by the thousand: for tests of scale only, an editor's pages go through Wagtail's own steps."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.db.models import F
from django.utils import timezone
from wagtail.models import Page

from core.signal_handlers import fold_text
from regions.planting import tree
from resources.contacts.position import locate
from resources.models import ContactPage


def next_step(parent: Page) -> int:
    """The rank, in the tree path, of the next child of ``parent``; treebeard keeps it in four letters."""
    last = Page.objects.filter(path__startswith=parent.path, depth=parent.depth + 1).order_by("path").last()
    return Page._str2int(last.path[-Page.steplen :]) + 1 if last else 1


def insert(parent: Page, pages: Sequence[Page]) -> list[int]:
    """Insert published pages of one type at the end of ``parent``'s children, without revisions.

    Each page has its title, its slug and the fields of its type; the rest is filled in here.

    Returns:
        the identifiers of the pages.
    """
    if not pages:
        return []
    model = type(pages[0])
    now = timezone.now()
    step = next_step(parent)
    content_type = ContentType.objects.get_for_model(model)
    for rank, page in enumerate(pages):
        page.depth = parent.depth + 1
        page.path = Page._get_path(parent.path, page.depth, step + rank)
        page.url_path = f"{parent.url_path}{page.slug}/"
        page.draft_title, page.live, page.content_type = page.title, True, content_type
        page.locale_id, page.translation_key = parent.locale_id, uuid.uuid4()
        page.first_published_at = page.last_published_at = now
        fold_text(model, page)
        if isinstance(page, ContactPage):
            locate(page)
    tree.insert(pages)
    Page.objects.filter(pk=parent.pk).update(numchild=F("numchild") + len(pages))
    return [page.pk for page in pages]

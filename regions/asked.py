"""What a place asks of the tree, made from values alone: the texts of these statements are kept (``core.kept``)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from wagtail.models import Page


def first_level(depth: int, home_path: str, national_path: str) -> QuerySet[Page]:
    """The published pages at a depth below a home and below the nation's."""
    below = Q(path__startswith=home_path) | Q(path__startswith=national_path)
    return Page.objects.filter(below, depth=depth, live=True)


def named_below(model: type[Page], slug: str, depth: int, paths: tuple[str, ...]) -> QuerySet[Page]:
    """The pages of a type and of that name, at a depth below some pages, published or not."""
    below = Q()
    for path in paths:
        below |= Q(path__startswith=path)
    return model.objects.filter(below, slug=slug, depth=depth)


def published_versions(key: UUID) -> QuerySet[Page]:
    """The published versions of a page in all languages, with their language."""
    return Page.objects.filter(translation_key=key, live=True).select_related("locale")

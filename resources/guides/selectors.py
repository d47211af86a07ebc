"""Reads of guides and their chapters."""

from __future__ import annotations

from django.apps import apps
from django.db.models import QuerySet

from core.kept import Kept, kept
from core.text import story_minutes
from core.together import read_together
from regions import visibility
from regions.places import Place
from resources.filters import folded_match
from resources.frames.merging import merge_many
from resources.related import related

__all__ = ["chapter_context", "chapters", "guides", "related"]


def guides(place: Place, form):
    """The guides shown at a place for these filters: its own first, then the nation's in their order."""
    model = apps.get_model("resources", "GuidePage")
    items = visibility.standing(model.objects.all(), place)
    if situation := form.chosen("situation"):
        items = items.filter(situation=situation)
    if theme := form.chosen("theme"):
        items = items.filter(themes=theme)
    if audience := form.chosen("audience"):
        items = items.filter(audiences=audience)
    if text := form.chosen("q"):
        items = folded_match(items, text, "folded")
    return items.order_by(*place.nearest_first_ordering, "path")


def chapters(guide, complement, place: Place, national: Kept | QuerySet | None = None) -> list[dict]:
    """The chapters of a guide, in order, followed by those that the groupement adds.

    A local chapter that completes a national one, by its key or by its address, comes with it, under
    ``complement``, and is not listed by itself.

    Args:
        national: what :func:`published_below` gives for the guide, when it was read with other things.
    """
    found = published_below(guide, place) if national is None else national
    local = published_below(complement, place) if complement else []
    if complement:
        read_together(found, local)
    national = list(found)
    completing = {chapter.completes or chapter.slug: chapter for chapter in local}
    known = {name for chapter in national for name in (chapter.translation_key, chapter.slug)}
    added = [
        chapter for chapter in local if (chapter.completes or chapter.slug) not in known and not chapter.only_completes
    ]
    ordered = [*national, *added]
    visibility.present([*ordered, *local], place)
    return [
        {
            "page": chapter,
            "title": chapter.title,
            "summary": chapter.summary,
            "slug": chapter.slug,
            "href": chapter.href,
            "origin": chapter.origin,
            "number": number,
            "minutes": story_minutes(chapter.body),
            "complement": completing.get(chapter.translation_key) or completing.get(chapter.slug)
            if chapter in national
            else None,
        }
        for number, chapter in enumerate(ordered, start=1)
    ]


def published_below(guide, place: Place) -> Kept | QuerySet:
    """The published chapters of one guide, without those reserved to some."""
    return kept(_published_below, guide.path, guide.depth + 1, visibility.reserved_below(guide, place))


def _published_below(path: str, depth: int, reserved: tuple[str, ...]) -> QuerySet:
    chapters_ = apps.get_model("resources", "GuideChapterPage").objects.live()
    for closed in reserved:
        chapters_ = chapters_.exclude(path__startswith=closed)
    return chapters_.filter(path__startswith=path, depth=depth).order_by("path")


def merged(entries: list[dict], place: Place) -> dict:
    """The frames among the chapters of a guide, by the chapter's primary key: three queries at most for all."""
    pairs = [(entry["page"], entry["complement"]) for entry in entries if entry["page"].is_frame]
    return {frame.page.pk: frame for frame in merge_many(pairs, place)}


def chapter_context(chapter, place: Place, complement) -> dict:
    """The variables of a chapter's page: its guide, its place in the contents, what comes before and after."""
    parent = chapter.get_parent().specific
    guide = visibility.base_of(parent, place) or parent
    below, themes = published_below(guide, place), guide.themes.all()
    read_together(below, themes, visibility.complements(guide, place))
    local_guide = parent if guide.pk != parent.pk else visibility.complement_of(guide, place)
    visibility.present_one(guide, place)
    contents = chapters(guide, local_guide, place, below)
    here = next((rank for rank, entry in enumerate(contents) if entry["slug"] == chapter.slug), None)
    for rank, entry in enumerate(contents):
        entry["is_current"] = rank == here
    return {
        "guide": guide,
        "chapters": contents,
        "number": contents[here]["number"] if here is not None else len(contents) + 1,
        "previous": contents[here - 1] if here else None,
        "next": contents[here + 1] if here is not None and here + 1 < len(contents) else None,
        "reading_minutes": story_minutes(chapter.body) + (story_minutes(complement.body) if complement else 0),
        **related(guide, place, themes),
    }

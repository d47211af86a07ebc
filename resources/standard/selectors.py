"""Reads of single pages."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Q, QuerySet

from core.kept import Kept
from regions import visibility
from regions.kept import kept_at
from regions.places import Place, relative_path
from resources.frames.merging import Frame, merge_many


def rows_of_each(place: Place) -> Kept | QuerySet:
    """What :func:`pages_of_each_groupement` asks first, to be read with other things."""
    return kept_at(_rows_of_each, place)


def _rows_of_each(place: Place) -> QuerySet:
    model = apps.get_model("resources", "StandardPage")
    if place.is_national:
        return model.objects.none()
    nations = Q(path__startswith=place.national_home.path, must_be_completed=True)
    mine = Q(path__startswith=place.home.path, completes__isnull=False)
    return model.objects.filter(nations | mine, live=True).order_by("path")


def pages_of_each_groupement(place: Place, rows: Kept | QuerySet) -> list:
    """The pages that every groupement has (its project, its presentation, its hours), in the nation's order.

    Each is shown once there is something of the groupement's own to read in it: its words, its contacts, its events,
    or a text that it wrote at that address before. Each has ``href``, ``origin``, and the days of the groupement's own
    text. At most three queries, for what their slots show.

    Args:
        rows: :func:`rows_of_each`.
    """
    pages = [page for page in rows if not page.path.startswith(visibility.restricted_paths(place))]
    completing = {page.completes: page for page in pages if page.path.startswith(place.home.path)}
    nation = [page for page in pages if page.path.startswith(place.national_home.path) and page.is_frame]
    merged = merge_many([(page, completing.get(page.translation_key)) for page in nation], place)
    return [_as_theirs(frame, place) for frame in merged if _says_something(frame)]


def pages_asked_of_each(place: Place) -> list:
    """The same pages as the nation wrote them, in its order, for the directory of the network: one query."""
    model = apps.get_model("resources", "StandardPage")
    rows = visibility.own(model.objects.filter(must_be_completed=True), place).order_by("path")
    return visibility.present(rows, place)


def _says_something(frame: Frame) -> bool:
    has_own_text = frame.complement is not None and not frame.complement.only_completes
    return has_own_text or any(part.is_local for part in frame.parts)


def _as_theirs(frame: Frame, place: Place):
    """A national page as a groupement's visitors are led to it."""
    page, own = frame.page, frame.complement
    page.href, page.origin = place.base_path + relative_path(page), visibility.origin_of(place)
    page.checked_on = own.checked_on if own else None
    page.last_published_at = own.last_published_at if own else None
    return page

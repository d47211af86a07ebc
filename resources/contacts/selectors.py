"""Reads of contacts."""

from __future__ import annotations

from itertools import groupby

from django.apps import apps
from django.db.models import Q

from core.text import fold
from regions import visibility
from regions.places import Place
from resources.filters import folded_match


def contacts(place: Place, form):
    """The contacts shown at a place for these filters, by side, category, nearness and name."""
    model = apps.get_model("resources", "ContactPage")
    items = visibility.visible(model.objects.select_related("category"), place).prefetch_related("phones")
    if side := form.chosen("side"):
        items = items.filter(category__side=side)
    if category := form.chosen("category"):
        items = items.filter(category=category)
    if theme := form.chosen("theme"):
        items = items.filter(themes=theme)
    if town := form.chosen("place"):
        items = items.filter(_in_town(town))
    if text := form.chosen("q"):
        items = folded_match(items, text, "folded")
    return items.order_by(
        "category__side", "category__order", "category__name", *place.nearest_first_ordering, "sort_key", "pk"
    )


def _in_town(text: str) -> Q:
    """A postcode, its first digits, or a commune's name written with or without accents."""
    if text.isascii() and text.isdigit():
        return Q(postcode__startswith=text)
    return Q(folded__contains=fold(text))


def grouped(items: list) -> list[dict]:
    """Group a page of contacts by side then category, in the order they come."""
    groups = []
    for side, rows_of_side in groupby(items, key=lambda item: item.category.side):
        in_side = list(rows_of_side)
        categories = [
            {"category": in_category[0].category, "items": in_category}
            for in_category in (list(rows) for _pk, rows in groupby(in_side, key=lambda item: item.category_id))
        ]
        groups.append({"side": side, "side_label": in_side[0].category.get_side_display(), "categories": categories})
    return groups


def map_points(items: list) -> list[dict]:
    """The contacts of a page that have a point, for the map that visitors may ask for."""
    return [
        {"lat": item.latitude, "lon": item.longitude, "title": item.title, "href": item.href}
        for item in items
        if item.has_point
    ]


def neighbours(contact, place: Place) -> dict[str, list]:
    """Other contacts of the same category at this place, nearest first."""
    model = apps.get_model("resources", "ContactPage")
    others = visibility.visible(model.objects.select_related("category"), place).prefetch_related("phones")
    others = others.filter(category=contact.category_id).exclude(pk=contact.pk)
    others = others.order_by(*place.nearest_first_ordering, "sort_key")[:4]
    return {"related_contacts": visibility.present(others, place)}

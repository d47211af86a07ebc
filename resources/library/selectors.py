"""Reads of the library."""

from __future__ import annotations

from django.apps import apps

from regions import visibility
from regions.places import Place
from resources.filters import folded_match


def resources(place: Place, form):
    """The resources shown at a place for these filters: its own first, then the latest."""
    model = apps.get_model("resources", "ResourcePage")
    items = visibility.visible(model.objects.select_related("file"), place)
    if kind := form.chosen("kind"):
        items = items.filter(kind=kind)
    if level := form.chosen("level"):
        items = items.filter(level=level)
    if theme := form.chosen("theme"):
        items = items.filter(themes=theme)
    if text := form.chosen("q"):
        items = folded_match(items, text, "folded")
    return items.order_by(*place.nearest_first_ordering, "-published_on", "sort_key", "pk")

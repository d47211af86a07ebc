"""Reads of contacts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from itertools import groupby
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from core.geo.distance import distance_to, within_box
from core.text import fold
from regions import visibility
from regions.places import Place
from resources.contacts import hours
from resources.contacts.forms import NOW, PERHAPS
from resources.filters import folded_match

POSITION = {"latitude_field": "position_latitude", "longitude_field": "position_longitude"}


def contacts(place: Place, form) -> QuerySet:
    """The contacts shown at a place for these filters.

    Around a commune: nearest first, ``distance`` in kilometres on each, those without a position at the end.
    Otherwise: by side, category, nearness of the groupement, and name.
    """
    items = _open_filter(_around(_matching(place, form), form), form)
    items = items.select_related("category").prefetch_related("phones", "opening_slots")
    if form.centre:
        return items.order_by(F("distance").asc(nulls_last=True), "sort_key", "pk")
    return items.order_by(
        "category__side", "category__order", "category__name", *place.nearest_first_ordering, "sort_key", "pk"
    )


def not_shown(place: Place, form) -> dict[str, int]:
    """How many contacts a filter leaves out for want of knowing: ``position`` with a radius, ``hours`` with “open”."""
    found = {"position": 0, "hours": 0}
    if form.centre and form.chosen("radius"):
        items = _open_filter(_matching(place, form), form)
        found["position"] = items.filter(position_latitude__isnull=True).count()
    if form.chosen("open") == NOW:
        items = _around(_matching(place, form), form)
        found["hours"] = items.filter(opening_slots__isnull=True).count()
    return found


def _matching(place: Place, form) -> QuerySet:
    """What the filters choose, distance and hours aside."""
    model = apps.get_model("resources", "ContactPage")
    items = visibility.visible(model.objects.all(), place)
    if side := form.chosen("side"):
        items = items.filter(category__side=side)
    if category := form.chosen("category"):
        items = items.filter(category=category)
    if theme := form.chosen("theme"):
        items = items.filter(themes=theme)
    if (town := form.chosen("place")) and not form.centre:
        items = items.filter(_in_town(town))
    if text := form.chosen("q"):
        items = folded_match(items, text, "folded")
    return items


def _around(items: QuerySet, form) -> QuerySet:
    centre = form.centre
    if centre is None:
        return items
    items = items.annotate(distance=distance_to(centre.latitude, centre.longitude, **POSITION))
    if radius := form.chosen("radius"):
        box = within_box(centre.latitude, centre.longitude, radius, **POSITION)
        items = items.filter(box, distance__lte=radius)
    return items


def _open_filter(items: QuerySet, form) -> QuerySet:
    chosen = form.chosen("open")
    if not chosen:
        return items
    open_now = Q(pk__in=open_slots(timezone.now()).values("page"))
    if chosen == PERHAPS:
        slots = apps.get_model("resources", "OpeningSlot")
        open_now |= ~Q(pk__in=slots.objects.values("page"))
    return items.filter(open_now)


def open_slots(moment: dt.datetime) -> QuerySet:
    """The hours that hold a moment, each on the clock of its own contact."""
    model = apps.get_model("resources", "OpeningSlot")
    clocks: dict[tuple[int, dt.time], list[str]] = defaultdict(list)
    for zone in {hours.PARIS, *hours.TIME_ZONES.values()}:
        local = moment.astimezone(ZoneInfo(zone))
        clocks[local.isoweekday(), local.time()].append(zone)
    condition = Q(pk__in=[])
    for (day, time), zones in clocks.items():
        days = Q(first_day=day, last_day__isnull=True) | Q(first_day__lte=day, last_day__gte=day)
        times = Q(opens_at__lte=time) & (Q(closes_at__gt=time) | Q(closes_at=hours.MIDNIGHT))
        condition |= days & times & Q(page__time_zone__in=zones)
    return model.objects.filter(condition)


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


def neighbours(contact, place: Place) -> dict[str, list]:
    """Other contacts of the same category at this place, nearest first."""
    model = apps.get_model("resources", "ContactPage")
    others = visibility.visible(model.objects.select_related("category"), place).prefetch_related("phones")
    others = others.filter(category=contact.category_id).exclude(pk=contact.pk)
    others = others.order_by(*place.nearest_first_ordering, "sort_key")[:4]
    return {"related_contacts": visibility.present(others, place)}

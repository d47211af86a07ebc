"""Where a contact stands: its own point, else the centre of its commune; and the clock it lives by."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps

from core.geo import communes
from core.geo.communes import Commune
from core.text import fold
from resources.contacts import hours

FIELDS = ("position_latitude", "position_longitude", "position_source", "time_zone")
BATCH = 500


def commune_of(contact) -> Commune | None:
    """The commune that an address names: by its official code, else by its postcode and name, else by a sure name."""
    if contact.insee_code and (found := communes.by_code(contact.insee_code)):
        return found
    name = fold(contact.commune)
    if contact.postcode:
        candidates = communes.by_postcode(contact.postcode)
        same = [one for one in candidates if fold(one.name) == name]
        if same:
            return same[0]
        if name:
            # « Brest Cedex », « Quimper (Penhars) »: what a person means by that name, if it is of that postcode.
            meant = [one for one in communes.find(contact.commune, 8) if one in candidates]
            if meant:
                return meant[0]
        return candidates[0] if candidates else _only(contact.commune)
    return _only(contact.commune) if name else None


def _only(name: str) -> Commune | None:
    """The commune of a name that no other has; nobody is put in the wrong one of two."""
    same = [one for one in communes.find(name, 8) if fold(one.name) == fold(name)] if name else []
    return same[0] if len(same) == 1 else None


def locate(contact) -> None:
    """Fill in the columns that distances and “open now” are reckoned with."""
    from resources.contacts.models import PositionSource  # here: the models import what this module needs

    latitude, longitude, source = None, None, ""
    if contact.has_point:
        latitude, longitude, source = contact.latitude, contact.longitude, PositionSource.POINT.value
    elif (commune := commune_of(contact)) and commune.has_point:
        latitude, longitude, source = commune.latitude, commune.longitude, PositionSource.COMMUNE.value
    contact.position_latitude, contact.position_longitude, contact.position_source = latitude, longitude, source
    contact.time_zone = hours.time_zone(contact.insee_code, contact.postcode)


def locate_on_save(sender, instance, raw: bool = False, **kwargs) -> None:
    """Receiver of ``pre_save`` of contacts."""
    locate(instance)


def locate_all() -> Iterator[int]:
    """Bring the columns of every contact up to date; for rows older than them, and newer communes.

    Yields:
        after each batch, how many of its rows were changed.
    """
    model = apps.get_model("resources", "ContactPage")
    last = 0
    while rows := list(model.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        changed = []
        for contact in rows:
            before = [getattr(contact, name) for name in FIELDS]
            locate(contact)
            if before != [getattr(contact, name) for name in FIELDS]:
                changed.append(contact)
        model.objects.bulk_update(changed, FIELDS)
        yield len(changed)
        last = rows[-1].pk

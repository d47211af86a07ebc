"""Contacts as GeoJSON, for maps. Source: RFC 7946."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from core.phones import to_national


def feature(contact) -> dict:
    """One contact; without geometry when nobody knows where it is."""
    geometry = None
    if contact.has_position:
        point = [round(contact.position_longitude, 6), round(contact.position_latitude, 6)]
        geometry = {"type": "Point", "coordinates": point}
    properties = {
        "name": contact.title,
        "category": contact.category.code,
        "side": contact.category.side,
        "description": contact.service,
        "phones": [to_national(phone.number) for phone in contact.phones.all()],
        "email": contact.email,
        "website": contact.website,
        "address": contact.one_line_address,
        "insee_code": contact.insee_code,
        "position": contact.position_source,
        "opening_hours": contact.osm_opening_hours,
        "opening_hours_note": contact.opening_hours,
        "checked_on": contact.checked_on.isoformat() if contact.checked_on else "",
        "origin": contact.origin.label,
        "url": contact.href,
    }
    return {
        "type": "Feature",
        "id": str(contact.translation_key),
        "geometry": geometry,
        "properties": {name: value for name, value in properties.items() if value},
    }


def to_geojson(contacts: Iterable) -> Iterator[str]:
    """A collection of features, coordinates as longitude then latitude (WGS 84), in pieces to be streamed."""
    yield '{"type": "FeatureCollection", "features": ['
    for rank, contact in enumerate(contacts):
        yield (",\n" if rank else "\n") + json.dumps(feature(contact), ensure_ascii=False)
    yield "\n]}\n"

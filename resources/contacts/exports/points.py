"""The points of the map: a title, an address and a position for each contact, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from regions import visibility
from regions.places import Place
from resources.contacts.exports.rows import LIMIT


@dataclass(slots=True)
class Row:
    """What :mod:`regions.visibility` needs to know of a page in order to give its address."""

    path: str
    url_path: str
    depth: int
    title: str
    latitude: float
    longitude: float
    source: str
    origin: object = None
    href: str = ""


_COLUMNS = ("path", "url_path", "depth", "title", "position_latitude", "position_longitude", "position_source")


def points(items: QuerySet, place: Place, base: str) -> dict:
    """The positions of the first contacts of a listing.

    Args:
        base: the listing's own address; what is below it is given from there, to keep the answer short.

    Returns:
        ``points`` are lists: latitude, longitude, title, address, 1 when the position is that of the commune;
        ``rest`` is how many contacts have no position.
    """
    rows = items.filter(position_latitude__isnull=False).prefetch_related(None).values_list(*_COLUMNS)
    found = [Row(*row) for row in rows[:LIMIT]]
    visibility.present(found, place)
    return {
        "points": [
            [
                round(row.latitude, 5),
                round(row.longitude, 5),
                row.title,
                row.href.removeprefix(base),
                int(row.source == "commune"),
            ]
            for row in found
        ],
        "rest": items.filter(position_latitude__isnull=True).count(),
    }

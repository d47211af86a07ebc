"""The communes of France, overseas included: found by name, postcode, official code or point.

Nothing here asks the network or the database. The first call of a process reads the file (see docs/geo.md).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from math import floor, sqrt

from core.geo.distance import KM_PER_DEGREE, kilometres
from core.geo.keys import key, keys_of_question, words
from core.geo.store import codes, store

MAX_QUESTION = 80
SHORTEST_PART = 4
CELL_DEGREES = 0.5
_DIGITS = re.compile(r"[0-9]{2,5}")
_CEDEX = re.compile(r"\bcedex\b\s*[0-9]{0,2}", re.IGNORECASE)
_DEPARTEMENT = re.compile(r"2[ab]|97[1-8]|98[46-9]|[0-9]{2}")
_ENCLOSED = re.compile(r"^(?P<name>.+?)\s*(?:\((?P<inside>[^()]*)\)|,\s*(?P<after>[^,]*))\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune as it is today."""

    code: str  # INSEE's, such as 35288; 2A004 in Corsica
    name: str
    postcodes: tuple[str, ...]
    departement: str  # as in regions/territories.py: 35, 2A, 974, 988
    population: int
    latitude: float | None  # degrees, WGS 84
    longitude: float | None
    approximate: bool = False  # the point is that of a neighbour, or of the département's seat
    former_name: str = field(default="", compare=False)  # what was asked, when it is now part of this commune

    @property
    def departement_name(self) -> str:
        return store().about["departements"].get(self.departement, "")

    @property
    def label(self) -> str:
        """Its name and département, as ``find`` reads them back: ``Saint-Denis (974)``."""
        return f"{self.name} ({self.departement})"

    @property
    def has_point(self) -> bool:
        return self.latitude is not None and self.longitude is not None

    def kilometres_to(self, latitude: float, longitude: float) -> float | None:
        """The distance to a point, or None when nobody knows where the commune is."""
        if self.latitude is None or self.longitude is None:
            return None
        return kilometres(self.latitude, self.longitude, latitude, longitude)


@lru_cache(maxsize=2048)
def _commune(position: int, former_name: str = "") -> Commune:
    code, name, postcodes, departement, population, latitude, longitude, near = store().rows[position].split("\t")
    return Commune(
        code=code,
        name=name,
        postcodes=tuple(postcodes.split()),
        departement=departement,
        population=int(population),
        latitude=float(latitude) if latitude else None,
        longitude=float(longitude) if longitude else None,
        approximate=bool(near),
        former_name=former_name,
    )


def by_code(insee: str) -> Commune | None:
    """The commune of an official code; for the code of one that was merged, the commune that it became part of."""
    position = codes().get(insee.strip().upper())
    return None if position is None else _commune(position)


def by_postcode(code: str) -> list[Commune]:
    """The communes of a whole postcode, most populous first; a CEDEX code gives its town."""
    if not re.fullmatch(r"[0-9]{5}", code, re.ASCII):
        return []
    return [_commune(position) for position in store().by_digits(code)]


def find(text: str, limit: int = 8) -> list[Commune]:
    """The communes that a person may mean, exact names before beginnings, most populous first.

    Args:
        text: a name or a postcode, whole or its beginning, typed as people do: ``st malo``, ``35400``,
            ``L'Hay les Roses``, ``35400 Saint-Malo``, ``Saint-Denis 974``, ``Saint-Denis (La Réunion)``.
            A former commune leads to today's (``former_name``).
        limit: how many at most.
    """
    text = _CEDEX.sub(" ", text[:MAX_QUESTION].replace("\x00", " ")).strip()
    digits = re.sub(r"\s", "", text)
    if digits.isascii() and digits.isdigit():
        return [_commune(p) for p in store().by_digits(digits)[:limit]] if 2 <= len(digits) <= 5 else []
    for name, departements, postcode in _readings(text):
        found = _named(name, limit, departements, postcode)
        if found:
            return found
    part = key(text)
    if len(part) < SHORTEST_PART or not part.isalpha():
        return []
    return [_commune(*pair) for pair in _best(store().by_part(part))[:limit]]


def nearest(latitude: float, longitude: float) -> Commune:
    """The commune whose centre is nearest to a point, in degrees."""
    distances = {
        cell: kilometres(latitude, longitude, (cell[0] + 0.5) * CELL_DEGREES, (cell[1] + 0.5) * CELL_DEGREES)
        for cell in _grid()
    }
    # Nothing in a cell is further from its middle than half its diagonal: cells beyond this cannot hold the nearest.
    reach = min(distances.values()) + 2 * (KM_PER_DEGREE * CELL_DEGREES * sqrt(2) / 2)
    points = (point for cell, distance in distances.items() if distance <= reach for point in _grid()[cell])
    return _commune(min(points, key=lambda point: kilometres(latitude, longitude, point[0], point[1]))[2])


def around(latitude: float, longitude: float, kilometres_around: float) -> list[Commune]:
    """The communes whose centre is at most so far from a point, in no order."""
    reach = kilometres_around + KM_PER_DEGREE * CELL_DEGREES * sqrt(2) / 2
    found = []
    for cell, points in _grid().items():
        middle = (cell[0] + 0.5) * CELL_DEGREES, (cell[1] + 0.5) * CELL_DEGREES
        if kilometres(latitude, longitude, *middle) <= reach:
            found += [
                _commune(position)
                for there, east, position in points
                if kilometres(latitude, longitude, there, east) <= kilometres_around
            ]
    return found


@cache
def _grid() -> dict[tuple[int, int], list[tuple[float, float, int]]]:
    """The communes' centres by square of ``CELL_DEGREES``; those whose point is their own."""
    cells: dict[tuple[int, int], list[tuple[float, float, int]]] = defaultdict(list)
    for position, row in enumerate(store().rows):
        latitude, longitude, near = row.rsplit("\t", 3)[1:]
        if latitude and not near:
            point = float(latitude), float(longitude), position
            cells[floor(point[0] / CELL_DEGREES), floor(point[1] / CELL_DEGREES)].append(point)
    return dict(cells)


def _readings(text: str) -> Iterable[tuple[str, set[str], str]]:
    """What was typed as (name, départements, postcode), the most precise reading first."""
    enclosed = _ENCLOSED.match(text)
    if enclosed:
        where = enclosed["inside"] or enclosed["after"] or ""
        departements = _departements(where)
        if departements:
            yield enclosed["name"], departements, ""
        if _DIGITS.fullmatch(where.strip()):
            yield enclosed["name"], set(), where.strip()
    parts = words(text)
    if len(parts) > 1:
        for rest, number in ((parts[:-1], parts[-1]), (parts[1:], parts[0])):
            if _DEPARTEMENT.fullmatch(number):
                yield " ".join(rest), {number.upper()}, ""
            elif number.isdigit() and len(number) == 5:
                yield " ".join(rest), set(), number
                yield "", set(), number
    yield text, set(), ""
    for count in range(len(parts) - 1, 0, -1):
        departements = _departements(" ".join(parts[count:]))
        if departements:
            yield " ".join(parts[:count]), departements, ""
    if enclosed:
        yield enclosed["name"], set(), ""


def _departements(text: str) -> set[str]:
    wanted = key(text)
    if not wanted:
        return set()
    names = store().about["departements"]
    return {code for code, name in names.items() if wanted in (code.lower(), key(name)) or key(name) == f"la{wanted}"}


def _named(name: str, limit: int, departements: set[str], postcode: str) -> list[Commune]:
    if not name:
        return by_postcode(postcode)[:limit]

    keys = keys_of_question(name)
    found: dict[int, str] = {}
    for look_up in (store().by_key, store().by_prefix):
        for position, former in _best(line for one in keys for line in look_up(one)):
            if _matches(position, departements, postcode):
                found.setdefault(position, former)
        if len(found) >= limit:
            break
    return [_commune(position, former) for position, former in list(found.items())[:limit]]


def _best(lines: Iterable[str]) -> list[tuple[int, str]]:
    """Lines of the index as (position, former name): today's names before former ones, most populous first."""
    best: dict[int, str] = {}
    for line in lines:
        _key, position, *former = line.split("\t")
        found = int(position)
        if found not in best or not former:
            best[found] = former[0] if former else ""
    return sorted(best.items(), key=lambda pair: (bool(pair[1]), pair[0]))


def _matches(position: int, departements: set[str], postcode: str) -> bool:
    if not departements and not postcode:
        return True
    commune = _commune(position)
    if departements:
        return commune.departement in departements
    return any(code.startswith(postcode) for code in commune.postcodes)

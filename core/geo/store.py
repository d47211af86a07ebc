"""The file of communes, read once for each process and searched where it lies.

One gzip text: a line of JSON, then sections separated by an empty line (``core/geo/building.py`` writes it).
Rows stay text until they are asked for: 37,000 objects would cost ten times the memory and the time.
"""

from __future__ import annotations

import gzip
import json
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PATH = Path(__file__).parent / "data" / "communes.txt.gz"
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Store:
    """The communes, most populous first, and the ways to reach them by their position in ``rows``."""

    about: dict
    rows: list[str]
    names: list[str]  # "key<TAB>position[<TAB>former name]", sorted
    postcodes: list[str]  # "35400<TAB>position position…", sorted
    company_postcodes: list[str]  # CEDEX codes, likewise
    former_codes: list[str]

    def by_key(self, key: str) -> list[str]:
        """The lines of ``names`` for exactly this key."""
        start = bisect_left(self.names, f"{key}\t")
        return self.names[start : bisect_left(self.names, f"{key}\n")]

    def by_prefix(self, prefix: str) -> list[str]:
        """The lines of ``names`` whose key begins with ``prefix``."""
        return self.names[bisect_left(self.names, prefix) : bisect_left(self.names, prefix + _LAST)]

    def by_part(self, part: str) -> list[str]:
        """The lines of ``names`` that have ``part`` somewhere in their key; a walk over all of them."""
        return [line for line in self.names if part in line]

    def by_digits(self, digits: str) -> list[int]:
        """The positions of the communes whose postcode begins with ``digits``; CEDEX codes when no other does."""
        for lines in (self.postcodes, self.company_postcodes):
            found = lines[bisect_left(lines, digits) : bisect_left(lines, digits + _LAST)]
            if found:
                return sorted({int(position) for line in found for position in line.split("\t")[1].split(" ")})
        return []


@cache
def store() -> Store:
    """Read the file; once for each process."""
    head, *sections = gzip.decompress(PATH.read_bytes()).decode().split("\n\n")
    return Store(json.loads(head), *(section.split("\n") if section else [] for section in sections))


@cache
def codes() -> dict[str, int]:
    """The positions by official code, those of merged communes included; made once for each process that asks."""
    read = store()
    found = {row.split("\t", 1)[0]: position for position, row in enumerate(read.rows)}
    return found | {code: int(position) for code, position in (line.split("\t") for line in read.former_codes)}

"""French questions as people type them, with what they expect first; and how well an engine answers them.

``queries.csv``: the question, the place it is put from, and addresses with a grade from 1 (useful) to 3 (the one).
An address is the page's own below its home; ``*`` stands for anything; the first pattern that fits gives the grade.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from math import log2
from pathlib import Path

FILE = Path(__file__).parent / "queries.csv"


@dataclass(frozen=True)
class Query:
    """One question; ``expected`` gives patterns of addresses with their grades, in order."""

    text: str
    place: str
    expected: tuple[tuple[str, int], ...]

    def grade(self, address: str) -> int:
        """What an address is worth: 0 to 3."""
        return next((grade for pattern, grade in self.expected if fnmatch(address, pattern)), 0)


def queries() -> list[Query]:
    """The questions of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";", quoting=csv.QUOTE_NONE))
    return [
        Query(
            row["query"],
            row["place"],
            tuple(
                (pattern, int(grade))
                for pattern, _, grade in (part.rpartition("=") for part in row["expected"].split())
            ),
        )
        for row in rows
    ]


def gain(grades: Iterable[int]) -> float:
    """Discounted cumulative gain of the first ten grades (Järvelin and Kekäläinen, 2002)."""
    return sum((2**grade - 1) / log2(rank + 2) for rank, grade in enumerate(list(grades)[:10]))


@dataclass(frozen=True)
class Score:
    """How one question was answered."""

    query: Query
    ndcg: float
    success: bool
    possible: bool


def judge(query: Query, answered: list[str], everything: Iterable[str]) -> Score:
    """Compare the addresses found, in order, with the best that this place could answer."""
    best = sorted((query.grade(address) for address in everything), reverse=True)
    ideal = gain(best)
    found = [query.grade(address) for address in answered]
    success = any(grade == max(best, default=0) and grade for grade in found[:3])
    return Score(query, gain(found) / ideal if ideal else 0.0, success, bool(ideal))


def mean(scores: list[Score], of: Callable[[Score], float]) -> float:
    """The mean over the questions that this content can answer."""
    counted = [score for score in scores if score.possible]
    return sum(of(score) for score in counted) / max(1, len(counted))

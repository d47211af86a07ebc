"""The question, and what answers it: the types that screens are written against."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from regions.visibility import Origin

MAX_PAGE, MAX_PAGE_SIZE = 500, 100


@dataclass(frozen=True)
class Question:
    """What a visitor asks. Every value may come straight from an address: what is not understood is left out."""

    text: str = ""
    kinds: tuple[str, ...] = ()
    theme: str = ""
    audience: str = ""
    groupement: str = ""  # its code
    level: str = ""  # "nation" | "zone" | "groupement"
    when: str = ""  # events: "upcoming" | "month" | "past"
    sort: str = ""  # "" by relevance | "date" | "distance"
    near: tuple[float, float] | None = None  # latitude, longitude
    whole_network: bool = False  # what others publish without sharing it, too
    language: str = ""  # the place's when not given
    page: int = 1
    page_size: int = 20

    @property
    def is_narrowed(self) -> bool:
        """Whether a facet is chosen."""
        return any((self.kinds, self.theme, self.audience, self.groupement, self.level, self.when))

    @property
    def start(self) -> int:
        """The rank of the first result of the page asked for."""
        return (self.page_number - 1) * self.size

    @property
    def page_number(self) -> int:
        return min(max(1, self.page), MAX_PAGE)

    @property
    def size(self) -> int:
        return min(max(1, self.page_size), MAX_PAGE_SIZE)


@dataclass
class Hit:
    """One result, as it is read from the place of the question."""

    page_id: int
    kind: str
    kind_label: str
    title: str
    extract: str  # safe HTML, the words found in <mark>
    href: str
    origin: Origin
    date: dt.date | None = None
    when_label: str = ""
    distance_km: float | None = None
    context: str = ""  # the guide of a chapter


@dataclass
class FacetValue:
    """One choice of a facet, and how many results it leaves."""

    code: str
    label: str
    count: int
    selected: bool = False


@dataclass
class Facet:
    """Choices of one sort, the most frequent first."""

    name: str
    label: str
    values: list[FacetValue]


@dataclass
class Results:
    """What answers a question."""

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    facets: list[Facet] = field(default_factory=list)
    suggestion: str = ""  # “vouliez-vous dire”
    corrected_from: str = ""  # what was typed, when the results are those of ``suggestion``
    is_partial: bool = False  # nothing holds all the words: the results hold some of them


@dataclass
class Suggestion:
    """One page offered while typing."""

    label: str
    href: str
    kind_label: str
    origin_label: str


@dataclass
class Found:
    """What an engine answers: the pages of one screen, in order, and the counts.

    ``counts`` gives, for each facet, how many results each of its values would leave.
    """

    page_ids: list[int] = field(default_factory=list)
    total: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

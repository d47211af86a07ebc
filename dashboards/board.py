"""The board of zone and nation: groupements by frames, filtered, and what stands out of it. No screen here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from wagtail.models import Locale

from dashboards.models import Label
from regions.models import Groupement, Zone
from resources.frames import completeness
from resources.frames.completeness import Cell, FrameInfo, State

NAME, LEAST_DONE, OLDEST = "name", "least", "oldest"
DRAFT = "draft"  # among the states: something written waits to be published
NO_ZONE = "aucune"
LONGEST_LIST = 10


@dataclass
class Row:
    """One groupement on the board.

    Attributes:
        is_expected: something is expected of it; otherwise its state (vacant…) is shown, and it is not counted.
    """

    groupement: Groupement
    cells: list[Cell]
    label: Label | None
    is_expected: bool
    sum: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sum = completeness.count(self.cells)

    @property
    def oldest(self) -> dt.date | None:
        """Day of its oldest published answer."""
        return min((cell.oldest for cell in self.cells if cell.oldest), default=None)


@dataclass
class Column:
    """One national text, and where those who are counted stand with it."""

    frame: FrameInfo
    sum: dict[str, int]
    oldest: dt.date | None


@dataclass
class Board:
    """What is shown: the rows kept by the filters, and the frames kept."""

    rows: list[Row]
    frames: list[FrameInfo]

    @property
    def counted(self) -> list[Row]:
        return [row for row in self.rows if row.is_expected]

    @property
    def sum(self) -> dict[str, int]:
        """How many cells are in each state, among those that are counted."""
        return completeness.count(cell for row in self.counted for cell in row.cells)

    @property
    def zones(self) -> list[Zone]:
        """The zones of its groupements, by name."""
        found = {row.groupement.zone_id: row.groupement.zone for row in self.rows if row.groupement.zone}
        return sorted(found.values(), key=lambda zone: zone.name)

    @property
    def columns(self) -> list[Column]:
        found = []
        for rank, frame in enumerate(self.frames):
            cells = [row.cells[rank] for row in self.counted]
            days = [cell.oldest for row in self.rows if (cell := row.cells[rank]).oldest]
            found.append(Column(frame, completeness.count(cells), min(days, default=None)))
        return found

    def oldest(self) -> list[Cell]:
        """The oldest published answers, the oldest first."""
        dated = [cell for row in self.rows for cell in row.cells if cell.oldest]
        return sorted(dated, key=lambda cell: (cell.oldest, cell.groupement.name))[:LONGEST_LIST]


def board(groupements: QuerySet[Groupement], *, locale: Locale | None = None) -> Board:
    """The whole board of some groupements, in fewer than 15 queries whatever their number and that of the frames.

    Args:
        groupements: those that the person pilots.
        locale: the language; in another than the usual one, only the groupements that have a site in it.
    """
    if locale is not None and not locale.is_default:
        groupements = groupements.filter(roots__locale=locale, roots__live=True).distinct()
    # With their labels, so that there is no query more for them.
    found = completeness.matrix(groupements.select_related("zone", "label"), locale=locale)
    rows = [
        Row(row, found.row(row), getattr(row, "label", None), completeness.is_expected(row))
        for row in found.groupements
    ]
    return Board(rows, found.frames)


def narrowed(whole: Board, *, zone: str = "", key: str = "", state: str = "", order: str = NAME) -> Board:
    """What the filters keep of a board. No query.

    Args:
        zone: code of a zone, or ``NO_ZONE``.
        key: ``translation_key`` of one national page, to see it alone.
        state: keep the groupements of which one cell at least is in this state (or a draft waits: ``DRAFT``).
        order: ``NAME``, ``LEAST_DONE`` or ``OLDEST``.
    """
    kept = [rank for rank, info in enumerate(whole.frames) if not key or str(info.page.translation_key) == key]
    rows = [
        Row(row.groupement, [row.cells[rank] for rank in kept], row.label, row.is_expected)
        for row in whole.rows
        if not zone or zone == (row.groupement.zone.code if row.groupement.zone else NO_ZONE)
    ]
    if state:
        rows = [row for row in rows if any(is_in(cell, state) for cell in row.cells)]
    return Board(_sorted(rows, order), [whole.frames[rank] for rank in kept])


def is_in(cell: Cell, state: str) -> bool:
    """Whether a cell is in a state, or has a draft that waits."""
    return cell.has_draft if state == DRAFT else cell.state == State(state)


def _sorted(rows: Iterable[Row], order: str) -> list[Row]:
    if order == LEAST_DONE:  # those of which nothing is expected last
        return sorted(rows, key=lambda row: (not row.is_expected, row.sum["done"], row.groupement.name))
    if order == OLDEST:
        return sorted(rows, key=lambda row: (row.oldest or dt.date.max, row.groupement.name))
    return list(rows)

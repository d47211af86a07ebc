"""The board as a table for spreadsheets: one line for each groupement and frame."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from core import spreadsheets
from dashboards.board import Board, Row
from resources.frames.completeness import Cell

CSV, XLSX = "csv", "xlsx"
WIDTHS = (20, 24, 14, 40, 16, 10, 10, 50, 50, 10, 14, 20)


def header() -> list[str]:
    return [
        _("Zone"),
        _("Groupement"),
        _("Status"),
        _("National text"),
        _("State"),
        _("Done"),
        _("Asked"),
        _("Still missing"),
        _("Left out, and why"),
        _("Draft"),
        _("Oldest answer"),
        _("Label"),
    ]


def lines(board: Board) -> Iterator[list]:
    """The cells of each line: texts, numbers and dates."""
    for row in board.rows:
        for cell in row.cells:
            yield _line(row, cell)


def _line(row: Row, cell: Cell) -> list:
    groupement = row.groupement
    reasons = [cell.not_concerned] if cell.not_concerned else [f"{title} : {why}" for title, why in cell.left_out]
    return [
        groupement.zone.name if groupement.zone else "",
        groupement.name,
        str(groupement.get_status_display()),
        cell.frame.page.title,
        str(cell.state.label),
        cell.done,
        cell.required,
        ", ".join(f"{slot.title} ({number})" if slot.is_automatic else slot.title for slot, number in cell.missing),
        " ; ".join(reasons),
        _("yes") if cell.has_draft else "",
        cell.oldest,
        str(row.label.get_state_display()) if row.label else "",
    ]


def csv_pieces(board: Board) -> Iterator[bytes]:
    """The board as CSV, in pieces to be streamed."""
    return spreadsheets.csv_lines(header(), lines(board))


def xlsx(board: Board) -> bytes:
    """The board as an Excel workbook."""
    return spreadsheets.xlsx(_("Steering"), header(), lines(board), widths=WIDTHS)

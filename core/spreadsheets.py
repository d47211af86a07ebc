"""Tables that people open in a spreadsheet: nothing in them is ever a formula, whoever typed it.

Sources: RFC 4180 (CSV); OWASP, “CSV injection”.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

BOM = "\ufeff"  # by which Excel knows that a CSV file is in UTF-8
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_000  # Excel's limit is 32,767
# What a spreadsheet takes for the beginning of a formula, the full-width forms included.
_FORMULA = re.compile(r"^[\s\x00]*[=+\-@＝＋－＠\t\r]")
# A number or a telephone number with its country: shown as it is, it computes nothing.
# What openpyxl writes, and no reader of XML takes (XML 1.0 §2.2).
_UNWRITABLE = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
_HARMLESS = re.compile(r"^[+-]?\d[\d .,()-]{0,30}$")
_LINES_OF = 200


def neutral(value: Any) -> str:
    """A value as text that no spreadsheet computes: an apostrophe is put before what looks like a formula.

    ``+33 1 99 00 00 01`` and ``-4.49`` stay readable: they are numbers and nothing else.
    """
    text = str(value if value is not None else "")
    if not text.isprintable():  # few are not: a text of several lines, or what no workbook may hold
        text = _UNWRITABLE.sub("", ILLEGAL_CHARACTERS_RE.sub("", text))
    text = text[:LONGEST_CELL]
    if _FORMULA.match(text) and not (_HARMLESS.match(text) and not _computes(text)):
        return "'" + text
    return text


def _computes(text: str) -> bool:
    """Whether a text of digits and signs is a subtraction rather than one number."""
    return bool(re.search(r"\d\s*[-(]", text[1:]))


def plain(text: str) -> str:
    """What was written before :func:`neutral`: for tables that come back."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def csv_lines(header: Iterable, rows: Iterable[Iterable]) -> Iterator[bytes]:
    """A table as CSV: RFC 4180, UTF-8 with the mark that Excel expects, in pieces to be streamed."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow([neutral(cell) for cell in header])
    for rank, row in enumerate(rows, start=1):
        writer.writerow([neutral(cell) for cell in row])
        if rank % _LINES_OF == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def xlsx(title: str, header: Iterable, rows: Iterable[Iterable], *, widths: Iterable[int] = ()) -> bytes:
    """A table as an Excel workbook of one sheet: the header in bold and frozen, texts as texts.

    Args:
        title: name of the sheet, at most 31 characters.
        rows: of texts, numbers, dates or ``None``.
        widths: of the columns, in characters.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
    sheet.freeze_panes = "A2"
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_bold(sheet, cell) for cell in header])
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _bold(sheet, value) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=neutral(value))
    cell.font = Font(bold=True)
    cell.alignment = Alignment(vertical="top")
    return cell


def _cell(sheet, value):
    if value is None or isinstance(value, bool | int | float | dt.date):
        return value
    text = neutral(value)
    if not text:
        return None
    if not _FORMULA.match(text):
        return text
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell

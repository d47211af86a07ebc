"""Reads a table that somebody sent: CSV in the usual encodings and separators, or XLSX. Size first, then a parser.

Nothing of a file is believed: neither its name, nor the sizes it announces.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000
MAX_LINES = 200_000  # empty ones included
MAX_COLUMNS = 60
MAX_CELLS = 400_000  # that are not empty
MAX_CELL = 4_000  # characters
MAX_UNZIPPED = 60 * 1024 * 1024
MAX_RATIO = 200  # how many times smaller a part of a workbook may have become
MAX_PARTS = 200
CSV, XLSX = "csv", "xlsx"
SEPARATORS = ";,\t"
SNIFFED = 64 * 1024
_OLD_EXCEL, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_BLANK = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff]")


class UnreadableFileError(Exception):
    """A file that cannot be used. Its words are for the person who sent it, with the line when there is one."""


def check_size(size: int) -> None:
    """Refuse a file of too many bytes.

    Raises:
        UnreadableFileError: before anything of it is read.
    """
    if size > MAX_BYTES:
        raise UnreadableFileError(
            _("This file is too large: %(limit)s MB at most. Cut it in two.") % {"limit": MAX_BYTES // 1024**2}
        )


def describe(raw: bytes) -> dict:
    """What a file is: ``kind``, for a CSV its ``encoding`` and ``separator``, for a workbook its bytes ``unzipped``.

    Raises:
        UnreadableFileError: too large, empty, or no table.
    """
    check_size(len(raw))
    if not raw.strip():
        raise UnreadableFileError(_("This file is empty."))
    if raw.startswith(_OLD_EXCEL):
        raise UnreadableFileError(
            _("This is an old Excel file (.xls). Open it in Excel and save it as “Excel workbook (.xlsx)”.")
        )
    if raw.startswith(_ZIP):
        return {"kind": XLSX, "unzipped": _check_archive(raw)}
    encoding = _encoding(raw)
    text = raw[:SNIFFED].decode(encoding, errors="replace")
    if "\x00" in text or _is_binary(text):
        raise UnreadableFileError(_("This is not a table: send a file made by Excel (.xlsx) or a .csv file."))
    return {"kind": CSV, "encoding": encoding, "separator": _separator(text)}


def rows(raw: bytes, form: dict) -> Iterator[tuple[int, list[str]]]:
    """The lines of a table that are not empty: the number of each in the file, and its cells as trimmed texts.

    The first is the headings.

    Raises:
        UnreadableFileError: with the line at fault, when a line cannot be read or there are too many.
    """
    reader = _xlsx_rows(raw) if form["kind"] == XLSX else _csv_rows(raw, form)
    count = filled = 0
    for line, cells in reader:
        cleaned = [_clean(cell) for cell in cells[:MAX_COLUMNS]]
        while cleaned and not cleaned[-1]:
            cleaned.pop()
        if not cleaned:
            continue
        count += 1
        filled += sum(1 for cell in cleaned if cell)
        if filled > MAX_CELLS:
            raise UnreadableFileError(_("This table is too large: keep the columns that are useful only."))
        if count > MAX_ROWS + 1:
            raise UnreadableFileError(
                _("This file has more than %(limit)s lines. Cut it in several files.") % {"limit": MAX_ROWS}
            )
        yield line, cleaned


def _clean(value) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time(0) else value.isoformat(sep=" ")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)  # a postcode or a telephone number that a spreadsheet took for a quantity
    return _BLANK.sub(" ", str(value)[: MAX_CELL + 1]).replace("\u00a0", " ").strip()


# --- CSV ------------------------------------------------------------------------------------------


def _encoding(raw: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return encoding
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"  # what Excel writes on a French Windows
    return "utf-8"


def _is_binary(text: str) -> bool:
    odd = sum(1 for char in text if char < " " and char not in "\t\r\n\f")
    return odd > len(text) / 50


def _separator(text: str) -> str:
    """The separator that cuts the first lines into the most columns, the same number on most of them."""

    def score(separator: str) -> tuple[float, int]:
        try:
            lines = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 20))
        except csv.Error:
            return 0.0, 0
        widths = [len(line) for line in lines if any(line)]
        if not widths or max(widths) < 2:
            return 0.0, 0
        usual = max(set(widths), key=widths.count)
        return (widths.count(usual) / len(widths) if usual > 1 else 0.0), widths[0]

    return max(SEPARATORS, key=score)


def _csv_rows(raw: bytes, form: dict) -> Iterator[tuple[int, list[str]]]:
    text = io.TextIOWrapper(io.BytesIO(raw), encoding=form["encoding"], errors="replace", newline="")
    reader = csv.reader(text, delimiter=form["separator"])
    while True:
        line = reader.line_num + 1  # a cell may hold several lines: the number is that of the first
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, UnicodeError) as error:
            raise UnreadableFileError(
                _("Line %(line)s cannot be read: a quotation mark is probably missing.") % {"line": line}
            ) from error
        yield line, cells


# --- XLSX -----------------------------------------------------------------------------------------


def _check_archive(raw: bytes) -> int:
    """Refuse what would not fit in memory once unzipped, and what is no workbook. Nothing is unzipped for it.

    Returns:
        How many bytes it says that it unfolds into.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFileError(_damaged()) from error
    names = {part.filename for part in parts}
    if "mimetype" in names and "content.xml" in names:
        raise UnreadableFileError(
            _("This is an OpenDocument file (.ods). Save it as “Excel (.xlsx)” or as “CSV text”, then send that file.")
        )
    if "[Content_Types].xml" not in names:
        raise UnreadableFileError(_("This is not a table: send a file made by Excel (.xlsx) or a .csv file."))
    # A part that lies about its size is cut at the size that it announces.
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNZIPPED:
        raise UnreadableFileError(_("This workbook is too large. Keep only the sheet of contacts, without images."))
    for part in parts:
        if part.file_size > 1024**2 and part.file_size > MAX_RATIO * max(1, part.compress_size):
            raise UnreadableFileError(_damaged())
    return sum(part.file_size for part in parts)


def _damaged() -> str:
    return _("This workbook is damaged, or is not one. Open it in Excel, save it again, and send the new file.")


@contextmanager
def _readable() -> Iterator[None]:
    """Say in one way the many ways in which a broken workbook fails inside the parser."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out of an odd workbook is no concern of ours
            yield
    except UnreadableFileError:
        raise
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        ParseError,
        ArithmeticError,
        AttributeError,
        EOFError,
        LookupError,
        NotImplementedError,
        OSError,
        RuntimeError,
        SyntaxError,
        TypeError,
        ValueError,
        zlib.error,
    ) as error:
        raise UnreadableFileError(_damaged()) from error


def _xlsx_rows(raw: bytes) -> Iterator[tuple[int, list]]:
    with _readable():
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        if sheet is None:
            raise UnreadableFileError(_("This workbook has no sheet."))
        # The size that the sheet announces may be a million rows by sixteen thousand columns: it is not asked.
        sheet.reset_dimensions()
        every = sheet.iter_rows(min_row=1, max_row=MAX_LINES + 1, max_col=MAX_COLUMNS, values_only=True)
        # One cell far down stands after as many empty lines: they are passed over before anything is done of them.
        found = ((line, row) for line, row in enumerate(every, 1) if row.count(None) < len(row) or line > MAX_LINES)
    while True:
        with _readable():
            row = next(found, None)
        if row is None:
            return
        if row[0] > MAX_LINES:
            raise UnreadableFileError(_("This sheet has too many empty lines: delete them, and save it again."))
        yield row[0], list(row[1])

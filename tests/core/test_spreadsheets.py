"""Tables for spreadsheets, read back by the standard readers: whole, and without a formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core import spreadsheets

ATTACKS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example.org","x")',
    "＝1+1",
    "+33-1",
    "-2+3",
)
READABLE = ("+33 1 99 00 00 01", "+33199000001", "-4.49", "-4,49", "02 98 00 00 00", "Brest", "l'été", "")


@pytest.mark.parametrize("text", ATTACKS)
def test_neutral__what_begins_a_formula__is_text_and_comes_back(text):
    assert spreadsheets.neutral(text).startswith("'")
    assert spreadsheets.plain(spreadsheets.neutral(text)) == text


@pytest.mark.parametrize("text", READABLE)
def test_neutral__a_telephone_number_or_words__stay_as_they_are(text):
    assert spreadsheets.neutral(text) == text


def test_csv_lines__odd_cells__are_read_back_the_same():
    rows = [["a;b", 'dit "oui"', "deux\nlignes"], ["é", "", "virgule, point"]]
    raw = b"".join(spreadsheets.csv_lines(["Un", "Deux", "Trois"], rows))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in raw
    assert list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))) == [["Un", "Deux", "Trois"], *rows]


def test_xlsx__attacks_and_numbers__hold_no_formula_and_keep_their_types():
    book = load_workbook(io.BytesIO(spreadsheets.xlsx("Un/deux", ["=Titre"], [[text, 4.5] for text in ATTACKS])))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert book.active["B2"].value == 4.5
    assert book.active.freeze_panes == "A2"


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=30), min_size=1, max_size=4), max_size=5))
def test_tables__any_text__are_read_back_without_a_formula(rows):
    raw = b"".join(spreadsheets.csv_lines(["x"], rows)).decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(raw, newline="")))) == 1 + len(rows)
    book = load_workbook(io.BytesIO(spreadsheets.xlsx("x", ["x"], rows)))
    assert not [cell for row in book.active.iter_rows() for cell in row if cell.data_type == "f"]


def test_xlsx__letters_that_no_xml_may_hold__makes_a_workbook_that_opens():
    book = spreadsheets.xlsx("Liste", ["a\uffff"], [["b\ufffe", "\ud800c"]])
    rows = load_workbook(io.BytesIO(book)).active.iter_rows(values_only=True)
    assert [list(filter(None, row)) for row in rows] == [["a"], ["b", "c"]]

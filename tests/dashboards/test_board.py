"""The board: what it counts, what its filters keep, and what it costs for a hundred groupements and forty frames."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from dashboards import exports
from dashboards.board import DRAFT, LEAST_DONE, NO_ZONE, OLDEST, board, narrowed
from regions.models import Groupement
from resources.frames.completeness import State
from tests.dashboards import bulk
from tests.factories import english, frames
from tests.helpers import count_queries

BUDGET = 15


@pytest.fixture
def nationals(world):
    return [frames.frame(world.national, f"Texte {rank}", body=[frames.slot(f"s{rank}")]) for rank in (1, 2)]


@pytest.fixture
def answered(world, nationals):
    """Finistère: one complete, one that is not concerned; Lot-et-Garonne: a draft; Morbihan is vacant."""
    first, second = nationals
    frames.complement(world.home(world.a), first, frames.given({"s1": "a"}))
    frames.complement(world.home(world.a), second, frames.given(left_out={"page": "=CMD() sans objet"}))
    frames.complement(world.home(world.b), first, frames.given({"s1": "b"}), live=False)
    Groupement.objects.filter(pk=world.neighbour.pk).update(status=Groupement.Status.VACANT, zone=None)
    return nationals


def names(found) -> list[str]:
    return [row.groupement.name for row in found.rows]


def whole():
    return board(Groupement.objects.select_related("zone").order_by("name"))


def test_board__a_vacant_groupement__is_shown_and_not_counted(world, answered):
    found = whole()
    assert names(found) == ["Finistère", "Lot-et-Garonne", "Morbihan"]
    assert [row.groupement.name for row in found.counted] == ["Finistère", "Lot-et-Garonne"]
    assert (found.sum["done"], found.sum["missing"], found.sum["all"]) == (2, 2, 4)
    first, second = found.columns
    assert (first.sum["complete"], first.sum["all"], first.oldest) == (1, 2, frames.DAY)
    assert (second.sum["not_concerned"], second.oldest) == (1, None)


@pytest.mark.parametrize(
    ("choices", "kept"),
    [
        ({}, ["Finistère", "Lot-et-Garonne", "Morbihan"]),
        ({"zone": "ouest"}, ["Finistère"]),
        ({"zone": NO_ZONE}, ["Morbihan"]),
        ({"state": State.COMPLETE}, ["Finistère"]),
        ({"state": State.NOT_CONCERNED}, ["Finistère"]),
        ({"state": State.MISSING}, ["Lot-et-Garonne", "Morbihan"]),
        ({"state": State.REVIEW}, []),
        ({"state": DRAFT}, ["Lot-et-Garonne"]),
        ({"order": LEAST_DONE}, ["Lot-et-Garonne", "Finistère", "Morbihan"]),
        ({"order": OLDEST}, ["Finistère", "Lot-et-Garonne", "Morbihan"]),
    ],
)
def test_narrowed__each_choice__keeps_what_it_says(world, answered, choices, kept):
    assert names(narrowed(whole(), **choices)) == kept


def test_narrowed__one_text_and_a_state__looks_at_that_text_alone(world, answered):
    second = str(answered[1].translation_key)
    found = narrowed(whole(), key=second, state=State.COMPLETE)
    assert (names(found), len(found.frames)) == ([], 1)
    assert names(narrowed(whole(), key=second, state=State.NOT_CONCERNED)) == ["Finistère"]


def test_board__another_language__shows_only_those_who_have_a_site_in_it(world, answered):
    english.national(world.national)
    english.groupement(world.a)
    found = board(Groupement.objects.order_by("name"), locale=english.locale())
    assert names(found) == ["Finistère"]


def test_exports__a_reason_that_begins_a_formula__is_text_in_both(world, answered):
    found = whole()
    text = b"".join(exports.csv_pieces(found)).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 1 + 6
    cells = [cell for row in rows for cell in row if "CMD" in cell]
    assert cells == ["'=CMD() sans objet"]
    sheet = load_workbook(io.BytesIO(exports.xlsx(found))).active
    kept = [cell for row in sheet.iter_rows() for cell in row if cell.value and "CMD" in str(cell.value)]
    assert [(cell.value, cell.data_type) for cell in kept] == [("'=CMD() sans objet", "s")]


def test_board__a_hundred_groupements_and_forty_frames__costs_under_fifteen_queries(world):
    body = [
        frames.slot("s1"),
        frames.slot("c1", kind="contacts", categories=["association"], required=False),
        frames.slot("e1", kind="events", theme="emploi-prive", required=False),
    ]
    few = [frames.frame(world.national, f"Texte {number}", body=body) for number in range(2)]
    bulk.answer(world, few)
    small = count_queries(whole)
    many = [frames.frame(world.national, f"Autre {number}", body=body) for number in range(38)]
    bulk.add_groupements(world, 97)
    bulk.answer(world, many)
    found = []
    assert count_queries(lambda: found.append(whole())) == small < BUDGET
    assert (len(found[0].rows), len(found[0].frames)) == (100, 40)
    # Finistère has answered all of them, each of the ninety-seven others the last thirty-eight.
    assert sum(row.sum["complete"] for row in found[0].rows) == 40 + 97 * 38

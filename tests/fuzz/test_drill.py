"""Whatever is sent, wherever it enters: no server error, nothing that takes two seconds. ``make fuzz`` sends more."""

from __future__ import annotations

import os
import time

import pytest

from tests.demonstration import ROOT
from tests.fuzz import parsers, public, screens
from tests.fuzz.drill import Drill
from tests.isolation.conftest import ground  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("fuzz")]
INPUTS = int(os.environ.get("MARA_FUZZ_INPUTS", "1500"))
SEED = int(os.environ.get("MARA_FUZZ_SEED", "1"))
ONLY = os.environ.get("MARA_FUZZ_ONLY", "")
# A form sent quicker than a person does is shown again, and nothing behind it is reached.
READING_SECONDS = 3.2


def test_drill__seeded_inputs_at_every_door__none_fails_and_none_is_slow(ground, settings, capsys):  # noqa: F811
    settings.MARA_PDF = False  # a program of its own, with its own time: tests/core/test_pdf_*.py
    world, estates = ground
    doors = [*public.doors(world, estates), *parsers.doors(), *screens.doors(world, estates)]
    assert len({door.name for door in doors}) == len(doors)
    time.sleep(READING_SECONDS)
    # A long run tells how far it got.
    drill = Drill(SEED, ROOT / "var" / f"fuzz-{SEED}.txt" if INPUTS > 10_000 else None)
    if "#" in ONLY:
        name, number = ONLY.rsplit("#", 1)
        with drill._listening():
            drill.one(next(door for door in doors if door.name == name), int(number))
    else:
        drill.run([door for door in doors if door.name.startswith(ONLY)], INPUTS)
    with capsys.disabled():
        if INPUTS > 10_000 or ONLY or drill.faults:
            print(f"\n{drill.table()}\n")  # noqa: T201 - the table is what one runs it for
    assert not drill.faults, "\n\n".join(drill.faults[:30])

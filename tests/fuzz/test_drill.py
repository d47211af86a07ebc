"""Whatever is sent, wherever it enters: no server error, nothing that takes two seconds. ``make fuzz`` sends more."""

from __future__ import annotations

import os
import time

import pytest
from django.urls import Resolver404, resolve

from tests.demonstration import ROOT
from tests.fuzz import parsers, public, screens
from tests.fuzz.drill import Drill
from tests.isolation.conftest import ground  # noqa: F401 - a fixture
from tests.isolation.matrix.routes import all_routes

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("fuzz")]
INPUTS = int(os.environ.get("MARA_FUZZ_INPUTS", "1500"))
SEED = int(os.environ.get("MARA_FUZZ_SEED", "1"))
ONLY = os.environ.get("MARA_FUZZ_ONLY", "")
# A form sent quicker than a person does is shown again, and nothing behind it is reached.
READING_SECONDS = 3.2
# Public routes behind no door, each with its reason.
OMITTED = {
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": (
        "never reached: the pattern of pages comes before it and answers its address"
    ),
}


def test_doors__compared_with_the_public_routes__leave_out_none_without_a_reason(ground):  # noqa: F811
    asked = {_route(path) for door in public.doors(*ground) for path in door.paths}
    # As Django writes them once they are joined.
    routes = {route.route: route.route.replace("/^", "/") for route in all_routes() if not route.is_admin}
    assert {route for route, joined in routes.items() if joined not in asked} == OMITTED.keys()


def _route(path: str) -> str:
    """The pattern that answers an address; none for a static file, which the front server gives."""
    try:
        return resolve(path.partition("?")[0]).route
    except Resolver404:
        return ""


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

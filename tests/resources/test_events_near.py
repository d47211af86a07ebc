"""« Ce mois-ci près de chez moi »: events around a commune that somebody types."""

from __future__ import annotations

import pytest

from core.geo import communes
from tests.factories import pages
from tests.html import parse

BREST = {"latitude": 48.39, "longitude": -4.486, "commune": "Brest", "postcode": "29200"}


def titles(response) -> set[str]:
    assert response.status_code == 200
    return {card.get_text(strip=True) for card in parse(response).select(".card--event .card__title")}


@pytest.fixture
def events(world):
    pages.event(world.national, "À Brest", **BREST)
    quimper = {"latitude": None, "longitude": None, "insee_code": "29232", "commune": "Quimper", "postcode": "29000"}
    pages.event(world.national, "À Quimper, sans point", **quimper)
    nice = {"latitude": 43.7, "longitude": 7.26, "insee_code": "06088", "commune": "Nice", "postcode": "06000"}
    pages.event(world.national, "À Nice", **nice)
    pages.event(world.home(world.b), "À Brest aussi, d'un autre groupement", **BREST)


@pytest.mark.parametrize("view", ["", "&view=month"])
def test_calendar__near_a_town__shows_what_is_near(world, visit, events, view):
    host = world.host(world.a)
    assert titles(visit(host, f"/agenda/?place=brest&radius=20{view}")) <= {"À Brest"}
    assert titles(visit(host, "/agenda/?place=brest&radius=20")) == {"À Brest"}
    assert titles(visit(host, "/agenda/?place=29200&radius=100")) == {"À Brest", "À Quimper, sans point"}


@pytest.mark.parametrize("query", ["place=zzzz", "place=%00", "radius=x", "place=" + "a" * 500, "radius=20"])
def test_calendar__town_that_is_not_known__is_left_out_and_said(world, visit, events, query):
    response = visit(world.host(world.a), f"/agenda/?{query}")
    assert titles(response) == {"À Brest", "À Quimper, sans point", "À Nice"}


def test_around__brest__holds_its_neighbours_only():
    found = {one.name for one in communes.around(48.39, -4.486, 15)}
    assert {"Brest", "Guipavas"} <= found
    assert "Quimper" not in found

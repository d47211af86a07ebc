"""Suggestions of communes, and the commune of a position."""

import json

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def position(host: str, body) -> object:
    body = body if isinstance(body, bytes | str) else json.dumps(body)
    return Client(headers={"host": host}).post("/communes/position/", body, content_type="application/json")


def test_suggestions__beginning_of_a_name__gives_communes_for_everybody(world, visit):
    answer = visit(world.host(world.a), "/communes/?q=st+mal")
    assert answer.json()["results"][0] == {
        "value": "Saint-Malo (35)",
        "label": "Saint-Malo",
        "detail": "35400 · Ille-et-Vilaine",
    }
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies


@pytest.mark.parametrize("query", ["", "?q=", "?q=%00", "?q=zzzzz", "?q=" + "a" * 5000, "?q=%ff%fe", "?autre=1"])
def test_suggestions__rubbish__gives_none(world, visit, query):
    assert visit(world.national_host, f"/communes/{query}").json() == {"results": []}


def test_position__in_brest__gives_brest_and_is_not_kept(world):
    answer = position(world.national_host, {"latitude": 48.39, "longitude": -4.49})
    assert answer.json()["value"] == "Brest (29)"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_position__at_sea__gives_none(world):
    assert position(world.national_host, {"latitude": 0, "longitude": 0}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        "", "{", "[]", "null", '"x"', "{}", b"\xff", "[" * 150,
        '{"latitude": 1e999, "longitude": 1}', '{"latitude": NaN, "longitude": 1}',
        '{"latitude": 91, "longitude": 1}', '{"latitude": "x", "longitude": 1}', '{"latitude": 1}',
        '{"latitude": 1, "longitude": 1, "x": "' + "a" * 300 + '"}',
    ],
)  # fmt: skip
def test_position__not_a_position__is_refused(world, body):
    assert position(world.national_host, body).status_code == 400


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=150))
def test_position__any_body__never_fails(world, body):
    assert position(world.national_host, body).status_code in (200, 400, 404)


def test_position__asked_by_get__is_not_allowed(world, visit):
    assert visit(world.national_host, "/communes/position/?latitude=48&longitude=-4").status_code == 405

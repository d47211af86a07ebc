"""Suggestions: a small JSON answer, from the same place and nothing more."""

from __future__ import annotations

import pytest

from tests.factories import pages
from tests.helpers import assert_flat_queries

ADDRESS = "/recherche/suggestions/"


def test_suggestions__first_letters__are_titles_with_their_address(world, visit):
    pages.contact(world.home(world.a), "Maison du logement")
    pages.contact(world.home(world.b), "Maison agenaise")
    response = visit(world.host(world.a), f"{ADDRESS}?q=mais")
    assert response["Content-Type"] == "application/json"
    [one] = response.json()["results"]
    assert one["label"] == one["value"] == "Maison du logement"
    assert one["href"].startswith("/annuaire/maison-du-logement")
    assert one["detail"].endswith(world.a.name)
    assert visit(world.host(world.a), one["href"]).status_code == 200


def test_suggestions__drafts_and_others__are_not_offered(world, visit):
    pages.contact(world.home(world.b), "Zqmaison de B")
    pages.contact(world.home(world.a), "Zqmaison brouillon", live=False)
    for host in (world.host(world.a), world.national_host):
        assert visit(host, f"{ADDRESS}?q=zqmais").json()["results"] == []


@pytest.mark.parametrize("query", ["", "q=", "q=m", "q=%00", f"q={'m' * 300}", "autre=1", "q[]=maison"])
def test_suggestions__too_little_or_rubbish__is_an_empty_list(world, visit, query):
    pages.contact(world.home(world.a), "Maison du logement")
    assert visit(world.host(world.a), f"{ADDRESS}?{query}").json()["results"] == []


def test_suggestions__posted__are_refused(world, client):
    assert client.post(ADDRESS, headers={"host": world.host(world.a)}).status_code == 405


def test_suggestions__more_pages__costs_the_same(world, visit):
    def grow() -> None:
        for number in range(5):
            pages.contact(world.home(world.a), f"Maison {number}")
        visit(world.host(world.a), f"{ADDRESS}?q=maison")  # the index follows what was published

    grow()
    assert_flat_queries(lambda: visit(world.host(world.a), f"{ADDRESS}?q=maison"), grow)

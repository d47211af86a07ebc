"""A page far in a list shows what follows the one before, in as many queries as the first."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from resources import listing
from resources.contacts.models import ContactListingPage
from tests import html
from tests.factories import pages
from tests.helpers import count_queries

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ["", "place=brest&", "q=quai&side=life&"])
def test_directory__far_pages__follow_the_first_ones(world, monkeypatch, query):
    home = world.home(world.a)
    for number in range(6):
        pages.contact(home, f"Quai {number}", latitude=48.4 + number / 10, longitude=-4.5, phones=["+33199000001"])
    pages.contact(world.national, "Quai national", phones=[])
    pages.contact(world.home(world.b), "Quai d'en face", phones=[])
    monkeypatch.setattr(ContactListingPage, "page_size", 2)
    client = Client(headers={"host": world.host(world.a)})

    def shown(number: int) -> list[str]:
        soup = html.parse(client.get(f"/annuaire/?{query}page={number}"))
        return [title for tag in soup.select("main a") if (title := tag.get_text(" ", strip=True)).startswith("Quai")]

    at_once = [shown(number) for number in range(1, 5)]
    queries = [count_queries(lambda number=number: shown(number)) for number in (1, 3)]
    monkeypatch.setattr(listing, "DEEP", 1)
    assert [shown(number) for number in range(1, 5)] == at_once
    assert [count_queries(lambda number=number: shown(number)) for number in (1, 3)] == queries
    with CaptureQueriesContext(connection) as captured:
        shown(3)
    assert any("IN (SELECT" in row["sql"] and "OFFSET 4" in row["sql"] for row in captured), "chosen by their keys"
    found = [title for titles in at_once for title in titles]
    assert len(found) == len(set(found)) == 7
    assert shown(99) == at_once[-1]

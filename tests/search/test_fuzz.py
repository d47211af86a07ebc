"""Whatever an address says, a page or an empty list comes: no parameter breaks the search."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.forms import SearchForm
from tests.factories import pages

NAMES = [*SearchForm.base_fields, "page"]
# What the parameters understand, and what query languages, typists and robots write.
WORDS = (
    "guide event upcoming past month zone nation date distance 1 0 -1 29200 NaN 999999999999 a:* & | ! % \\ « L' œuf 🎖"
)
CORNERS = [*WORDS.split(), '"', '"congé de', "a OR b", "Saint-Denis (974)", "\x00", "\u202e", "é" * 100]
ANYTHING = st.one_of(
    st.text(max_size=130),
    st.sampled_from(CORNERS),
)
QUERY = st.lists(st.tuples(st.sampled_from(NAMES), ANYTHING), max_size=8)
MANY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def something_to_find(world):
    pages.guide(world.national, "Congé de reconversion")
    pages.event(world.home(world.a), "Atelier emploi", themes=[pages.theme()])
    return world


@MANY
@given(query=QUERY)
def test_results__any_parameters__give_a_page(something_to_find, query):
    response = Client(headers={"host": something_to_find.host(something_to_find.a)}).get(
        f"/recherche/?{urlencode(query)}"
    )
    assert response.status_code == 200
    assert response.content.count(b"<h1") == 1


@MANY
@given(text=ANYTHING)
def test_suggestions__any_text__give_a_list(something_to_find, text):
    response = Client(headers={"host": something_to_find.national_host}).get(
        f"/recherche/suggestions/?{urlencode({'q': text})}"
    )
    assert response.status_code == 200
    assert isinstance(response.json()["results"], list)

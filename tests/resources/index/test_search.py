"""What a question finds, in which order, and what it never finds."""

from __future__ import annotations

import pytest

from tests.factories import pages
from tests.resources.index.helpers import ask, titles

pytestmark = pytest.mark.django_db


def test_search__same_page_here_and_in_the_nation__puts_ours_first(world):
    pages.resource(world.national, "Fiche permutation")
    pages.resource(world.home(world.a), "Fiche permutation locale")
    pages.resource(world.home(world.b), "Fiche permutation ailleurs")
    found = ask(world.host(world.a), "permutation")
    assert [hit.title for hit in found.hits] == ["Fiche permutation locale", "Fiche permutation"]
    assert found.total == 2
    assert [hit.origin.label for hit in found.hits] == ["Finistère", "National"]
    assert titles(world.national_host, "permutation") == ["Fiche permutation"]

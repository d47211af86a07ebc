"""A mistyped word that still finds something: what was probably meant is proposed beside it."""

from __future__ import annotations

import pytest

from tests.factories import pages
from tests.resources.index.helpers import ask

pytestmark = pytest.mark.django_db


def test_suggestion__stem_of_another_word__proposes_the_one_that_finds_many_more(world):
    pages.resource(world.national, "Officiers reconvertis")
    for number in range(4):
        pages.resource(world.national, f"Préparer sa reconversion {number}")
        pages.resource(world.home(world.b), f"Parler de reconvertion {number}", slug=f"parler-{number}", live=False)
    found = ask(world.host(world.a), "reconvertion")
    assert [hit.title for hit in found.hits] == ["Officiers reconvertis"]
    assert found.suggestion == "reconversion"
    assert found.corrected_from == ""


def test_suggestion__word_written_so_somewhere__is_not_doubted(world):
    pages.resource(world.national, "Les reconvertis")
    for number in range(4):
        pages.resource(world.national, f"Préparer sa reconversion {number}")
    assert ask(world.host(world.a), "reconvertis").suggestion == ""
    assert ask(world.host(world.a), "reconversion").suggestion == ""


def test_suggestion__nearly_as_few_pages__is_not_made(world):
    pages.resource(world.national, "Officiers reconvertis")
    pages.resource(world.national, "Préparer sa reconversion")
    assert ask(world.host(world.a), "reconvertion").suggestion == ""

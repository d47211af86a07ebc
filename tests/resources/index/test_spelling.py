"""A mistyped word that still finds something: what was probably meant is proposed beside it."""

from __future__ import annotations

import pytest

from resources.index.sounds import sound_of
from resources.models import Synonym
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


def test_correction__word_written_as_it_is_heard__is_the_one_reading(world):
    pages.resource(world.national, "Trouver un parrain")
    pages.resource(world.national, "Vivre à Paris")
    found = ask(world.host(world.a), "parain")
    assert [hit.title for hit in found.hits] == ["Trouver un parrain"]
    assert (found.corrected_from, found.suggestion) == ("parain", "parrain")


def test_correction__several_words_near__keeps_the_one_that_goes_with_the_others(world):
    for number in range(4):
        pages.resource(world.national, f"Antenne mobilité {number}")
    pages.resource(world.national, "Téléphone mobile")
    found = ask(world.host(world.a), "antenne mobilté")
    assert (found.corrected_from, found.total) == ("antenne mobilté", 4)
    assert "mobilité" in found.suggestion


def test_correction__each_word_finds_something_but_not_together__doubts_the_one_nobody_wrote(world):
    pages.resource(world.national, "Officiers reconvertis")
    pages.resource(world.national, "Le congé de reconversion", slug="conge")
    found = ask(world.host(world.a), "congé reconvertion")
    assert [hit.title for hit in found.hits] == ["Le congé de reconversion"]
    assert found.corrected_from == "congé reconvertion"


def test_correction__word_that_only_the_editors_list_knows__is_offered(world):
    pages.resource(world.national, "Le gabier")
    Synonym.objects.create(terms="matelot", expansions="gabier", direction="one_way")
    found = ask(world.host(world.a), "mattelot")
    assert ([hit.title for hit in found.hits], found.suggestion) == (["Le gabier"], "matelot")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("reconvertion", "reconversion"),
        ("parain", "parrain"),
        ("orfelin", "orphelin"),
        ("demenagemant", "demenagement"),
    ],
)
def test_sound_of__word_written_as_it_is_heard__is_that_of_the_word(typed, meant):
    assert sound_of(typed) == sound_of(meant)
    assert sound_of(meant) != sound_of("confiture")

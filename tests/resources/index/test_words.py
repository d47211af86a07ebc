"""French as people type it, extracts, corrections, and whatever rubbish an address may hold."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import get_page_models

from regions.models import StructuralPage
from resources.index import asking, extracts
from resources.index.analysis import stems
from resources.index.query import Question, search, suggest
from tests.factories import pages
from tests.helpers import assert_flat_queries
from tests.resources.index.helpers import ask, place_of, titles


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("carrieres", "carrière"),
        ("l'œuvre", "oeuvres"),
        ("salariees", "salarié"),
        ("financier", "financières"),
        ("nationaux", "nationale"),
        ("d’insertion", "insertion"),
        ("V.A.E.", "vae"),
        ("EMPLOIS", "emploi"),
        ("60000 rebonds", "60\u202f000 rebonds"),
        ("implic action", "Implic’Action"),
        ("prud hommes", "prud'homme"),
    ],
)
def test_stems__of_the_same_word_typed_otherwise__are_the_same(typed, written):
    assert stems(typed) == stems(written) != []


def test_stems__of_stop_words__are_left_out():
    assert stems("le la les de l' d' qu'") == []


def test_extract__of_hostile_text__is_escaped_and_marks_the_words():
    text = "Avant <script>alert(1)</script> les carrières & la “reconversion” après."
    html = extracts.extract(text, asking.read("carriere reconversion"))
    assert "<script>" not in html
    assert "<mark>carrières</mark>" in html
    assert "<mark>reconversion</mark>" in html


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("CAP 2 C", ["cap", "2c"]),
        ("v a e", ["vae"]),
        ("5 à 7", ["5", "7"]),
        ("06 39 98 12 34", ["06", "39", "98", "12", "34"]),
    ],
)
def test_read__acronym_spelt_out__is_one_word(typed, read):
    assert [part.typed for part in asking.read(typed).parts] == read


@pytest.mark.django_db
def test_search__no_page_holds_all_the_words__gives_those_that_hold_some_and_says_so(world):
    pages.resource(world.national, "Le galhauban")
    found = ask(world.host(world.a), "galhauban introuvable")
    assert ([hit.title for hit in found.hits], found.is_partial) == (["Le galhauban"], True)
    assert not ask(world.host(world.a), "galhauban").is_partial


@pytest.mark.django_db
def test_search__typo_with_one_reading__shows_the_results_and_says_so(world):
    pages.resource(world.national, "Conservatoire des équivalences")
    found = ask(world.host(world.a), "equivallences")
    assert [hit.title for hit in found.hits] == ["Conservatoire des équivalences"]
    assert (found.suggestion, found.corrected_from) == ("équivalences", "equivallences")


@pytest.mark.django_db
def test_suggestion__word_of_a_page_that_is_not_shown_here__is_never_offered(world):
    pages.resource(world.home(world.b), "Dossier Zorglub")
    found = ask(world.host(world.a), "zorglubb")
    assert (found.suggestion, found.hits) == ("", [])


@pytest.mark.django_db
def test_search__phrase_in_quotes__wants_the_words_side_by_side(world):
    pages.resource(world.national, "Pont levant")
    pages.resource(world.national, "Levant du pont")
    assert titles(world.host(world.a), '"pont levant"') == ["Pont levant"]
    assert titles(world.host(world.a), "« pont levant »") == ["Pont levant"]


@pytest.mark.django_db
def test_search__hyphens_and_joined_words__find_each_other(world):
    pages.resource(world.national, "Guide du porte-monnaie")
    for typed in ("porte monnaie", "portemonnaie", "porte-monnaie"):
        assert titles(world.host(world.a), typed) == ["Guide du porte-monnaie"], typed


@pytest.mark.django_db
def test_suggest__while_typing__gives_pages_shown_here_nearest_first(world):
    pages.resource(world.national, "Trinquette nationale")
    pages.resource(world.home(world.a), "Trinquette d'ici")
    pages.resource(world.home(world.b), "Trinquette d'ailleurs")
    found = suggest(place_of(world.host(world.a)), "trinq")
    assert [row.label for row in found] == ["Trinquette d'ici", "Trinquette nationale"]
    assert suggest(place_of(world.host(world.a)), "") == []


@pytest.mark.django_db
def test_search__ten_times_more_results__costs_the_same_queries(world):
    def grow():
        for number in range(12):
            pages.resource(world.national, f"Drisse {number}")
        ask(world.host(world.a), "drisse")

    for number in range(3):
        pages.resource(world.home(world.a), f"Drisse d'ici {number}")
    pages.resource(world.national, "Drisse nationale")
    ask(world.host(world.a), "drisse")
    assert_flat_queries(lambda: ask(world.host(world.a), "drisse"), grow)


rubbish = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="\"'()&|!*:<>-~^[]{}\\/ \x00«»aé", max_size=60),
    st.just("a" * 10_000),
    st.just('"' * 999),
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=rubbish,
    code=rubbish,
    kinds=st.lists(rubbish, max_size=3),
    number=st.integers(),
    near=st.one_of(st.none(), st.tuples(st.floats(), st.floats())),
)
def test_search__rubbish_in_any_parameter__is_answered(world, text, code, kinds, number, near):
    question = Question(
        text=text,
        kinds=tuple(kinds),
        theme=code,
        audience=code,
        groupement=code,
        level=code,
        when=code,
        sort="distance" if near else code,
        near=near,
        whole_network=True,
        language=code[:3] if number % 2 else "",
        page=number,
        page_size=number,
    )
    place = place_of(world.host(world.a))
    assert search(place, question).total >= 0
    assert search(place, Question(text=text, near=near, sort="distance")).total >= 0
    suggest(place, text)


def test_page_types__each_of_them__declares_what_it_gives_to_the_search():
    for model in get_page_models():
        if model.__module__.startswith(("home", "regions", "resources")):
            assert hasattr(model, "searchable"), f"{model.__name__} has no searchable(): declare one, or None"
            if issubclass(model, StructuralPage) and "section" in str(model._meta.verbose_name):
                assert model.searchable is None

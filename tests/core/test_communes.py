"""Communes as people type them, from the file that the site ships."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.geo import communes
from core.geo.communes import by_code, by_postcode, find, nearest

# What is typed, and the official code of what a person expects first.
TYPED = [
    ("St Malo", "35288"),
    ("saint malo", "35288"),
    ("SAINT-MALO", "35288"),
    ("stmalo", "35288"),
    ("saintmalo", "35288"),
    ("35400", "35288"),
    ("35 400", "35288"),
    ("35400 Saint-Malo", "35288"),
    ("Saint-Malo 35400", "35288"),
    ("Saint-Malo (35)", "35288"),
    ("saint malo ille et vilaine", "35288"),
    ("L'Haÿ-les-Roses", "94038"),
    ("L’Haÿ-les-Roses", "94038"),
    ("l hay les roses", "94038"),
    ("lhay les roses", "94038"),
    ("hay-les-roses", "94038"),
    ("oeuilly", "51410"),
    ("Œuilly", "51410"),
    ("Œuilly 02", "02565"),
    ("Nœux-les-Mines", "62617"),
    ("noeux les mines", "62617"),
    ("pezenas", "34199"),
    ("Pézenas", "34199"),
    ("34120", "34199"),
    ("Brest", "29019"),
    ("brest", "29019"),
    ("29200", "29019"),
    ("Brest cedex 9", "29019"),
    ("29240", "29019"),
    ("bres", "29019"),
    ("havre", "76351"),
    ("Le Havre", "76351"),
    ("la roche sur yon", "85191"),
    ("roche-sur-yon", "85191"),
    ("ste mere eglise", "50523"),
    ("Sainte-Mère-Église", "50523"),
    ("Ste-Mère-É", "50523"),
    ("St Étienne", "42218"),
    ("Saint-Denis 974", "97411"),
    ("Saint-Denis (93)", "93066"),
    ("st denis réunion", "97411"),
    ("Saint-Denis, Seine-Saint-Denis", "93066"),
    ("97400", "97411"),
    ("Fort de France", "97209"),
    ("Mamoudzou", "97611"),
    ("Cayenne", "97302"),
    ("Papeete", "98735"),
    ("papeete 987", "98735"),
    ("98714", "98735"),
    ("Nouméa", "98818"),
    ("noumea", "98818"),
    ("98800", "98818"),
    ("Miquelon", "97501"),
    ("Ajaccio", "2A004"),
    ("20000", "2A004"),
    ("Bastia 2b", "2B033"),
    ("75015", "75056"),
    ("Paris 15e", "75056"),
    ("paris 7", "75056"),
    ("Lyon 3", "69123"),
    ("Marseille 1er", "13055"),
    ("Villeneuve s/ Lot", "47323"),
    ("aixenprovence", "13001"),
    ("bourg en bresse", "01053"),
    ("Arbignieu", "01015"),
    ("Y", "80829"),
]


@pytest.mark.parametrize(("typed", "code"), TYPED, ids=[typed for typed, _code in TYPED])
def test_find__as_people_type_it__the_expected_commune_comes_first(typed, code):
    assert find(typed)[0].code == code


@pytest.mark.parametrize(
    "nonsense", ["", " ", "zzzzz", "'", "-", "%", "\x00", "2", "999999", "00000", "😀", "a" * 200]
)
def test_find__nonsense__finds_nothing(nonsense):
    assert find(nonsense) == []


def test_find__several_of_the_name__most_populous_first():
    populations = [commune.population for commune in find("Saint-Denis", limit=4)]
    assert populations == sorted(populations, reverse=True)
    assert len({commune.departement for commune in find("Saint-Denis", limit=4)}) > 1


def test_find__a_departement_where_it_is_not__it_is_found_elsewhere():
    assert {commune.name for commune in find("Saint-Denis (29)", limit=2)} == {"Saint-Denis"}


def test_find__a_former_commune__leads_to_today_s_and_says_so():
    commune = find("Arbignieu")[0]
    assert (commune.name, commune.former_name) == ("Arboys en Bugey", "Arbignieu")
    assert by_code("01015") == commune


@given(st.text(max_size=120))
def test_find__anything__answers_communes(text):
    assert len(find(text)) <= 8


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_nearest__anywhere_on_earth__is_the_nearest_of_all(latitude, longitude):
    chosen = nearest(latitude, longitude).kilometres_to(latitude, longitude)
    sample = [communes._commune(position) for position in range(0, 34900, 97)]
    others = [one.kilometres_to(latitude, longitude) for one in sample if one.has_point and not one.approximate]
    assert chosen <= min(others) + 0.001


@pytest.mark.parametrize(
    ("point", "code"), [((48.39, -4.49), "29019"), ((43.46, 3.42), "34199"), ((-22.27, 166.45), "98818")]
)
def test_nearest__in_a_town__is_that_town(point, code):
    assert nearest(*point).code == code


def test_label__typed_back__is_the_same_commune():
    for position in range(0, 34900, 53):
        commune = communes._commune(position)
        assert commune in find(commune.label), commune.label


def test_by_postcode__shared_by_two_departements__gives_both():
    assert {commune.departement for commune in by_postcode("01410")} == {"01", "39"}


@pytest.mark.parametrize("wrong", ["", "2920", "29200 ", "٢٩٢٠٠", "abcde", "\x00"])
def test_by_postcode__not_a_postcode__is_empty(wrong):
    assert by_postcode(wrong) == []


def test_by_code__unknown__is_none():
    assert by_code("99999") is None


def test_file__every_commune_with_people__has_a_point():
    people = [communes._commune(position) for position in range(34900)]
    assert [one.label for one in people if one.population and not one.has_point] == []
    assert sum(one.approximate for one in people) < 800

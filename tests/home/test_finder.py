"""Find my groupement: what people type, and whom they are given."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regions import territories
from regions.models import Groupement
from tests import html

MAP = Path(site_settings.BASE_DIR) / "mara_site" / "static" / "mara" / "map" / "france.svg"

MEANINGS = {
    "29": ["29"],
    "29200": ["29"],
    " 29 200 ": None,
    "2": ["02"],
    "02": ["02"],
    "2A": ["2A"],
    "2a": ["2A"],
    "2b": ["2B"],
    "20": ["2A", "2B"],
    "200": ["2A"],
    "20200": ["2B"],  # Bastia
    "20000": ["2A"],  # Ajaccio
    "97400": ["974"],
    "974": ["974"],
    "97": [],
    "98800": ["988"],
    "75011": ["75"],
    "finistere": ["29"],
    "FINISTÈRE": ["29"],
    "Finistère": ["29"],
    "Côte d'Or": ["21"],
    "cote d’or": ["21"],
    "Côte-d'Or": ["21"],
    "cotes": ["22"],
    "ain": ["01"],
    "loire": ["42"],
    "lot et garonne": ["47"],
    "reunion": ["974"],
    "la réunion": ["974"],
    "belfort": ["90"],
    "val": ["94", "95"],
    "st": [],
    "s": [],
    "": [],
    "   ": [],
    "00": [],
    "99999": [],
    "96000": [],
    "٢٩": [],
    "<script>": [],
    "zzz": [],
    "-": [],
    "'": [],
}


@pytest.mark.parametrize("typed", MEANINGS, ids=lambda typed: typed or "nothing")
def test_search__what_people_type__is_understood_as_the_table_says(typed):
    found = territories.search(typed)
    if MEANINGS[typed] is not None:
        assert found == MEANINGS[typed]
    assert set(found) <= set(territories.TERRITORIES)


def test_search__every_code_and_every_name__finds_itself():
    for code, name in territories.TERRITORIES.items():
        assert territories.search(code) == [code]
        assert territories.search(name) == [code], name
        assert territories.search(name.upper()) == [code], name


def test_territories__in_all__are_those_of_france():
    departements = [*territories.METROPOLITAN, "971", "972", "973", "974", "976"]
    assert len(departements) == 101
    assert set(departements) <= set(territories.TERRITORIES)
    assert len(territories.METROPOLITAN) == 96
    assert "20" not in territories.TERRITORIES
    assert set(territories.OVERSEAS) - set(departements) == {"975", "977", "978", "986", "987", "988"}
    assert len(set(territories.TERRITORIES.values())) == len(territories.TERRITORIES)


def test_map__drawn_shapes__are_the_metropolitan_departements():
    drawn = re.findall(r'id="d(\w+)"', MAP.read_text(encoding="utf-8"))
    assert sorted(drawn) == sorted(territories.METROPOLITAN)
    assert len(drawn) == len(set(drawn))


@pytest.mark.parametrize("path", ["/", "/groupements/"])
def test_map_and_list__on_a_page__say_the_same(world, visit, path):
    soup = html.parse(visit(world.national_host, path))
    drawn = {tag["href"].split("#d")[1] for tag in soup.select("svg.france use")}
    listed = [tag.get_text(strip=True) for tag in soup.select("ul.territories .plate")]
    assert drawn == set(territories.METROPOLITAN)
    assert sorted(listed) == sorted(territories.TERRITORIES)
    linked = {tag["href"] for tag in soup.select("svg.france a")}
    in_list = {tag["href"] for tag in soup.select("ul.territories a")}
    assert in_list == {f"/groupements/?q={code}#reponse" for code in territories.TERRITORIES}
    assert linked == {f"/groupements/?q={code}#reponse" for code in territories.METROPOLITAN}


def test_finder__covered_departement__gives_its_groupement_only(world, visit):
    for typed in ("29", "29200", "finistere", "brest", "st pol de leon", "Brest (29)", "29240", "quimperlé"):
        soup = html.parse(visit(world.national_host, f"/groupements/?q={typed}"))
        cards = [tag.get_text(" ", strip=True) for tag in soup.select("section[aria-labelledby=matches] .match")]
        assert len(cards) == 1
        assert "Finistère" in cards[0]
        assert soup.select_one("section[aria-labelledby=matches] a")["href"] == "http://finistere.mara.localhost/"
        assert not soup.select(".notice")


def test_finder__departement_without_groupement__says_who_answers(world, visit):
    soup = html.parse(visit(world.national_host, "/groupements/?q=2A"))
    assert "Corse-du-Sud" in soup.select_one(".notice").get_text()
    assert not soup.select("section[aria-labelledby=matches]")


@pytest.mark.parametrize("typed", ["zzz", "%3Cb%3Ex", "99999", "a" * 81, "%00"])
def test_finder__not_understood__says_so_and_shows_no_groupement(world, visit, typed):
    soup = html.parse(visit(world.national_host, f"/groupements/?q={typed}"))
    assert soup.select_one(".notice, .errorlist").get_text(strip=True)
    assert not soup.select("section[aria-labelledby=matches]")
    assert not soup.select("main b")


def test_finder__nothing_typed__says_nothing(world, visit):
    for query in ("", "?q=", "?q=%20%20", "?autre=1"):
        soup = html.parse(visit(world.national_host, f"/groupements/{query}"))
        assert not soup.select(".notice, .errorlist, section[aria-labelledby=matches]")


def choices(soup) -> list[str]:
    return [tag.get_text(" ", strip=True) for tag in soup.select("ul.choices li")]


def test_finder__name_in_several_departements__lists_them_and_each_leads_to_one(world, visit):
    soup = html.parse(visit(world.national_host, "/groupements/?q=Saint-Martin-des-Champs"))
    assert any("Finistère" in one for one in choices(soup))
    assert len(choices(soup)) > 1
    for link in soup.select("ul.choices a"):
        again = html.parse(visit(world.national_host, f"/groupements/{link['href'].split('#')[0]}"))
        assert not again.select("ul.choices"), link["href"]


def test_finder__postcode_of_two_departements__lists_both(world, visit):
    world.a.departements = ["29", "39"]
    world.a.save()
    found = choices(html.parse(visit(world.national_host, "/groupements/?q=01410")))
    assert any("Ain" in one for one in found)
    assert any("Jura" in one for one in found)


def test_finder__commune_and_departement_of_one_name__lists_both(world, visit):
    world.a.departements = ["29", "86"]
    world.a.save()
    found = choices(html.parse(visit(world.national_host, "/groupements/?q=Vienne")))
    assert any("tout le département" in one for one in found)
    assert any("Isère" in one for one in found)


def test_finder__found__gives_person_buttons_event_and_distance(world, visit):
    world.a.postcode, world.a.commune = "29000", "Quimper"
    world.a.save()
    soup = html.parse(visit(world.national_host, "/groupements/?q=brest"))
    card = soup.select_one(".match")
    assert card.select_one('a[href^="tel:"]')
    assert card.select_one('a[href="mailto:finistere@example.org"]')
    assert card.select_one('a[href="http://finistere.mara.localhost/etre-rappele/"]')
    assert "52 km de Quimper" in card.get_text(" ", strip=True)


def test_finder__vacant__names_who_answers(world, visit):
    world.a.status, world.a.fallback = Groupement.Status.VACANT, world.neighbour
    world.a.save()
    card = html.parse(visit(world.national_host, "/groupements/?q=29200")).select_one(".match")
    assert "Morbihan" in card.select_one(".notice").get_text()
    assert card.select_one('a[href="mailto:morbihan@example.org"]')
    assert not card.select_one('a[href="mailto:finistere@example.org"]')


def test_finder__nobody_covers_it__gives_the_nation(world, visit):
    soup = html.parse(visit(world.national_host, "/groupements/?q=ajaccio"))
    assert soup.select_one('section[aria-labelledby=nation] a[href="mailto:nation@example.org"]')


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=90))
def test_finder__anything_typed__never_fails(world, text):
    answer = Client(headers={"host": world.national_host}).get("/groupements/", {"q": text})
    assert answer.status_code == 200


def test_my_groupement__for_everybody__is_public_and_may_be_cached(world, visit):
    answer = visit(world.national_host, "/mon-groupement/finistere.json")
    found = answer.json()
    assert found["url"] == "http://finistere.mara.localhost/"
    assert "guides" in found["sections"]
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies
    assert visit(world.national_host, "/mon-groupement/nulle-part.json").status_code == 404

"""Find my groupement: what people type, and whom they are given."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from regions import territories
from regions.models import Groupement
from tests import html

MAP = Path(settings.BASE_DIR) / "mara_site" / "static" / "mara" / "map" / "france.svg"

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
    assert linked == in_list == {f"http://{one.site.hostname}/" for one in Groupement.objects.all()}


def test_finder__covered_departement__gives_its_groupement_only(world, visit):
    for typed in ("29", "29200", "finistere"):
        soup = html.parse(visit(world.national_host, f"/groupements/?q={typed}"))
        cards = [tag.get_text(" ", strip=True) for tag in soup.select("section[aria-labelledby=matches] article")]
        assert len(cards) == 1
        assert "Finistère" in cards[0]
        assert soup.select_one("section[aria-labelledby=matches] a")["href"] == "http://finistere.mara.localhost/"
        assert not soup.select(".notice")


def test_finder__departement_without_groupement__says_who_answers(world, visit):
    soup = html.parse(visit(world.national_host, "/groupements/?q=2A"))
    assert "Corse-du-Sud" in soup.select_one(".notice").get_text()
    assert not soup.select("section[aria-labelledby=matches]")


@pytest.mark.parametrize("typed", ["zzz", "%3Cb%3Ex", "99999", "a" * 61, "%00"])
def test_finder__not_understood__says_so_and_shows_no_groupement(world, visit, typed):
    soup = html.parse(visit(world.national_host, f"/groupements/?q={typed}"))
    assert soup.select_one(".notice, .errorlist").get_text(strip=True)
    assert not soup.select("section[aria-labelledby=matches]")
    assert not soup.select("main b")


def test_finder__nothing_typed__says_nothing(world, visit):
    for query in ("", "?q=", "?q=%20%20", "?autre=1"):
        soup = html.parse(visit(world.national_host, f"/groupements/{query}"))
        assert not soup.select(".notice, .errorlist, section[aria-labelledby=matches]")

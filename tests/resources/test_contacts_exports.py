"""The directory taken away: read back by the standard readers, with what is shown and nothing else."""

from __future__ import annotations

import csv
import io
import json
from functools import partial

import pytest
import vobject
from openpyxl import load_workbook
from wagtail.models import PageViewRestriction

from resources.models import OpeningSlot
from tests import html
from tests.factories import pages
from tests.helpers import count_queries

FORMATS = ("points", "imprimer", "vcard", "csv", "xlsx", "geojson")
ATTACK = "=cmd|' /C calc'!A0"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def directory(world):
    home = world.home(world.a)
    page = pages.contact(
        home,
        "Maison de l'emploi",
        category=pages.category("employeur", "work"),
        phones=["+33199000001", "+3225551212"],
        email="accueil@example.org",
        latitude=48.39,
        longitude=-4.49,
        opening_hours="sur rendez-vous",
    )
    OpeningSlot.objects.create(page=page, first_day=1, last_day=5, opens_at="09:00", closes_at="12:00")
    pages.contact(home, ATTACK, contact_name="+1+1", service=SCRIPT, commune="", postcode="")
    pages.contact(home, "Brouillon secret", live=False)
    pages.contact(world.national, "Cellule nationale")
    pages.contact(world.home(world.b), "Contact agenais")
    reserved = pages.contact(home, "Contact réservé")
    PageViewRestriction.objects.create(page=reserved, restriction_type="groups")
    return home


def fetch(visit, world, output: str, query: str = "") -> bytes:
    response = visit(world.host(world.a), f"/annuaire/exports/{output}/?{query}")
    assert response.status_code == 200
    if not getattr(response, "is_rendered", True):
        response.render()
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("output", FORMATS)
def test_export__any_format__holds_what_is_shown_and_nothing_else(directory, world, visit, output):
    raw = fetch(visit, world, output)
    if output == "xlsx":
        book = load_workbook(io.BytesIO(raw))
        raw = "\n".join(str(cell.value) for row in book.active.iter_rows() for cell in row).encode()
    text = raw.decode()
    for secret in ("Brouillon secret", "agenais", "réservé"):
        assert secret not in text
    assert "Cellule nationale" in text
    assert "Maison de l" in text


@pytest.mark.parametrize("output", FORMATS)
def test_export__the_same_filters__hold(directory, world, visit, output):
    raw = fetch(visit, world, output, "side=work&page=7&q=emploi&theme=rubbish")
    if output == "xlsx":
        raw = str([cell.value for row in load_workbook(io.BytesIO(raw)).active.iter_rows() for cell in row]).encode()
    assert "Maison de l" in raw.decode()
    assert "Cellule nationale" not in raw.decode()


def test_csv__read_back__has_its_columns_and_no_formula(directory, world, visit):
    raw = fetch(visit, world, "csv")
    assert raw.startswith(b"\xef\xbb\xbf")
    found = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    by_name = {row["Nom de l’organisme"]: row for row in found}
    row = by_name["Maison de l'emploi"]
    assert row["Téléphone"] == "01 99 00 00 01 / +32 2 555 12 12"
    assert row["opening_hours"] == "Mo-Fr 09:00-12:00"
    assert (row["Latitude"], row["Longitude"]) == ("48.39", "-4.49")
    assert row["Page"].startswith("http://finistere.mara.localhost/annuaire/maison-de-lemploi")
    attack = by_name["'" + ATTACK]
    assert attack["Personne à demander"] == "'+1+1"


def test_xlsx__read_back__has_no_formula(directory, world, visit):
    book = load_workbook(io.BytesIO(fetch(visit, world, "xlsx")))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert "01 99 00 00 01 / +32 2 555 12 12" in {cell.value for cell in cells}


def test_geojson__read_back__is_a_collection_with_points_where_known(directory, world, visit):
    data = json.loads(fetch(visit, world, "geojson"))
    by_name = {feature["properties"]["name"]: feature for feature in data["features"]}
    assert data["type"] == "FeatureCollection"
    found = by_name["Maison de l'emploi"]
    assert found["geometry"] == {"type": "Point", "coordinates": [-4.49, 48.39]}
    assert found["properties"]["opening_hours"] == "Mo-Fr 09:00-12:00"
    assert by_name["Cellule nationale"]["properties"]["position"] == "commune"
    assert by_name[ATTACK]["geometry"] is None


def test_vcard__all_that_is_shown__is_read_back(directory, world, visit):
    cards = list(vobject.readComponents(fetch(visit, world, "vcard").decode()))
    names = {card.fn.value for card in cards}
    assert names == {"Maison de l'emploi", ATTACK, "Cellule nationale"}
    card = next(card for card in cards if card.fn.value == "Maison de l'emploi")
    assert [phone.value for phone in card.contents["tel"]] == ["tel:+33199000001", "tel:+3225551212"]
    assert "sur rendez-vous" in card.note.value


def test_points__for_the_map__are_short_and_say_how_sure(directory, world, visit):
    response = visit(world.host(world.a), "/annuaire/exports/points/")
    assert "max-age=300" in response.headers["Cache-Control"]
    data = response.json()
    found = {point[2]: point for point in data["points"]}
    assert found["Maison de l'emploi"][:2] == [48.39, -4.49]
    assert found["Maison de l'emploi"][4] == 0
    assert found["Cellule nationale"][4] == 1
    assert not found["Maison de l'emploi"][3].startswith("/")
    assert data["rest"] == 1


def test_print__all_the_results__are_on_one_page_with_date_and_code(directory, world, visit):
    for number in range(45):
        pages.contact(directory, f"Contact {number:02}")
    soup = html.parse(visit(world.host(world.a), "/annuaire/exports/imprimer/?side=life"))
    assert len(soup.select(".directory__row")) == 47
    words = soup.main.get_text(" ", strip=True)
    assert "Imprimé le" in words
    assert "bassin de vie" in words
    assert soup.select_one("img[src^='data:image/svg+xml']")["alt"]
    assert SCRIPT in words
    assert not soup.select("main script")


def test_export__ten_times_more__costs_the_same_queries(world, visit):
    home, theme = world.home(world.a), pages.theme()

    def cost(count: int) -> dict[str, int]:
        for number in range(count):
            pages.contact(home, f"Contact {number}", themes=[theme])
        return {output: count_queries(partial(fetch, visit, world, output)) for output in FORMATS}

    assert cost(3) == cost(27)


@pytest.mark.parametrize("path", ["exports/exe/", "exports/", "exports/csv/x/", "exports/CSV/"])
def test_exports__what_is_none__is_not_found(directory, world, visit, path):
    assert visit(world.host(world.a), f"/annuaire/{path}").status_code == 404


def test_exports__a_contact_of_that_name__is_still_read(world, visit):
    pages.contact(world.home(world.a), "Exports de l'Ouest", slug="exports")
    assert visit(world.host(world.a), "/annuaire/exports/").status_code == 200
    assert visit(world.host(world.a), "/annuaire/exports/csv/").status_code == 200


def test_contact__its_markup__is_shown_as_text(directory, world, visit):
    soup = html.parse(visit(world.host(world.a), "/annuaire/?place=29"))
    assert not [tag for tag in soup.select("script") if "alert(1)" in tag.get_text()]

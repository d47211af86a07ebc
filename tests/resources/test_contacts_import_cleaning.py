"""A line of a table: what is kept, what is left out and why, in French."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.contacts.importing import cleaning
from resources.contacts.importing.cleaning import Lists, clean, place_key
from resources.contacts.importing.columns import FIELDS

LISTS = Lists({"employeur": "employeur", "employeurs": "employeur"}, {"emploi prive": "emploi-prive"})
HEADS = {str(number): code for number, code in enumerate(FIELDS)}
NUMBER = {code: number for number, code in enumerate(FIELDS)}


def line(**values) -> cleaning.Cleaned:
    cells = [""] * len(FIELDS)
    for code, value in ({"title": "Atelier", "category": "Employeur"} | values).items():
        cells[NUMBER[code]] = value
    return clean(cells, HEADS, LISTS, "")


@pytest.mark.parametrize(
    ("given_values", "kept"),
    [
        ({"phone": "02.98.00.00.00 / 06 39 98 00 00"}, {"phones": ["+33298000000", "+33639980000"]}),
        ({"phone": "298000000"}, {"phones": ["+33298000000"]}),
        ({"phone": "'+33 2 98 00 00 00"}, {"phones": ["+33298000000"]}),
        ({"postcode": "1000"}, {"postcode": "01000"}),
        ({"postcode": "29 200"}, {"postcode": "29200"}),
        ({"email": "mailto:a@example.org;"}, {"email": "a@example.org"}),
        ({"website": "www.example.org"}, {"website": "https://www.example.org"}),
        ({"latitude": "48,39", "longitude": "-4,49"}, {"latitude": 48.39, "longitude": -4.49}),
        ({"insee_code": "1004"}, {"insee_code": "01004"}),
        ({"checked_on": "25/11/2026"}, {"checked_on": "2026-11-25"}),
        ({"checked_on": "2026-11-25 00:00:00"}, {"checked_on": "2026-11-25"}),
        ({"themes": "Emploi privé"}, {"themes": ["emploi-prive"]}),
        ({"hours": "lundi, 9 h – 12 h ; sur rendez-vous"},
         {"opening_slots": [[1, 1, "09:00", "12:00"]], "opening_hours": "sur rendez-vous"}),
        ({"category": "EMPLOYEURS"}, {"category": "employeur"}),
    ],
)  # fmt: skip
def test_clean__what_people_write__is_understood(given_values, kept):
    found = line(**given_values)
    assert found.problems == []
    assert kept.items() <= found.values.items()


@pytest.mark.parametrize(
    ("given_values", "words"),
    [
        ({"phone": "à demander"}, "Téléphone «\xa0à demander\xa0»"),
        ({"email": "accueil chez example"}, "adresse électronique"),
        ({"website": "javascript:alert(1)"}, "adresse d’un site"),
        ({"postcode": "Brest"}, "cinq chiffres"),
        ({"latitude": "148", "longitude": "4"}, "degrés"),
        ({"latitude": "nan", "longitude": "inf"}, "degrés"),
        ({"checked_on": "hier"}, "date"),
        ({"themes": "Pêche"}, "liste nationale"),
        ({"commune": "x" * 200}, "120 caractères"),
    ],
)
def test_clean__what_cannot_be_kept__is_left_out_and_said(given_values, words):
    found = line(**given_values)
    assert not found.stop
    assert words in " ".join(found.problems)
    assert "Laissé de côté" in found.problems[0]
    assert set(found.values) == {"title", "category", "category_said"}


@pytest.mark.parametrize(
    ("given_values", "words"),
    [
        ({"title": ""}, "nom de l’organisme manque"),
        ({"title": "???"}, "aucune lettre"),
        ({"title": "x" * 300}, "trop long"),
        ({"category": "Inconnue"}, "«\xa0Inconnue\xa0» n’est pas dans la liste"),
        ({"category": ""}, "catégorie manque"),
    ],
)
def test_clean__what_makes_a_contact_impossible__stops_the_line(given_values, words):
    found = line(**given_values)
    assert found.stop
    assert words in " ".join(found.problems)


def test_clean__usual_category__serves_lines_that_give_none_or_an_unknown_one():
    for said in ("", "Inconnue"):
        found = clean(["Atelier", said], {"0": "title", "1": "category"}, LISTS, "employeur")
        assert not found.stop
        assert found.values["category"] == "employeur"
        assert "category_said" not in found.values


@given(st.lists(st.text(max_size=60), max_size=len(FIELDS)))
def test_clean__any_cells__never_fail(cells):
    found = clean(cells, HEADS, LISTS, "employeur")
    assert found.stop or found.values["title"]


def test_place_key__case_accents_and_punctuation__do_not_count():
    assert place_key("Maison de l’Emploi", "BREST") == place_key("maison de l'emploi", "Brest")
    assert place_key("Maison de l'emploi", "Brest") != place_key("Maison de l'emploi", "Quimper")

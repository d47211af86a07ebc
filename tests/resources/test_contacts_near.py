"""Contacts near a commune, and those open now: in order, with what is not known said rather than hidden."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from resources.contacts.position import locate_all
from resources.models import ContactPage, OpeningSlot
from tests import html
from tests.factories import pages

BREST = {"latitude": 48.3904, "longitude": -4.4861, "commune": "Brest", "postcode": "29200"}
QUIMPER = {"latitude": 47.9960, "longitude": -4.1025, "commune": "Quimper", "postcode": "29000"}
NOWHERE = {"commune": "", "postcode": ""}


@pytest.fixture
def directory(world):
    home = world.home(world.a)
    pages.contact(home, "Loin à Quimper", **QUIMPER)
    pages.contact(home, "Tout près", **BREST)
    pages.contact(home, "Sans adresse", **NOWHERE)
    pages.contact(home, "Sans point", commune="Landerneau", postcode="29800")
    pages.contact(world.home(world.b), "Contact agenais", commune="Brest", postcode="29200")
    return home


def titles(soup) -> list[str]:
    return [tag.get_text(strip=True) for tag in soup.select("main .card__title")]


def ask(visit, world, query: str):
    return html.parse(visit(world.host(world.a), f"/annuaire/?{query}"))


def test_contacts__a_commune__come_nearest_first_and_only_ours(directory, world, visit):
    soup = ask(visit, world, "place=brest")
    assert titles(soup) == ["Tout près", "Sans point", "Loin à Quimper", "Sans adresse"]
    cards = {card.select_one(".card__title").get_text(strip=True): card.get_text(" ", strip=True)
             for card in soup.select("main .card")}  # fmt: skip
    assert "à moins de 1" in cards["Tout près"]
    assert "du centre de la commune" in cards["Sans point"]
    assert "à 5" in cards["Loin à Quimper"]
    assert "distance inconnue" in cards["Sans adresse"]


@pytest.mark.parametrize("typed", ["29200", "BREST", "brest 29", "Brest (29)"])
def test_contacts__the_commune_however_typed__is_recognised(directory, world, visit, typed):
    assert titles(ask(visit, world, f"place={typed}"))[0] == "Tout près"


def test_contacts__a_radius__leaves_out_the_far_ones_and_says_what_is_not_known(directory, world, visit):
    soup = ask(visit, world, "place=Brest&radius=20")
    assert titles(soup) == ["Tout près"] or titles(soup) == ["Tout près", "Sans point"]
    assert "1 autre contact n’indique pas d’adresse" in soup.main.get_text(" ", strip=True)


def test_contacts__several_communes_of_a_name__are_offered(directory, world, visit):
    soup = ask(visit, world, "place=Saint-Denis")
    assert "Ou vouliez-vous dire" in soup.main.get_text()
    assert len(soup.select("main .chips a")) >= 2


def test_contacts__unknown_town_or_lone_radius__are_said(directory, world, visit):
    assert "Aucune commune" in ask(visit, world, "place=zzzz").main.get_text()
    soup = ask(visit, world, "radius=10")
    assert "indiquez une commune" in soup.main.get_text()
    assert len(titles(soup)) == 4


def test_contacts__first_figures_of_a_postcode__still_filter(directory, world, visit):
    assert set(titles(ask(visit, world, "place=29"))) == {"Tout près", "Loin à Quimper", "Sans point"}
    assert titles(ask(visit, world, "place=47")) == []


def _open(page: ContactPage, opens: dt.time, closes: dt.time) -> None:
    OpeningSlot.objects.create(page=page, first_day=1, last_day=7, opens_at=opens, closes_at=closes)


def test_contacts__open_now__leaves_out_the_closed_and_never_pretends_for_the_others(world, visit):
    home = world.home(world.a)
    hour = timezone.localtime().time().replace(minute=0, second=0, microsecond=0)
    later = dt.time((hour.hour + 2) % 24)
    _open(pages.contact(home, "Ouvert", **BREST), hour, dt.time(0))
    _open(pages.contact(home, "Fermé", **BREST), later, later.replace(minute=30)) if later > hour else None
    pages.contact(home, "Sans horaires", **BREST)
    soup = ask(visit, world, "open=maintenant")
    assert titles(soup) == ["Ouvert"]
    words = soup.main.get_text(" ", strip=True)
    assert "1 autre contact n’indique pas ses horaires" in words
    assert "vérifiez avant de venir un jour férié" in words
    assert set(titles(ask(visit, world, "open=peut-etre"))) == {"Ouvert", "Sans horaires"}


def test_contacts__open_overseas__is_reckoned_there(world):
    from resources.contacts.selectors import open_slots

    page = pages.contact(world.home(world.a), "À Fort-de-France", commune="Fort-de-France", postcode="97200")
    assert page.time_zone == "America/Martinique"
    _open(page, dt.time(9), dt.time(12))
    morning_in_paris = dt.datetime(2026, 11, 25, 9, 30, tzinfo=dt.UTC)
    assert not open_slots(morning_in_paris).filter(page=page).exists()
    assert open_slots(morning_in_paris + dt.timedelta(hours=5)).filter(page=page).exists()


def test_position__saved_and_by_the_command__is_the_point_else_the_commune(world):
    home = world.home(world.a)
    own, town, lost = (
        pages.contact(home, "Point", **BREST),
        pages.contact(home, "Commune", commune="Quimper", postcode="29000"),
        pages.contact(home, "Rien", **NOWHERE),
    )
    assert (own.position_source, own.position_latitude) == ("point", BREST["latitude"])
    assert town.position_source == "commune"
    assert abs(town.position_latitude - 47.99) < 0.1
    assert (lost.position_source, lost.position_latitude) == ("", None)
    ContactPage.objects.update(position_latitude=None, position_longitude=None, position_source="")
    assert sum(locate_all()) == 2
    assert sum(locate_all()) == 0
    town.refresh_from_db()
    assert town.position_source == "commune"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ({"commune": "Brest Cedex 2", "postcode": "29240"}, "Brest"),
        ({"commune": "", "postcode": "29000"}, "Quimper"),
        ({"commune": "Saint-Denis", "postcode": "97400"}, "Saint-Denis"),
        ({"commune": "Saint-Denis", "postcode": ""}, None),
        ({"commune": "", "postcode": "", "insee_code": "29019"}, "Brest"),
    ],
)
def test_position__addresses_as_people_write_them__find_their_commune_or_none(address, name):
    from resources.contacts.position import commune_of

    found = commune_of(ContactPage(**address))
    assert (found.name if found else None) == name

"""The homes: who answers, what comes next, and what is not written yet, said kindly."""

from __future__ import annotations

import pytest

from home import missing
from home.models import GroupementHomePage
from regions.models import Groupement, NationalOffice, Zone
from tests import html
from tests.factories import pages

NOTHING = {"events": 0, "contacts": 0, "guides": 0, "resources": 0, "news": 0}
EVERYTHING = {"events": 3, "contacts": missing.ENOUGH_CONTACTS, "guides": 2, "resources": 1, "news": 1}


@pytest.mark.parametrize(
    ("counts", "intro", "number"),
    [
        (NOTHING, "", 4),
        (EVERYTHING, "Bienvenue", 0),
        (EVERYTHING | {"contacts": missing.ENOUGH_CONTACTS - 1}, "Bienvenue", 1),
        (EVERYTHING | {"contacts": 0}, "Bienvenue", 1),
        (EVERYTHING | {"events": 0}, "Bienvenue", 1),
        (EVERYTHING | {"guides": 0}, "Bienvenue", 1),
        (EVERYTHING | {"news": 0, "resources": 0}, "Bienvenue", 0),
        (EVERYTHING, "", 1),
    ],
)
def test_missing__by_what_is_published__says_as_many_sentences(counts, intro, number):
    found = missing.sentences(GroupementHomePage(intro=intro), counts)
    assert len(found) == len(set(found)) == number
    assert all(sentence.endswith((".", "!")) for sentence in found)


def test_missing__on_a_bare_home__leaves_with_what_is_written(world, visit):
    home = world.home(world.a)
    before = html.parse(visit(world.host(world.a))).select("#missing ~ ul li")
    assert len(before) == 4
    pages.event(home, "Café de Brest")
    pages.guide(home, "Guide breton")
    for number in range(missing.ENOUGH_CONTACTS):
        pages.contact(home, f"Contact {number}")
    home.intro = "<p>Bienvenue.</p>"
    home.save()
    assert not html.parse(visit(world.host(world.a))).select("#missing")


def test_groupement_home__neighbours_content__is_not_shown(world, visit):
    pages.event(world.home(world.b), "Rencontre gasconne")
    pages.contact(world.home(world.b), "Mairie d'Agen")
    pages.event(world.home(world.a), "Rencontre bretonne")
    pages.contact(world.national, "Contact national")
    words = html.visible_text(html.parse(visit(world.host(world.a))))
    assert "Rencontre bretonne" in words
    assert "Contact national" in words
    assert "Rencontre gasconne" not in words
    assert "Mairie d'Agen" not in words
    national = html.visible_text(html.parse(visit(world.national_host)))
    assert "Rencontre bretonne" not in national
    assert "Rencontre gasconne" not in national


def person_shown(visit, host: str) -> str:
    return html.parse(visit(host)).select_one("section.person").get_text(" ", strip=True)


def test_person_to_call__vacant_groupement__is_its_stand_in_then_zone_then_nation(world, visit):
    host = world.host(world.a)
    assert "Référent Finistère" in person_shown(visit, host)
    Groupement.objects.filter(pk=world.a.pk).update(status="vacant", fallback=world.neighbour)
    assert "Référent Morbihan" in person_shown(visit, host)
    assert "Référent Finistère" not in person_shown(visit, host)
    Groupement.objects.filter(pk=world.neighbour.pk).update(status="vacant")
    assert "Zone Ouest" in person_shown(visit, host)
    Zone.objects.filter(pk=world.zone_a.pk).update(phone="", email="")
    shown = person_shown(visit, host)
    assert NationalOffice.load().contact_name in shown
    assert "Référent" not in shown


def test_person_to_call__active_groupement_without_coordinates__is_somebody_who_answers(world, visit):
    Groupement.objects.filter(pk=world.a.pk).update(phone="", email="")
    shown = person_shown(visit, world.host(world.a))
    assert "Zone Ouest" in shown


def test_situations__on_a_home__lead_to_guides_that_exist(world, visit):
    pages.guide(world.national, "Chercher", situation="chercher")
    pages.guide(world.national, "Créer", situation="creer")
    soup = html.parse(visit(world.host(world.a)))
    links = [tag["href"] for tag in soup.select("ol.road a")]
    assert len(links) == 5
    [search] = [link for link in links if link.endswith("=chercher")]
    words = html.parse(visit(world.host(world.a), search)).main.get_text()
    assert "Chercher" in words
    assert "Créer" not in words

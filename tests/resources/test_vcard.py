"""A contact on a card that every telephone reads."""

from __future__ import annotations

import pytest
import vobject

from tests import html
from tests.factories import catalogue, pages


def card_of(visit, host: str, page):
    response = visit(host, f"/annuaire/{page.slug}/carte/")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/vcard; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{page.slug}.vcf"'
    return response.content.decode()


def test_vcard__full_contact__says_it_all(world, visit):
    page = catalogue.full_page_of(world, "resources.ContactPage", catalogue.LOCAL)
    text = card_of(visit, world.host(world.a), page)
    card = vobject.readOne(text)
    assert card.version.value == "4.0"
    assert card.fn.value == page.title
    assert card.tel.value == "tel:+33199000001"
    assert card.email.value == "accueil@example.org"
    assert (card.adr.value.street, card.adr.value.city, card.adr.value.code) == (
        "1 rue de Siam, Bâtiment B",
        "Brest",
        "29200",
    )
    assert card.geo.value == "geo:48.39,-4.49"
    assert card.uid.value == f"urn:uuid:{page.translation_key}"


@pytest.mark.parametrize(
    "title", ["Mission ; locale, « Brest »", "Ligne\\n", "Ç'est l'été à Œuilly " * 9, "a:b;c,d\\e", "BEGIN:VCARD"]
)
def test_vcard__awkward_name__is_read_back_as_it_was(world, visit, title):
    page = pages.contact(world.home(world.a), title.strip(), slug="maison", phones=[])
    text = card_of(visit, world.host(world.a), page)
    card = vobject.readOne(text)
    assert card.fn.value == title.strip()
    assert text.split("\r\n").count("BEGIN:VCARD") == 1
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")


def test_vcard__several_lines_in_a_field__do_not_make_a_new_line_of_the_card(world, visit):
    page = pages.contact(world.home(world.a), "Maison", slug="maison", contact_name="Anne\r\nEMAIL:pirate@example.org")
    card = vobject.readOne(card_of(visit, world.host(world.a), page))
    assert "email" not in card.contents
    assert "Anne" in card.note.value


def test_vcard__bare_contact__has_no_empty_line(world, visit):
    page = pages.contact(world.home(world.a), "Maison", slug="maison", phones=[], commune="", postcode="", service="")
    text = card_of(visit, world.host(world.a), page)
    assert not {"tel", "email", "url", "adr", "geo", "note"} & set(vobject.readOne(text).contents)


def test_vcard__contact_of_another_groupement__is_not_found(world, visit):
    page = pages.contact(world.home(world.b), "Mairie d'Agen", slug="mairie")
    assert visit(world.host(world.a), f"/annuaire/{page.slug}/carte/").status_code == 404
    national = pages.contact(world.national, "Cellule", slug="cellule")
    assert "Cellule" in card_of(visit, world.host(world.a), national)
    link = html.parse(visit(world.host(world.a), "/annuaire/cellule/")).select_one("a[href$='carte/']")
    assert link["href"] == "/annuaire/cellule/carte/"

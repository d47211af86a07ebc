"""A référent brings a partner's calendar in, decides what has changed, and takes it back, from the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browsing import violations
from tests.partner_calendars import vcalendar, vevent

REFERENT = "yves.lebras@example.org"


def test_referent__a_calendar__becomes_drafts_and_is_taken_back_from_the_keyboard(page, site, sign_in, tmp_path):
    file = tmp_path / "agenda.ics"
    file.write_bytes(
        vcalendar(vevent(title="Atelier du navigateur"), vevent("b", "RRULE:FREQ=SECONDLY", title="Trop"))
    )
    sign_in(REFERENT)
    page.get_by_role("link", name="Importer un agenda").first.press("Enter")
    expect(page.get_by_label("De qui est cet agenda")).to_be_visible()
    assert violations(page, ".mara-people") == []
    page.get_by_label("De qui est cet agenda").fill("Partenaire du navigateur")
    page.get_by_label("Un fichier d’agenda").set_input_files(file)
    page.get_by_role("button", name="Voir ce qu’il apporterait").press("Enter")
    expect(page.get_by_role("rowheader", name="Atelier du navigateur")).to_be_visible()
    assert violations(page, ".mara-people") == []
    page.get_by_role("link", name="Inutilisables").press("Enter")
    expect(page.locator("main")).to_contain_text("répète par semaine")
    page.get_by_role("button", name="Créer les brouillons").press("Enter")
    expect(page.get_by_role("heading", name="C’est fait")).to_be_visible()
    assert violations(page, ".mara-people") == []
    page.get_by_role("button", name="Annuler cet import").press("Enter")
    expect(page.get_by_role("heading", name="L’import est annulé")).to_be_visible()
    assert violations(page, ".mara-people") == []


@pytest.mark.parametrize("width", [320, 1280])
def test_referent__both_versions__are_compared_without_violation(page, site, sign_in, width):
    sign_in(REFERENT)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(site.url(path="/admin/import-agenda/"))
    page.get_by_role("link", name="Maison des entreprises de la rade").first.click()
    expect(page.get_by_role("heading", name="À décider")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("10:00")
    expect(page.get_by_role("button", name="Prendre la nouvelle version")).to_be_visible()
    assert violations(page, ".mara-people") == []


def test_referent__an_address__waits_for_the_clock_and_says_so(page, site, sign_in):
    sign_in(REFERENT)
    page.goto(site.url(path="/admin/import-agenda/"))
    page.get_by_label("De qui est cet agenda").fill("Adresse du navigateur")
    page.get_by_label("Ou l’adresse de l’agenda").fill("https://127.0.0.1/agenda.ics")
    page.get_by_role("button", name="Voir ce qu’il apporterait").press("Enter")
    expect(page.locator("main")).to_contain_text("n’est pas celle d’un site public")
    assert violations(page, ".mara-people") == []
    page.get_by_label("Ou l’adresse de l’agenda").fill("https://agenda.partenaire.invalid/agenda.ics")
    page.get_by_role("button", name="Voir ce qu’il apporterait").press("Enter")
    expect(page.get_by_role("heading", name="Lecture de l’agenda dans la minute")).to_be_visible()
    assert violations(page, ".mara-people") == []
    page.get_by_role("link", name="Tous les agendas de partenaires").press("Enter")
    expect(page.locator("main")).to_contain_text("Lecture dans la minute")

"""The directory in a real browser: near a town, on a map after a click, on paper; and a spreadsheet brought in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import violations

REFERENT = "yves.lebras@example.org"
TILE = "https://data.geopf.fr/**"
CSV = "Nom;Catégorie;Tél;Ville\r\nAtelier du navigateur;Employeur;02 61 91 49 99;Brest\r\nSans catégorie;Rien;;\r\n"


def test_visitor__near_a_town__reads_distances_and_who_is_open(page, site):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site.url("finistere", "/annuaire/"))
    page.locator("summary", has_text="Filtrer").click()
    page.get_by_label("Ville ou code postal").fill("Brest")
    page.get_by_label("À moins de").select_option("20")
    page.get_by_role("button", name="Filtrer la liste").click()
    expect(page.locator(".card").first).to_contain_text("km")
    expect(page.locator(".badge", has_text=re.compile("Ouvert|Fermé")).first).to_be_visible()
    assert violations(page) == []


def test_map__after_a_click_only__gathers_points_and_is_used_from_the_keyboard(page, site):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.route(TILE, lambda route: route.abort())
    page.goto(site.url("finistere", "/annuaire/"))
    assert not [url for url in asked if "leaflet" in url or "geopf" in url or "exports/points" in url]
    page.get_by_role("button", name="Afficher la carte").click()
    expect(page.locator(".map-cluster, .map-dot").first).to_be_visible()
    assert [url for url in asked if "markercluster" in url]
    assert violations(page, ".map-box") == []
    for _step in range(12):
        mark = page.locator(".map-dot").first
        if mark.count():
            break
        page.locator(".map-cluster").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
    page.locator(".map-dot").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup-content a")).to_have_attribute("href", re.compile("/annuaire/"))


def test_print__the_whole_list__is_reached_without_javascript(browser, site):
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(site.url("finistere", "/annuaire/?side=life"))
    page.locator("summary", has_text="Imprimer ou emporter").click()
    page.get_by_role("link", name="Imprimer la liste").click()
    expect(page.locator("main")).to_contain_text("Imprimé le")
    assert page.locator(".directory__row").count() > 10
    context.close()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", ["/annuaire/?place=Saint-Denis&open=peut-etre", "/annuaire/exports/imprimer/"])
def test_directory__its_pages__have_no_violation_and_do_not_scroll_sideways(page, site, path, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(site.url("finistere", path))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


def test_referent__a_spreadsheet__is_brought_in_and_taken_back_from_the_keyboard(page, site, sign_in, tmp_path):
    file = tmp_path / "contacts.csv"
    file.write_bytes(CSV.encode("cp1252"))
    sign_in(REFERENT)
    page.get_by_role("link", name="Importer des contacts").click()
    expect(page.get_by_label("Votre fichier")).to_be_visible()
    assert violations(page, ".mara-people") == []
    page.get_by_label("Votre fichier").set_input_files(file)
    page.get_by_role("button", name="Envoyer le fichier").press("Enter")
    expect(page.get_by_role("heading", name="Que contient chaque colonne")).to_be_visible()
    expect(page.get_by_label("Tél")).to_have_value("phone")
    assert violations(page, ".mara-people") == []
    page.get_by_role("button", name="Voir ce qui va changer").press("Enter")
    expect(page.get_by_role("heading", name="Ce qui va changer")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Atelier du navigateur")).to_be_visible()
    assert violations(page, ".mara-people") == []
    page.get_by_role("link", name=re.compile("^Inutilisables")).press("Enter")
    expect(page.locator("main")).to_contain_text("n’est pas dans la liste nationale")
    page.get_by_role("button", name="Importer", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="C’est fait")).to_be_visible()
    assert violations(page, ".mara-people") == []
    page.get_by_role("button", name="Annuler cet import").press("Enter")
    expect(page.get_by_role("heading", name="L’import est annulé")).to_be_visible()
    page.goto(site.url("finistere", "/annuaire/?q=Atelier+du+navigateur"))
    expect(page.get_by_role("link", name="Atelier du navigateur")).to_have_count(0)

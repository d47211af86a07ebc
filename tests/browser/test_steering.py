"""Steering in a browser: the référent's small steps, the board of zone and nation, the label that visitors see."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import violations

REFERENT = "yves.lebras@example.org"
ZONE = "herve.kermorgant@example.org"
EDITOR = "jean-marc.thibault@example.org"
SCREENS = ("/admin/pilotage/", "/admin/pilotage/textes/", "/admin/pilotage/label/", "/admin/pilotage/label/regles/")


@pytest.mark.parametrize("width", [390, 1280])
def test_referent__a_gap__is_two_clicks_from_its_slot(page, site, sign_in, width):
    sign_in(REFERENT)
    page.set_viewport_size({"width": width, "height": 900})
    page.get_by_role("link", name="Trame commune :").click()
    assert violations(page, ".mara-people") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="« Habiter chez nous » est à relire").click()
    expect(page).to_have_url(re.compile("#b-habiter$"))
    expect(page.locator("#b-habiter")).to_be_in_viewport()
    assert page.goto(site.url(path="/admin/pilotage/")).status == 404


@pytest.mark.parametrize("width", [390, 1280])
def test_editor__the_screens_of_steering__have_no_violation_and_do_not_scroll_sideways(page, site, sign_in, width):
    sign_in(EDITOR)
    page.set_viewport_size({"width": width, "height": 900})
    for address in SCREENS:
        page.goto(site.url(path=address))
        assert violations(page, ".mara-board") == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_editor__from_the_board__reads_who_completed_a_text(page, site, sign_in):
    sign_in(EDITOR)
    page.goto(site.url(path="/admin/pilotage/"))
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Gers"))
    expect(row).to_contain_text("vacant")
    page.get_by_label("État").select_option(label="à relire")
    page.get_by_role("button", name="Afficher", exact=True).click()
    expect(page.get_by_role("rowheader", name="Gers")).to_have_count(0)
    page.get_by_role("columnheader").get_by_role("link", name="Choisir où vivre").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Choisir où vivre")
    expect(page.locator("section[aria-labelledby=left-out]")).to_contain_text("Un seul bailleur nous répond")
    assert violations(page, ".mara-board") == []


def test_zone__its_board__holds_its_groupements_alone(page, site, sign_in):
    sign_in(ZONE)
    page.goto(site.url(path="/admin/pilotage/"))
    expect(page.get_by_role("rowheader", name="Finistère")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Gers")).to_have_count(0)
    page.get_by_role("rowheader", name="Maine-et-Loire").get_by_role("link").click()
    expect(page.locator(".mara-label")).to_contain_text("À confirmer avant le")


@pytest.mark.parametrize("width", [390, 1280])
def test_visitor__the_label__is_on_the_home_of_those_who_hold_it(page, site, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(site.url("lot-et-garonne"))
    expect(page.locator(".label-mark")).to_contain_text("Groupement à jour")
    assert violations(page) == []
    for code in ("finistere", "gers"):
        page.goto(site.url(code))
        expect(page.locator(".label-mark")).to_have_count(0)

"""“Toujours exact ?” in a real browser: from the link to the thanks, without an account; and “Vérifications”."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browsing import violations

REFERENT = "yves.lebras@example.org"


@pytest.fixture
def link(page, site, sign_in) -> str:
    """A link of the référent's own, from the menu in two clicks; who opens it afterwards is not signed in."""
    sign_in(REFERENT)
    page.get_by_role("link", name="Vérifications").first.click()
    page.get_by_role("link", name="Finistère").first.click()
    page.get_by_role("button", name="Répondre sur la page du courriel").click()
    address = page.get_by_role("link", name="Ouvrir la page").get_attribute("href")
    page.context.clear_cookies()
    return address or ""


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_link__its_widths__has_no_violation_and_does_not_scroll_sideways(page, link, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(link)
    first = page.locator(".check").first
    first.get_by_text("À corriger", exact=True).click()
    expect(first.get_by_role("textbox")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    page.get_by_role("button", name="Continuer avec mes réponses").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []
    first.get_by_role("textbox").fill("Le numéro a changé.")
    page.get_by_role("button", name="Tout le reste est toujours exact").click()
    expect(page.locator("h1")).to_have_text("Relisez vos réponses")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


def test_referent__by_the_link__answers_and_finds_it_on_the_editing_side(page, link, sign_in):
    page.goto(link)
    title = page.locator(".check__title").first.inner_text()
    waiting = page.locator(".check").count()
    page.keyboard.press("Tab")
    first = page.locator(".check").first
    first.get_by_role("radio", name="À corriger").focus()
    page.keyboard.press("Space")
    first.get_by_role("textbox").fill("Le standard finit par 12.")
    page.get_by_role("button", name="Continuer avec mes réponses").click()
    expect(page.locator("main")).to_contain_text("Le standard finit par 12.")
    page.get_by_role("button", name="Oui, envoyer").click()
    expect(page.locator("h1")).to_have_text("Merci, c’est noté")
    expect(page.locator(".check")).to_have_count(waiting - 1)
    expect(page.locator(".checks__done")).to_contain_text("Yves Le Bras")
    sign_in(REFERENT)
    page.get_by_role("link", name="informations à confirmer").click()
    notes = page.locator("section[aria-labelledby=notes]")
    expect(notes).to_contain_text("Le standard finit par 12.")
    assert violations(page, ".mara-checks") == []
    page.set_viewport_size({"width": 390, "height": 900})
    page.locator(".mara-checks__correct summary").first.click()
    box = page.locator(".mara-checks__correct textarea").first.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390
    notes.get_by_role("button", name=f"Annuler – {title}").click()
    expect(page.get_by_text("de nouveau à confirmer")).to_be_visible()

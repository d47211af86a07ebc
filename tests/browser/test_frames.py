"""The trame commune in a real browser: two clicks, a text typed, saved, published, and read by visitors."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

REFERENT = "yves.lebras@example.org"
CHAPTER = "/guides/se-loger-demenager/choisir-son-lieu-de-vie/"


def violations(page, scope: str | None = None) -> list[str]:
    found = Axe().run(page, context=scope).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in found]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("code", ["finistere", "gers", ""])
def test_visitor__a_frame__reads_one_page(page, site, code, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(site.url(code, CHAPTER))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    if code == "finistere":
        expect(page.locator("main")).to_contain_text("pont de l’Iroise")
    else:
        expect(page.locator("main")).not_to_contain_text("pont de l’Iroise")


def test_referent__two_clicks_from_the_first_screen__answers_previews_and_publishes(page, site, sign_in):
    sign_in(REFERENT)
    page.get_by_role("link", name="Trame commune").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Finistère")
    assert violations(page, "main") == []
    page.get_by_role("link", name="Défense Mobilité").click()
    expect(page.locator(".mara-frame__national").first).to_be_visible()
    expect(page.locator(".mara-frame__keeper")).to_contain_text("tenu par Marc Ferrand")
    assert violations(page, ".mara-frame") == []
    editor = page.locator("[data-block=travail-commun] [contenteditable=true]")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Venez avec votre dossier.")
    page.get_by_role("button", name="Enregistrer le brouillon").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Brouillon enregistré")).to_be_visible()
    expect(page.locator("[data-block=travail-commun] [contenteditable=true]")).to_contain_text("votre dossier")
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_text("C’est publié")).to_be_visible()
    page.goto(site.url("finistere", "/partenaires/defense-mobilite/"))
    expect(page.locator("main")).to_contain_text("Venez avec votre dossier.")


@pytest.mark.parametrize("width", [390, 1280])
def test_answer_screen__its_widths__has_no_violation_and_does_not_scroll_sideways(page, site, sign_in, width):
    sign_in(REFERENT)
    page.set_viewport_size({"width": width, "height": 900})
    page.get_by_role("link", name="Trame commune").click() if width > 800 else page.goto(site.url("", "/admin/trame/"))
    page.get_by_role("link", name="Choisir où vivre").click()
    expect(page.locator(".mara-frame__slot").first).to_be_visible()
    assert violations(page, ".mara-frame") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width

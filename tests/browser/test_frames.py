"""The trame commune in a real browser: what visitors read, and the screen of answers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browsing import violations

REFERENT = "yves.lebras@example.org"
# Whose answers no other test reads.
WRITER = "nathalie.peyrottes@example.org"
CHAPTER = "/guides/se-loger-demenager/choisir-son-lieu-de-vie/"

WRITTEN = """() => [...document.querySelectorAll(".mara-frame__slot input, .mara-frame__slot textarea")]
    .some(field => field.value.includes("Lattes"))"""

# Wagtail's rich text editor gives its own field no name (its label names the hidden one): not ours to mend.
ANSWERS = {"include": [[".mara-frame"]], "exclude": [[".Draftail-Editor"]]}


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("code", ["finistere", "gers", ""])
def test_visitor__a_frame__reads_one_page(page, site, code, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(site.url(code, CHAPTER))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    if code == "finistere":
        expect(page.locator("main")).to_contain_text("pont de l’Iroise")
    elif not code:
        # What groupements answer is read below the national text, and nowhere in it.
        expect(page.locator(".voice__places")).to_contain_text("pont de l’Iroise")
        expect(page.locator("main .prose")).not_to_contain_text("pont de l’Iroise")
    else:
        expect(page.locator("main")).not_to_contain_text("pont de l’Iroise")


@pytest.mark.parametrize("width", [390, 1280])
def test_answer_screen__its_widths__has_no_violation_and_does_not_scroll_sideways(page, site, sign_in, width):
    sign_in(REFERENT)
    page.set_viewport_size({"width": width, "height": 900})
    page.get_by_role("link", name="Trame commune", exact=True).click() if width > 800 else page.goto(
        site.url("", "/admin/trame/")
    )
    page.get_by_role("link", name="Choisir où vivre").click()
    expect(page.locator(".mara-frame__slot").first).to_be_visible()
    assert violations(page, ANSWERS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_referent__answers_a_frame__is_read_on_their_site_and_no_neighbour_s(page, site, sign_in):
    sign_in(WRITER)
    page.get_by_role("link", name="Trame commune", exact=True).click()
    page.get_by_role("link", name="Choisir où vivre").click()
    page.locator(".mara-frame__slot [contenteditable=true]").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Le marché de Lattes est le jeudi.")
    # Wagtail's editor hands its text to the form a quarter of a second after the last key.
    page.wait_for_function(WRITTEN)
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_text("C’est publié")).to_be_visible()
    page.goto(site.url("herault", CHAPTER))
    expect(page.locator("main")).to_contain_text("Lattes est le jeudi")
    page.goto(site.url("finistere", CHAPTER))
    expect(page.locator("h1")).to_have_text("Choisir où vivre")
    expect(page.locator("main")).not_to_contain_text("Lattes")


@pytest.mark.parametrize("width", [390, 1280])
def test_visitor__anywhere_on_a_groupement_s_site__reads_its_project_in_two_clicks(page, site, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(site.url("finistere", "/annuaire/"))
    page.get_by_role("banner").get_by_role("link", name="Finistère", exact=True).click()
    assert violations(page) == []
    page.get_by_role("region", name="Le groupement", exact=True).get_by_role("link").first.click()
    expect(page.locator("h1")).to_have_text("Le projet de notre groupement")
    expect(page.locator("main")).to_contain_text("Recevoir en trente jours")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width

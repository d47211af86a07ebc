"""The trame commune in a real browser: what visitors read, and the screen of answers."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

REFERENT = "yves.lebras@example.org"
CHAPTER = "/guides/se-loger-demenager/choisir-son-lieu-de-vie/"


# Wagtail's rich text editor gives its own field no name (its label names the hidden one): not ours to mend.
ANSWERS = {"include": [[".mara-frame"]], "exclude": [[".Draftail-Editor"]]}


def violations(page, scope: str | dict | None = None) -> list[str]:
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


@pytest.mark.parametrize("width", [390, 1280])
def test_answer_screen__its_widths__has_no_violation_and_does_not_scroll_sideways(page, site, sign_in, width):
    sign_in(REFERENT)
    page.set_viewport_size({"width": width, "height": 900})
    page.get_by_role("link", name="Trame commune").click() if width > 800 else page.goto(site.url("", "/admin/trame/"))
    page.get_by_role("link", name="Choisir où vivre").click()
    expect(page.locator(".mara-frame__slot").first).to_be_visible()
    assert violations(page, ANSWERS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width

"""Corrections and what is new, in a real browser: the screens of the référent and of the nation, and one journey."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import violations

REFERENT = "yves.lebras@example.org"
EDITOR = "jean-marc.thibault@example.org"
CHAPTER = "Monter une demande solide"
WORDS = " Nos voisins le disent aussi."
WIDTHS = pytest.mark.parametrize("width", [390, 1280])
# Wagtail's rich text editor gives its own field no name (its label names the hidden one): not ours to mend.
MAIN = {"include": [["main"]], "exclude": [[".Draftail-Editor"]]}


def assert_fits(page, width: int, scope: dict | None = None) -> None:
    page.wait_for_load_state()
    assert violations(page, scope or MAIN) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def open_answers(page, site) -> None:
    page.goto(site.url(path="/admin/trame/"))
    page.get_by_role("link", name=CHAPTER).first.click()


def first_link(page):
    return page.get_by_role("link", name="Proposer une correction").first


def first_row(page):
    return page.locator("main a[href*='/corrections/inspect/']").first


@WIDTHS
def test_referent__proposing__fits_in_place_and_on_its_page(page, site, sign_in, width):
    sign_in(REFERENT)
    page.set_viewport_size({"width": width, "height": 900})
    open_answers(page, site)
    first_link(page).click()
    expect(page.get_by_role("dialog", name="Proposer une correction")).to_be_visible()
    assert_fits(page, width, {"include": [["dialog"]]})
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Envoyer").click()
    expect(dialog.get_by_role("alert")).to_be_focused()
    assert_fits(page, width, {"include": [["dialog"]]})
    page.keyboard.press("Escape")
    expect(first_link(page)).to_be_focused()
    assert_fits(page, width)
    page.goto(site.url(path=first_link(page).get_attribute("href")))
    expect(page.get_by_label("Le texte que vous proposez")).to_be_visible()
    assert_fits(page, width)


@WIDTHS
def test_referent__our_corrections_and_what_is_new__fit(page, site, sign_in, width):
    sign_in(REFERENT)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(site.url(path="/admin/trame/"))
    page.get_by_role("link", name="Quoi de neuf", exact=True).click()
    expect(page.get_by_role("button", name=re.compile("Mon texte convient")).first).to_be_visible()
    assert_fits(page, width)
    page.get_by_role("link", name="Nos corrections").click()
    expect(page.locator(".mara-people__tabs [aria-current=page]")).to_have_text("Nos corrections")
    assert_fits(page, width)
    first_row(page).click()
    expect(page.get_by_role("button", name="Retirer cette correction")).to_be_visible()
    assert_fits(page, width)


@WIDTHS
def test_editor__the_list_and_one_correction__fit(page, site, sign_in, width):
    sign_in(EDITOR)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(site.url(path="/admin/corrections/"))
    assert_fits(page, width)
    first_row(page).click()
    expect(page.get_by_role("button", name="Envoyer la réponse")).to_be_visible()
    assert_fits(page, width)


def test_keyboard__propose_accept_draft__opens_the_editor_at_the_passage(page, site, sign_in):
    sign_in(REFERENT)
    open_answers(page, site)
    first_link(page).focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Le texte que vous proposez")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type(WORDS)
    page.keyboard.press("Tab")
    page.keyboard.type("Entendu deux fois cet automne.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.locator(":focus")).to_contain_text("Votre correction du")

    page.context.clear_cookies()
    sign_in(EDITOR)
    page.goto(site.url(path="/admin/corrections/"))
    first_row(page).focus()
    page.keyboard.press("Enter")
    expect(page.locator("main ins")).to_contain_text(WORDS.strip())
    page.get_by_label("Acceptée").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Envoyer la réponse").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("le groupement est prévenu")).to_be_visible()
    page.get_by_role("button", name="En faire un brouillon").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/edit/#block-.+-section$"))
    passage = page.locator(f"[id='{page.url.partition('#')[2]}']")
    expect(passage).to_contain_text(WORDS.strip())
    expect(passage).to_be_in_viewport()


def test_without_script__proposing__is_a_page_of_its_own_and_comes_back_to_the_passage(
    browser, browser_context_args, page, site, sign_in
):
    sign_in(REFERENT)
    kept = page.context.storage_state()
    context = browser.new_context(**browser_context_args, java_script_enabled=False, storage_state=kept)
    plain = context.new_page()
    open_answers(plain, site)
    first_link(plain).click()
    expect(plain.get_by_role("heading", name="Proposer une correction", level=1)).to_be_visible()
    field = plain.get_by_label("Le texte que vous proposez")
    plain.get_by_role("button", name="Envoyer").click()
    expect(plain.get_by_role("alert")).to_contain_text("rien n’est encore différent")
    field.fill(f"{field.input_value()}{WORDS}")
    plain.get_by_role("button", name="Envoyer").click()
    expect(plain).to_have_url(re.compile(r"/admin/trame/.+#b-.+"))
    expect(plain.get_by_text("Envoyée. Merci")).to_be_visible()
    place = plain.locator(f"[id='{plain.url.partition('#')[2]}']")
    expect(place.get_by_text("en attente de réponse").first).to_be_visible()
    context.close()

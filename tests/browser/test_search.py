"""The search as a visitor uses it: with a typing mistake, from the keyboard, on a phone, without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import violations


def test_visitor__typing_mistake__follows_what_was_meant_filters_and_opens(page, site):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site.url("finistere", "/guides/"))
    page.locator("details.find > summary").click()
    expect(page.locator("#recherche-entete")).to_be_focused()
    page.keyboard.type("logemant")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/recherche/\?q=logemant"))
    notice = page.locator(".notice", has_text="logement")
    expect(notice).to_be_visible()
    if notice.get_by_role("link").count():
        notice.get_by_role("link").click()
    page.locator("details.facets > summary").click()
    page.locator(".facets__list").get_by_role("link", name=re.compile("^Guides")).click()
    expect(page.locator(".chosen__list")).to_contain_text("Guides")
    first = page.locator("ol.rows .card__title a").first
    title = first.inner_text()
    first.click()
    expect(page.locator("h1")).to_have_text(title)
    assert page.url.startswith(site.url("finistere", "/guides/"))


def test_suggestions__keyboard__one_is_chosen_and_opened(page, site):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site.url("finistere", "/annuaire/"))
    field = page.locator("#recherche-entete")
    field.focus()
    field.press_sequentially("congé de rec", delay=20)
    box = page.get_by_role("listbox", name="Suggestions")
    expect(box).to_be_visible()
    expect(page.locator("#recherche-entete")).to_have_attribute("aria-expanded", "true")
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    chosen = box.get_by_role("option", selected=True)
    expect(page.locator("#recherche-entete")).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(box).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/guides/"))


@pytest.mark.parametrize("code", ["", "finistere"])
def test_search__without_javascript__the_header_s_field_searches(browser, site, code):
    context = browser.new_context(java_script_enabled=False, locale="fr-FR", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(site.url(code, "/agenda/"))
    page.locator("details.find > summary").click()
    page.locator("#recherche-entete").fill("reconversion")
    page.keyboard.press("Enter")
    expect(page.locator("ol.rows .card__title").first).to_be_visible()
    context.close()


def test_search__recommended_answer__comes_first(page, site):
    page.goto(site.url("herault", "/recherche/?q=chomage"))
    expect(page.locator("ol.rows > li").first).to_contain_text("Réponse conseillée")


def test_search__nobody_to_call_here__names_the_stand_in(page, site):
    page.goto(site.url("gers", "/recherche/?q=introuvable"))
    expect(page.locator("section.person")).to_contain_text(re.compile("répond"))
    expect(page.locator("section.person").get_by_role("link", name=re.compile(r"^0\d"))).to_be_visible()


def test_search__printed__has_no_field(page, site):
    page.goto(site.url("finistere", "/recherche/?q=emploi"))
    page.emulate_media(media="print")
    expect(page.locator(".search-box").first).to_be_hidden()
    expect(page.locator("details.facets").first).to_be_hidden()
    expect(page.locator("ol.rows .card__title").first).to_be_visible()

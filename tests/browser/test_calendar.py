"""The calendar and its forms in a real browser: accessible, from the keyboard, without JavaScript; the screens too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import violations

PHONE = {"width": 390, "height": 844}
REFERENT = "yves.lebras@example.org"
WIDTHS = (320, 390, 1280)
FETCHED = "async address => (await fetch(address)).status"


def assert_fits(page) -> None:
    """No violation, no sideways scroll, at three widths."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == [], f"at {width} px"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"at {width} px"


def open_registration(page, site) -> None:
    """The form of the first event of Finistère that takes registrations."""
    page.goto(site.url("finistere", "/agenda/"))
    links = page.locator("main article.card--event h3 a").evaluate_all("all => all.map(a => a.href)")
    for link in links:
        page.goto(link)
        button = page.locator("a.button[href^='/inscription/']")
        if button.count():
            page.goto(button.first.evaluate("a => a.href"))
            return
    pytest.fail("no event of the demonstration takes registrations")


def register(page, email: str) -> None:
    page.get_by_label("nom", exact=False).first.fill("Claire Morvan")
    page.locator("input[type=email]").fill(email)
    page.locator("main input[type=checkbox]").check()
    page.locator("main form button[type=submit]").click()


@pytest.mark.parametrize("view", ["list", "month", "week"])
def test_calendar__each_view_without_javascript__is_accessible_and_leads_on(browser, browser_context_args, site, view):
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    page.goto(site.url("finistere", f"/agenda/?view={view}"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if view != "list":
        page.get_by_role("link", name=re.compile("Suivant")).click()
        page.get_by_role("link", name=re.compile("aujourd’hui")).click()
    page.locator(".switch a[aria-current]").wait_for()
    context.close()


@pytest.mark.parametrize("view", ["list", "month", "week"])
def test_calendar__each_view__has_no_violation(page, site, view):
    page.goto(site.url("finistere", f"/agenda/?view={view}"))
    assert_fits(page)


def test_local_note__in_the_list_and_on_the_page__is_there_at_its_groupement_only(page, site):
    page.goto(site.url("finistere", "/agenda/?q=lyon"))
    note = page.locator(".local--note")
    expect(note.first).to_contain_text("Covoiturage depuis Brest")
    page.get_by_role("link", name=re.compile("CAP 2C de Lyon")).first.click()
    expect(note.first).to_contain_text("Covoiturage depuis Brest")
    assert_fits(page)
    page.goto(site.url("lot-et-garonne", "/agenda/?q=lyon"))
    expect(page.get_by_role("link", name=re.compile("CAP 2C de Lyon")).first).to_be_visible()
    expect(note).to_have_count(0)


def test_registration__form_errors_and_thanks__have_no_violation(page, site):
    open_registration(page, site)
    assert_fits(page)
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert_fits(page)


def test_registration__from_the_keyboard__is_kept_and_thanked(page, site):
    page.set_viewport_size(PHONE)
    open_registration(page, site)
    page.wait_for_timeout(3500)  # a form filled in faster is a robot's
    page.locator("main form input:not([type=hidden]):visible").first.focus()
    page.keyboard.type("Claire Morvan")
    for _step in range(12):
        page.keyboard.press("Tab")
        focused = page.evaluate("[document.activeElement.type, document.activeElement.tagName]")
        if focused[0] == "email":
            page.keyboard.type("clavier@example.org")
        elif focused[0] == "checkbox":
            page.keyboard.press("Space")
        elif focused == ["submit", "BUTTON"]:
            page.keyboard.press("Enter")
            break
    page.wait_for_url(re.compile("/(merci|attente)/"))
    assert_fits(page)


def test_registration__without_javascript__is_kept_and_thanked(browser, browser_context_args, site):
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    open_registration(page, site)
    page.wait_for_timeout(3500)
    register(page, "sans-script@example.org")
    page.wait_for_url(re.compile("/(merci|attente)/"))
    context.close()


def test_follow_page__of_a_link_that_is_none__has_no_violation(page, site):
    page.goto(site.url("finistere", "/inscription/suivi/1:abc/"))
    assert_fits(page)


def test_screens__of_the_calendar__have_no_violation_and_work_from_the_keyboard(page, site, sign_in):
    sign_in(REFERENT)
    page.goto(site.url(path="/admin/dates/"))
    page.set_viewport_size(PHONE)
    assert violations(page, "main") == []
    for name in ("Annuler cette date", "Déplacer", "Annoter", "une note locale"):
        page.get_by_role("link", name=re.compile(name)).first.focus()
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Ne rien changer").wait_for()
        assert violations(page, "main") == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
        page.get_by_role("link", name="Ne rien changer").click()
    page.get_by_role("link", name="S’abonner à l’agenda de l’équipe").click()
    make = page.get_by_role("button", name=re.compile("Créer mon adresse|Remplacer par"))
    make.wait_for()
    assert violations(page, "main") == []
    make.press("Enter")
    address = page.get_by_label("L’adresse, à copier").input_value()
    assert violations(page, "main") == []
    assert page.evaluate(FETCHED, address) == 200
    page.get_by_role("button", name=re.compile("Arrêter cette adresse")).click()
    page.get_by_role("button", name=re.compile("Créer mon adresse")).wait_for()
    assert page.evaluate(FETCHED, address) == 404

"""My groupement on a phone: found from the keyboard, kept on the device, forgotten; and asking to be called back."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browsing import violations

PHONE = {"width": 390, "height": 844}
KEPT = "localStorage.getItem('mara.groupement')"


@pytest.fixture(autouse=True)
def _on_a_phone(page):
    page.set_viewport_size(PHONE)


def test_suggestions__from_the_keyboard__lead_to_the_groupement(page, site):
    page.goto(site.url())
    field = page.locator(".finder input[name=q]")
    field.focus()
    page.keyboard.type("peze", delay=40)
    option = page.get_by_role("option", name="Pézenas")
    expect(option).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".match__name")).to_have_text("Hérault")
    assert violations(page) == []


def test_groupement__kept_then_forgotten__is_on_the_device_only(page, site):
    page.goto(site.url(path="/groupements/?q=29200"))
    page.get_by_role("button", name="Retenir ce groupement").click()
    expect(page.locator(".near")).to_contain_text("Finistère")
    assert json.loads(page.evaluate(KEPT))["code"] == "finistere"
    page.goto(site.url(path="/guides/"))
    same = page.get_by_role("link", name="Cette page dans mon groupement")
    expect(same).to_have_attribute("href", site.url("finistere", "/guides/"))
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.context.cookies() == []
    page.get_by_role("button", name="Oublier").click()
    expect(page.locator(".near")).to_have_count(0)
    assert page.evaluate(KEPT) is None


def test_position__offered__is_rounded_and_becomes_a_commune(page, site):
    page.context.grant_permissions(["geolocation"], origin=site.url().rstrip("/"))
    page.context.set_geolocation({"latitude": 48.390412, "longitude": -4.486112})
    page.goto(site.url())
    with page.expect_request("**/communes/position/") as asked:
        page.get_by_role("button", name="Utiliser ma position").click()
    assert json.loads(asked.value.post_data) == {"latitude": 48.39, "longitude": -4.49}
    expect(page.locator(".match__name")).to_have_text("Finistère")
    assert "48" not in page.url.split("?")[1]


def test_callback__asked_from_the_home__is_kept_and_says_what_comes_next(page, site):
    page.goto(site.url("finistere"))
    page.locator("main").get_by_role("link", name="Être rappelé").click()
    assert violations(page) == []
    page.get_by_role("button", name="Demander à être rappelé").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Votre nom").fill("Claire Morvan")
    page.get_by_label("Votre téléphone").fill("06 39 98 00 12")
    page.get_by_label("De quoi souhaitez-vous parler").fill("Par où commencer ?")
    page.get_by_role("checkbox").check()
    page.wait_for_timeout(3100)  # quicker than this is taken for a robot
    page.get_by_role("button", name="Demander à être rappelé").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre demande est bien arrivée")
    assert violations(page) == []
    assert page.context.cookies() == []


@pytest.mark.parametrize("path", ["/groupements/?q=01410", "/groupements/?q=ajaccio", "/etre-rappele/"])
def test_page__answers_without_javascript__and_has_no_violation(browser, page, site, path):
    page.goto(site.url(path=path))
    assert violations(page) == []
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    plain = context.new_page()
    plain.goto(site.url(path=path))
    assert plain.locator("main a").count() > 2
    context.close()

"""One's own registration in a real browser: accessible in each state, and given up from the keyboard."""

from __future__ import annotations

import os

import pytest
from django.test import Client
from playwright.sync_api import expect

from exchanges.registrations import links
from tests.browsing import HOST, chromium_page, violations
from tests.exchanges.registering import open_event, registration

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not os.environ.get("MARA_CHROMIUM"), reason="Chromium is absent"),
]


def test_follow_page__seated_waiting_and_given_up__is_accessible_and_fits(browser, world):
    event = open_event(world.national, "Forum national de la reconversion", capacity=1)
    seated = registration(event, None, name="Claire Morvan")
    waiting = registration(event, None, name="Paul Kerleau", state="waiting", told_state="waiting")
    with chromium_page(Client(), browser) as page:
        for kept in (seated, waiting):
            page.goto(f"http://{HOST}/inscription/suivi/{links.token_of(kept)}/")
            for width in (320, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                assert violations(page) == [], kept.state
                assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.goto(f"http://{HOST}/inscription/suivi/{links.token_of(seated)}/")
        page.locator("main form button[type=submit]").focus()
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Votre inscription est annulée")
        assert violations(page) == []
    seated.refresh_from_db()
    waiting.refresh_from_db()
    assert (seated.state, waiting.state) == ("cancelled", "seated")

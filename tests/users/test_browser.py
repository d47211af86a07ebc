"""In a real browser: a passkey opens the administration, and every page of sign-in and teams is accessible."""

from __future__ import annotations

import os
import re

import pytest
from django.core import mail
from django.urls import reverse

from regions import invitations
from regions.models import Mandate
from regions.roles import RoleCode
from tests import browsing
from tests.browsing import HOST, chromium_page
from tests.factories.world import PASSWORD
from tests.users.conftest import Browser, code_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not os.environ.get("MARA_CHROMIUM"), reason="Chromium is absent"),
]
BASE = f"http://{HOST}"
WIDTHS = (320, 768, 1280)


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page) -> list[str]:
    """What axe finds in our part of a page: Wagtail's own frame is not ours to judge."""
    return browsing.violations(page, "main" if "/admin/" in page.url else None, runOnly=RULES)


def virtual_device(page) -> None:
    """A device that confirms by itself, as a fingerprint would."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_passkey__added_then_used__opens_the_administration(browser, world, new_client, required):
    client = new_client()
    client.give_password("referent_a")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    with chromium_page(client, browser) as page:
        virtual_device(page)
        page.goto(BASE + reverse("mfa_add_webauthn"))
        page.click("#passkey-add")
        page.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")
        assert page.locator(".account__codes li").count() == 10
        assert client.get("/admin/").status_code == 200
        client.logout()
        client.give_password("referent_a")
        assert client.get("/admin/").status_code == 302
        page.goto(BASE + reverse("mfa_authenticate"))
        page.click("#passkey-authenticate")
        page.wait_for_url("**/admin/")
        assert client.get("/admin/").status_code == 200


def test_application__set_up_then_used__opens_the_administration_as_a_recovery_code_does(
    browser, world, new_client, required
):
    client = new_client()
    client.give_password("referent_a")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    with chromium_page(client, browser) as page:
        page.goto(BASE + reverse("mfa_activate_totp"))
        page.locator(".account__steps summary").click()
        secret = page.locator(".account__secret").inner_text()
        fill_code(page, code_of(secret))
        page.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")
        spare = page.locator(".account__codes li").first.inner_text()
        # A code serves once: the next half-minute's, which a clock that is a little ahead would show.
        for code in (code_of(secret, 1), spare):
            client.logout()
            client.give_password("referent_a")
            assert client.get("/admin/").status_code == 302
            page.goto(BASE + reverse("mfa_authenticate"))
            fill_code(page, "000000")
            page.locator(".errorlist").wait_for()
            fill_code(page, code)
            page.wait_for_url("**/admin/")
            assert client.get("/admin/").status_code == 200


def fill_code(page, code: str) -> None:
    """Type a code from the keyboard and send it."""
    page.locator("input[name=code]").fill(code)
    page.keyboard.press("Enter")


def addresses(world) -> list[str]:
    """The pages of an administrator who has no device yet."""
    names = (
        "account_overview",
        "account_change_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "device_resets",
        "network_state",
        "ending_mandates",
        "kept_mail",
        "site_tasks",
        "team_index",
    )
    mandate = Mandate.objects.get(person=world.people["referent_a"])
    return [
        *map(reverse, names),
        reverse("team", args=["groupement", world.a.pk]),
        reverse("team", args=["zone", world.zone_a.pk]),
        reverse("team_end", args=[mandate.pk]),
        reverse("handover", args=[world.a.pk]),
    ]


def test_pages__of_somebody_signed_in__have_no_finding(browser, world, new_client):
    client = new_client()
    client.give_password("admin")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    found = {}
    with chromium_page(client, browser) as page:
        for address in addresses(world):
            page.goto(BASE + address)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                if rows := violations(page):
                    found[f"{address} {width}"] = rows
                    break
    assert found == {}


def test_pages__before_sign_in__have_no_finding(
    browser, world, new_client, application, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        for email in ("anne@example.net", "member@example.org"):
            invitations.invite(
                email=email, role=RoleCode.CONTRIBUTOR, place=world.a, invited_by=world.people["referent_a"]
            )
    links = [re.search(r"/compte/invitation/\S+", message.body)[0] for message in mail.outbox]
    application("referent_b")
    stage = new_client()
    stage.give_password("referent_b")
    visits: list[tuple[Browser, str]] = [
        *((new_client(), link) for link in links),
        (new_client(), reverse("invitation", args=["faux"])),
        (new_client(), reverse("account_reset_password")),
        (new_client(), reverse("account_reset_password_done")),
        (stage, reverse("mfa_authenticate")),
    ]
    found = {}
    for client, address in visits:
        with chromium_page(client, browser) as page:
            page.set_viewport_size({"width": 320, "height": 900})
            page.goto(BASE + address)
            if rows := violations(page):
                found[address] = rows
    assert found == {}

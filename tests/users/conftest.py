"""Signing in as a browser does: password, then code."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client
from django.urls import reverse

from tests.factories.world import PASSWORD


class Browser(Client):
    """A client of the national host that knows how to sign in."""

    def __init__(self, world):
        super().__init__(headers={"host": world.national_host})
        self.world = world

    def give_password(self, name: str, password: str = PASSWORD, **extra):
        email = f"{name}@example.org"
        return self.post(reverse("account_login"), {"login": email, "password": password}, **extra)

    def give_code(self, code: str):
        return self.post(reverse("mfa_authenticate"), {"code": code})

    @property
    def person(self):
        from django.contrib.auth import get_user

        request = type("Request", (), {"session": self.session, "META": {}})()
        return get_user(request)


def code_of(secret: str, steps: int = 0) -> str:
    """The code that an application shows now, or some half-minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def new_client(world):
    return lambda: Browser(world)


@pytest.fixture
def required(settings):
    """The second proof as a real site asks for it."""
    settings.MARA_SECOND_FACTOR = True


@pytest.fixture
def application(world):
    """Give a person an application of codes and recovery codes; returns the application's secret."""

    def add(name: str) -> str:
        secret = generate_totp_secret()
        TOTP.activate(world.people[name], secret)
        RecoveryCodes.activate(world.people[name])
        return secret

    return add


def recovery_codes(person) -> list[str]:
    row = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES)
    return row.wrap().get_unused_codes()


def opens(client: Client, home) -> bool:
    """Whether whoever is signed in may write a news item in the subsite of a home."""
    section = home.get_children().get(slug="actualites")
    response = client.get(reverse("wagtailadmin_pages:add", args=["resources", "newspage", section.pk]))
    return response.status_code == 200 and b"data-edit-form" in response.content


def assert_no_access(client: Client, home) -> None:
    """The editing screens are closed, and say so without going round in circles."""
    assert not opens(client, home)
    response = client.get("/admin/", follow=True)
    assert response.status_code == 200
    assert response.redirect_chain[-1][0].startswith("/compte/")

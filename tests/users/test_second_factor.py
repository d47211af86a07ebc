"""The administration opens to two proofs, never to a password alone, by any address."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern

from tests.factories.world import PASSWORD
from tests.helpers import page_html
from tests.users.conftest import code_of, recovery_codes

SAMPLES = {"int": "1", "str": "x", "slug": "x", "path": "x", "uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 12}


def admin_addresses() -> list[str]:
    """One concrete address for each pattern below /admin/."""
    found: list[str] = []

    def walk(patterns, prefix: str) -> None:
        for entry in patterns:
            path = prefix + re.sub(r"<(?:(\w+):)?\w+>", lambda m: SAMPLES.get(m[1] or "str", "1"), str(entry.pattern))
            if isinstance(entry, URLPattern):
                path = re.sub(r"\(\?P<\w+>[^)]*\)|\([^)]*\)", "1", path)
                found.append("/" + re.sub(r"[\^$\\?]", "", path))
            else:
                walk(entry.url_patterns, path)

    walk(get_resolver().url_patterns, "")
    return sorted({path for path in found if path.startswith("/admin/")})


def assert_asks_for_proof(response, path: str) -> None:
    assert response.status_code == 302, f"{path}: {response.status_code}"
    assert response["Location"].startswith("/compte/double-verification/"), f"{path}: {response['Location']}"


def test_admin__password_alone__opens_no_address(world, new_client, required):
    client = new_client()
    assert client.give_password("referent_a").status_code == 302
    assert client.person == world.people["referent_a"]
    addresses = [path for path in admin_addresses() if path != "/admin/login/"]
    assert len(addresses) > 250
    for path in addresses:
        assert_asks_for_proof(client.get(path), path)
        assert_asks_for_proof(client.post(path, {}), path)


def test_admin__device_of_an_earlier_session__still_asks(world, signed_in, required, application):
    application("referent_a")
    client = signed_in("referent_a")
    for path in ("/admin/", "/admin/pages/", "/admin/account/"):
        response = client.get(path)
        assert_asks_for_proof(response, path)
        assert response["Location"].startswith(reverse("mfa_reauthenticate"))


def test_admin__password_alone__cannot_take_the_device_away(world, signed_in, application):
    application("referent_a")
    client = signed_in("referent_a")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    for name in ("mfa_index", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "account_change_password"):
        assert_asks_for_proof(client.post(reverse(name)), name)
    assert Authenticator.objects.filter(user=world.people["referent_a"]).count() == 2


def test_sign_in__password_then_code__opens_the_administration(world, new_client, required, application):
    secret = application("referent_a")
    client = new_client()
    response = client.give_password("referent_a")
    assert response["Location"] == reverse("mfa_authenticate")
    assert not client.person.is_authenticated
    assert "Double" in page_html(client.get(reverse("mfa_authenticate")))
    client.give_code(code_of(secret))
    assert client.get("/admin/").status_code == 200


def test_sign_in__same_code_again__is_refused(world, new_client, required, application):
    secret = application("referent_a")
    code = code_of(secret)
    first, second = new_client(), new_client()
    for client in (first, second):
        client.give_password("referent_a")
        client.give_code(code)
    assert first.person.is_authenticated
    assert not second.person.is_authenticated


def test_sign_in__device_of_another_person__is_refused(world, new_client, required, application):
    application("referent_a")
    other = application("referent_b")
    client = new_client()
    client.give_password("referent_a")
    assert "errorlist" in client.give_code(code_of(other)).content.decode()
    assert not client.person.is_authenticated


def test_sign_in__recovery_code__opens_once(world, new_client, required, application):
    application("referent_a")
    codes = recovery_codes(world.people["referent_a"])
    assert len(codes) == 10
    first, second = new_client(), new_client()
    for client in (first, second):
        client.give_password("referent_a")
        client.give_code(codes[0])
    assert first.person.is_authenticated
    assert not second.person.is_authenticated


def test_secrets__in_the_database__are_encrypted(world, application):
    secret = application("referent_a")
    codes = recovery_codes(world.people["referent_a"])
    stored = " ".join(str(row.data) for row in Authenticator.objects.all())
    assert secret not in stored
    assert not any(code in stored for code in codes)


def test_set_up__new_application__opens_the_administration_and_shows_ten_codes_once(world, new_client, required):
    client = new_client()
    client.give_password("referent_a")
    address = client.get("/admin/")["Location"]
    assert address == reverse("mfa_index")
    assert reverse("mfa_activate_totp") in page_html(client.get(address))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page_html(client.get(reverse("mfa_activate_totp")))
    secret = client.session["mfa.totp.secret"]
    response = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    shown = page_html(client.get(response["Location"]))
    codes = recovery_codes(world.people["referent_a"])
    assert len(codes) == 10
    assert all(code in shown for code in codes)
    assert not any(code in page_html(client.get(response["Location"])) for code in codes)
    assert client.get("/admin/").status_code == 200


def test_members__without_access_to_the_administration__need_no_device(world, new_client, required):
    client = new_client()
    client.give_password("member")
    assert reverse("account_change_password") in page_html(client.get(reverse("account_overview")))
    assert client.get("/admin/").status_code in {302, 403}


@pytest.mark.parametrize("door", ["/admin/login/", "/_util/login/", "/admin/password_reset/", "/accounts/login/"])
def test_other_doors__a_password_posted__opens_nothing(world, door):
    client = Client(headers={"host": world.national_host})
    fields = {"username": "referent_a@example.org", "login": "referent_a@example.org", "password": PASSWORD}
    response = client.post(door, fields)
    assert not response.wsgi_request.user.is_authenticated


def test_relaxed__demonstration__is_entered_with_a_password(world, new_client, settings):
    settings.MARA_SECOND_FACTOR = False
    client = new_client()
    client.give_password("referent_a")
    assert client.get("/admin/").status_code == 200


def test_settings__of_production__ask_for_it():
    from mara_site import env
    from mara_site.settings import sign_in

    assert sign_in.MARA_SECOND_FACTOR is True
    assert env.VARIABLES["MARA_SECOND_FACTOR"].default is True

"""Passwords, answers that tell nothing, and sessions that end when they should."""

from __future__ import annotations

import re
import time

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from tests.factories.world import PASSWORD
from tests.helpers import page_html
from users.adapters import AccountAdapter
from users.middleware import SEEN_AT, SIGNED_IN_AT

NEW = "quatre chevaux bleus dansent"


@pytest.mark.parametrize(
    "password",
    [
        "court",
        "onze lettre",
        "MARA-anocr-2026!",
        "Groupement29Finistère",
        "motdepasse2026!!",
        "aaaaaaaaaaaaaaaa",
        "123456789012",
        "referent_a2026!!",
        "x" * 129,
    ],
)
def test_password__too_easy__is_refused(world, password):
    with pytest.raises(ValidationError):
        validate_password(password, world.people["referent_a"])


@pytest.mark.parametrize("password", [NEW, "Vent-debout-sur-la-digue", "kx9Tqv2mWp4z"])
def test_password__one_s_own_words__is_accepted(world, password):
    validate_password(password, world.people["referent_a"])


def without_tokens(response) -> str:
    return re.sub(r'value="[^"]*"', "", response.content.decode())


def test_sign_in__known_and_unknown_address__same_answer(world, new_client):
    known = new_client().give_password("referent_a", "un autre mot de passe")
    unknown = new_client().give_password("inconnue", "un autre mot de passe")
    assert known.status_code == unknown.status_code == 200
    assert without_tokens(known) == without_tokens(unknown)


def test_sign_in__known_and_unknown_address__hash_as_many_passwords(world, new_client, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    counts = []
    encode = MD5PasswordHasher.encode

    def counted(self, *args):
        counts[-1] += 1
        return encode(self, *args)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    for name in ("referent_a", "inconnue"):
        counts.append(0)
        new_client().give_password(name, "un autre mot de passe")
    assert counts[0] == counts[1] == 1


def test_reset__known_and_unknown_address__same_answer_and_one_message_each(world, new_client):
    answers = []
    for name in ("referent_a", "inconnue"):
        client = new_client()
        response = client.post(reverse("account_reset_password"), {"email": f"{name}@example.org"}, follow=True)
        answers.append((response.redirect_chain, without_tokens(response)))
    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [["referent_a@example.org"], ["inconnue@example.org"]]
    assert "/compte/mot-de-passe/nouveau/" in mail.outbox[0].body
    assert "/compte/mot-de-passe/nouveau/" not in mail.outbox[1].body


def test_password_change__any__ends_every_session_and_tells_the_person(world, new_client):
    here, elsewhere = new_client(), new_client()
    for client in (here, elsewhere):
        client.give_password("referent_a")
        assert client.get("/admin/").status_code == 200
    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    for client in (here, elsewhere):
        assert client.get("/admin/")["Location"].startswith(reverse("account_login"))
    [message] = mail.outbox
    assert message.to == ["referent_a@example.org"]
    assert NEW not in message.body


def test_password_change__killed_before_its_notice__changes_nothing(world, new_client, monkeypatch):
    class Killed(BaseException):
        pass

    def kill(*args, **kwargs):
        raise Killed

    client = new_client()
    client.give_password("referent_a")
    monkeypatch.setattr(AccountAdapter, "send_mail", kill)
    with pytest.raises(Killed):
        client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    person = world.people["referent_a"]
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_password_reset__by_its_link__ends_every_session(world, new_client):
    elsewhere = new_client()
    elsewhere.give_password("referent_a")
    client = new_client()
    client.post(reverse("account_reset_password"), {"email": "referent_a@example.org"})
    link = re.search(r"http://[^/]+(/compte/mot-de-passe/nouveau/\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    assert form.status_code == 200
    client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert elsewhere.get("/admin/").status_code == 302
    assert reverse("account_reset_password") in page_html(new_client().get(link)), "the link works once"


def age(client, **keys):
    session = client.session
    session.update(keys)
    session.save()


@pytest.mark.parametrize(
    ("keys", "stays"),
    [
        ({SEEN_AT: -3600}, True),
        ({SEEN_AT: -3 * 3600}, False),
        ({SIGNED_IN_AT: -11 * 3600, SEEN_AT: -60}, True),
        ({SIGNED_IN_AT: -13 * 3600, SEEN_AT: -60}, False),
    ],
)
def test_session__of_the_administration__lasts_two_hours_idle_and_twelve_in_all(world, new_client, keys, stays):
    client = new_client()
    client.give_password("referent_a")
    age(client, **{key: int(time.time()) + offset for key, offset in keys.items()})
    response = client.get("/admin/")
    assert (response.status_code == 200) is stays
    if not stays:
        assert response["Location"].startswith(reverse("account_login"))
        assert not client.person.is_authenticated


def test_session__of_a_member__lasts_longer(world, new_client):
    client = new_client()
    client.give_password("member")
    age(client, **{SEEN_AT: int(time.time()) - 3 * 24 * 3600})
    assert client.get(reverse("account_overview")).status_code == 200


def test_sign_in__any__changes_the_session_key(world, new_client):
    client = new_client()
    client.get(reverse("account_login"))
    session = client.session
    session["anything"] = 1
    session.save()
    before = session.session_key
    client.give_password("referent_a")
    assert client.session.session_key != before


def test_sessions__of_mine__are_listed_and_closed_one_by_one(world, new_client):
    here, elsewhere, stranger = new_client(), new_client(), new_client()
    here.give_password("referent_a")
    elsewhere.give_password("referent_a", headers={"user-agent": "Mozilla/5.0 (iPhone) Safari/1"})
    stranger.give_password("referent_b")
    assert "Safari, iPhone" in page_html(here.get(reverse("account_overview")))
    theirs = UserSession.objects.get(user=world.people["referent_b"])
    assert here.post(reverse("account_end_session", args=[theirs.pk])).status_code == 404
    mine = UserSession.objects.get(session_key=elsewhere.session.session_key)
    here.post(reverse("account_end_session", args=[mine.pk]))
    assert elsewhere.get("/admin/").status_code == 302
    assert here.get("/admin/").status_code == stranger.get("/admin/").status_code == 200


def test_sessions__all_the_others__are_closed_at_once(world, new_client, signed_in):
    here, unlisted = new_client(), signed_in("referent_a")
    here.give_password("referent_a")
    here.post(reverse("account_end_other_sessions"))
    assert unlisted.get("/admin/").status_code == 302
    assert here.get("/admin/").status_code == 200


def test_account__of_somebody_disabled__closes_at_once(world, new_client):
    client = new_client()
    client.give_password("referent_a")
    world.people["referent_a"].is_active = False
    world.people["referent_a"].save()
    assert client.get("/admin/").status_code == 302


def test_account_pages__any__are_never_cached(world, new_client):
    client = new_client()
    for path in ("/compte/connexion/", "/compte/mot-de-passe/oublie/"):
        assert "no-store" in client.get(path)["Cache-Control"]

"""A known and an unknown address cost the same work, so that the time of an answer tells nothing.

``benchmarks/sign_in_timing.py`` measures the times themselves.
"""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

KNOWN, UNKNOWN = "member@example.org", "inconnue@example.org"


def sign_in(client, world, email):
    return client.post(reverse("account_login"), {"login": email, "password": "pas celui-ci du tout"})


def reset(client, world, email):
    return client.post(reverse("account_reset_password"), {"email": email})


def invite(client, world, email):
    client.force_login(world.people["referent_a"])
    client.get("/admin/")
    return client.post(reverse("team", args=["groupement", world.a.pk]), {"email": email, "role": "contributor"})


# ``leeway``: short look-ups by key more for a known address; what is slow (a hash, a token, a message) is equal.
@pytest.mark.django_db
@pytest.mark.parametrize(("act", "leeway"), [(sign_in, 1), (reset, 0), (invite, 0)])
def test_address__known_or_not__costs_the_same_work(world, new_client, monkeypatch, act, leeway):
    # As an invitation makes an account.
    EmailAddress.objects.create(user=world.people["member"], email=KNOWN, verified=True, primary=True)
    hashes, tokens = [], []
    make_token = PasswordResetTokenGenerator.make_token
    monkeypatch.setattr(
        PasswordResetTokenGenerator, "make_token", lambda self, user: tokens.append(1) or make_token(self, user)
    )
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *args: hashes.append(1) or encode(self, *args))
    work = {}
    act(new_client(), world, UNKNOWN)  # what is read once and kept
    for email in (KNOWN, UNKNOWN):
        hashes.clear()
        tokens.clear()
        mail.outbox.clear()
        client = new_client()
        with CaptureQueriesContext(connection) as queries:
            response = act(client, world, email)
        work[email] = (response.status_code, len(hashes), len(tokens), len(mail.outbox)), len(queries)
    assert work[KNOWN][0] == work[UNKNOWN][0]
    assert abs(work[KNOWN][1] - work[UNKNOWN][1]) <= leeway, work

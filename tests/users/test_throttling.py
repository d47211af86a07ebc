"""Tries are counted by account and by network: many are slowed down, and nobody is shut out for good."""

from __future__ import annotations

import time

import pytest
from django.core.cache import cache

from tests.helpers import count_in_database

WRONG = "un autre mot de passe"
CLOCK = "allauth.core.internal.ratelimit.time.time"
HERE, ELSEWHERE = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def wait(monkeypatch):
    """Let some seconds pass for what counts tries."""
    passed = [0.0]
    now = time.time

    def pass_by(seconds: float) -> None:
        passed[0] += seconds
        monkeypatch.setattr(CLOCK, lambda: now() + passed[0])

    return pass_by


def signs_in(new_client, name: str, password: str | None = None, **extra) -> bool:
    """Whether somebody signs in, from a new browser."""
    client = new_client()
    client.give_password(name, *([password] if password else []), **extra)
    return client.person.is_authenticated


def test_account__many_wrong_passwords__are_slowed_down_then_forgotten(world, new_client, wait):
    for _try in range(6):
        signs_in(new_client, "referent_a", WRONG)
    assert not signs_in(new_client, "referent_a"), "the right password is not even tried"
    assert not signs_in(new_client, "referent_a", REMOTE_ADDR=ELSEWHERE), "wherever one tries it from"
    assert signs_in(new_client, "referent_b"), "another account is not concerned"
    wait(3700)
    assert signs_in(new_client, "referent_a"), "nobody is shut out for good"


def test_account__tried_under_many_ports_of_the_host__is_counted_once(world, new_client):
    for port in range(8001, 8006):
        extra = {"headers": {"host": f"{world.national_host}:{port}"}, "REMOTE_ADDR": f"192.0.2.{port - 8000}"}
        signs_in(new_client, "referent_a", WRONG, **extra)
    assert not signs_in(new_client, "referent_a", REMOTE_ADDR=ELSEWHERE)


def test_account__many_other_counts_kept_beside__is_still_slowed_down(world, new_client, settings):
    count_in_database(settings)
    for _try in range(6):
        signs_in(new_client, "referent_a", WRONG)
    for number in range(400):
        cache.set(f"another-count:{number}", 1, 3600)
    assert not signs_in(new_client, "referent_a", REMOTE_ADDR=ELSEWHERE), "the right password is not even tried"
    assert signs_in(new_client, "referent_b", REMOTE_ADDR=ELSEWHERE), "another account is not concerned"


def test_network__many_addresses_tried_from_it__is_slowed_down_then_served_again(world, new_client, wait):
    for number in range(10):
        signs_in(new_client, f"inconnue{number}", WRONG, REMOTE_ADDR=HERE)
    assert not signs_in(new_client, "referent_a", REMOTE_ADDR=HERE), "another account, never tried before"
    assert signs_in(new_client, "referent_a", REMOTE_ADDR=ELSEWHERE), "the account itself is not concerned"
    wait(61)
    assert signs_in(new_client, "referent_a", REMOTE_ADDR=HERE)


def test_network__many_addresses_tried_slowly__is_slowed_down_for_an_hour_at_most(world, new_client, wait):
    for number in range(60):
        signs_in(new_client, f"inconnue{number}", WRONG, REMOTE_ADDR=HERE)
        wait(10)
    assert not signs_in(new_client, "referent_a", REMOTE_ADDR=HERE)
    wait(3600)
    assert signs_in(new_client, "referent_a", REMOTE_ADDR=HERE)


def test_network__ten_addresses_of_one_line__are_one(world, new_client):
    for number in range(10):
        signs_in(new_client, f"inconnue{number}", WRONG, REMOTE_ADDR=f"2001:db8:1:2::{number + 1:x}")
    assert not signs_in(new_client, "referent_a", REMOTE_ADDR="2001:db8:1:2:ffff::1")
    assert signs_in(new_client, "referent_a", REMOTE_ADDR="2001:db8:1:3::1")


def test_network__behind_the_front_server__is_the_visitor_s_whatever_the_visitor_says(world, new_client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    front = {"REMOTE_ADDR": "10.0.0.1"}
    for number in range(10):
        told = f"192.0.2.{number}, {HERE}"
        signs_in(new_client, f"inconnue{number}", WRONG, HTTP_X_FORWARDED_FOR=told, **front)
    assert not signs_in(new_client, "referent_a", HTTP_X_FORWARDED_FOR=f"192.0.2.99, {HERE}", **front)
    assert signs_in(new_client, "referent_a", HTTP_X_FORWARDED_FOR=ELSEWHERE, **front)


def test_page_of_slowing_down__any__is_ours(world, new_client):
    client = new_client()
    for _try in range(31):
        response = client.give_password("inconnue")
    assert response.status_code == 429
    assert "Content-Security-Policy" in response
    assert 'lang="fr"' in response.content.decode()

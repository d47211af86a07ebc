"""A lost device is removed by two administrators, and by nobody alone."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from regions import services
from regions.roles import RoleCode
from tests.helpers import page_html
from users.models import DeviceReset


@pytest.fixture
def second_admin(world):
    person = get_user_model().objects.create_user("admin_2@example.org")
    services.grant_mandate(person=person, role=RoleCode.NATIONAL_ADMIN)
    world.people["admin_2"] = person
    return person


@pytest.fixture
def ask(world, signed_in, django_capture_on_commit_callbacks):
    def post(name: str = "admin", email: str = "referent_a@example.org"):
        with django_capture_on_commit_callbacks(execute=True):
            return signed_in(name).post(reverse("device_resets"), {"email": email, "reason": "je l’ai rappelé"})

    return post


@pytest.fixture
def answer(signed_in, django_capture_on_commit_callbacks):
    def post(name: str, value: str = "approve"):
        address = reverse("device_reset_answer", args=[DeviceReset.objects.get().pk])
        with django_capture_on_commit_callbacks(execute=True):
            return signed_in(name).post(address, {"answer": value})

    return post


def test_device_reset__two_administrators__removes_devices_and_ends_sessions(
    world, second_admin, signed_in, application, ask, answer
):
    application("referent_a")
    open_session = signed_in("referent_a")
    ask()
    assert Authenticator.objects.filter(user=world.people["referent_a"]).count() == 2
    assert sorted(message.to[0] for message in mail.outbox) == ["admin_2@example.org", "referent_a@example.org"]
    mail.outbox.clear()
    answer("admin_2")
    assert not Authenticator.objects.filter(user=world.people["referent_a"]).exists()
    assert open_session.get("/admin/")["Location"].startswith(reverse("account_login"))
    [message] = mail.outbox
    assert message.to == ["referent_a@example.org"]
    assert "Devices" not in message.body


def test_device_reset__the_one_who_asked__cannot_approve(world, application, ask, answer):
    application("referent_a")
    ask()
    answer("admin")
    assert DeviceReset.objects.get().answered_at is None
    assert Authenticator.objects.filter(user=world.people["referent_a"]).exists()


def test_device_reset__of_oneself__is_refused(world, second_admin, application, ask, answer):
    application("admin")
    assert ask("admin", "admin@example.org").status_code == 200
    assert not DeviceReset.objects.exists()
    ask("admin_2", "admin@example.org")
    answer("admin")
    assert Authenticator.objects.filter(user=world.people["admin"]).exists()


def test_device_reset__refused__changes_nothing(world, second_admin, application, ask, answer):
    application("referent_a")
    ask()
    answer("admin_2", "refuse")
    answer("admin_2", "approve")
    assert DeviceReset.objects.get().approved is False
    assert Authenticator.objects.filter(user=world.people["referent_a"]).exists()


def test_device_reset__in_the_database__cannot_be_approved_by_one_person(world):
    admin = world.people["admin"]
    with pytest.raises(IntegrityError), transaction.atomic():
        DeviceReset.objects.create(person=world.people["member"], asked_by=admin, answered_by=admin, approved=True)


@pytest.mark.parametrize("name", ["editor", "zone_a", "referent_a", "contributor_a", "member"])
def test_device_reset__anybody_else__finds_nothing(world, signed_in, ask, answer, name):
    ask()
    for response in (signed_in(name).get(reverse("device_resets")), answer(name)):
        assert response.status_code in ({404} if name != "member" else {302, 403, 404})
    assert DeviceReset.objects.get().answered_at is None


def test_device_reset__its_screen__opens_for_administrators(world, second_admin, signed_in, ask):
    ask()
    assert "referent_a" in page_html(signed_in("admin_2").get(reverse("device_resets")))

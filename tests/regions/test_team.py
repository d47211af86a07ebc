"""Équipe: a référent builds a team, and nobody gives what they do not hold."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from regions import delegation
from regions.models import Invitation, Mandate
from regions.roles import RoleCode
from tests.factories.world import PASSWORD
from tests.helpers import page_html
from tests.users.conftest import opens

NEW = "quatre chevaux bleus dansent"
FORM = {"first_name": "Anne", "last_name": "Le Goff", "password": NEW, "again": NEW}


@pytest.fixture
def invite(world, signed_in, django_capture_on_commit_callbacks):
    def post(name: str, place, role: str = RoleCode.CONTRIBUTOR, email: str = "anne@example.net", **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return signed_in(name).post(address(place), {"email": email, "role": role, **fields})

    return post


def address(place) -> str:
    if place is None:
        return reverse("team_nation")
    return reverse("team", args=[place._meta.model_name, place.pk])


def link() -> str:
    return re.search(r"http://[^/]+(/compte/invitation/\S+)", mail.outbox[-1].body)[1]


RULES = [
    # who, place, roles they may give
    ("admin", "nation", {"national_editor", "national_admin"}),
    ("admin", "zone_a", {"zone_referent"}),
    ("admin", "b", {"referent", "contributor"}),
    ("editor", "nation", set()),
    ("editor", "a", set()),
    ("zone_a", "nation", set()),
    ("zone_a", "zone_a", set()),
    ("zone_a", "a", {"referent", "contributor"}),
    ("zone_a", "neighbour", {"referent", "contributor"}),
    ("zone_a", "b", set()),
    ("referent_a", "a", {"referent", "contributor"}),
    ("referent_a", "neighbour", set()),
    ("referent_a", "b", set()),
    ("referent_a", "zone_a", set()),
    ("referent_a", "nation", set()),
    ("contributor_a", "a", set()),
    ("member", "a", set()),
]


@pytest.mark.parametrize(("name", "where", "roles"), RULES)
def test_giving__each_role_everywhere__is_exactly_what_the_table_says(world, invite, name, where, roles):
    place = None if where == "nation" else getattr(world, where)
    assert set(delegation.givable_roles(world.people[name], place)) == roles
    for role in RoleCode:
        response = invite(name, place, role, email=f"{role}@example.net")
        assert Invitation.objects.filter(email=f"{role}@example.net").exists() is (role in roles), role
        assert response.status_code in {200, 302, 404}
    assert len(mail.outbox) == len(roles)


SEEN = {
    "admin": {"nation", "zone_a", "zone_b", "a", "b", "neighbour"},
    "editor": set(),
    "zone_a": {"zone_a", "a", "neighbour"},
    "referent_a": {"a"},
    "contributor_a": set(),
}


@pytest.mark.parametrize("name", SEEN)
def test_team__of_another__is_a_404_like_one_that_does_not_exist(world, signed_in, name):
    client = signed_in(name)
    for where in ("nation", "zone_a", "zone_b", "a", "b", "neighbour"):
        response = client.get(address(None if where == "nation" else getattr(world, where)))
        assert response.status_code == (200 if where in SEEN[name] else 404), where
    ghost = client.get(reverse("team", args=["groupement", 999_999]))
    assert ghost.status_code == 404
    assert client.get(reverse("team", args=["site", world.a.pk])).status_code == 404


def test_team__referent__reaches_it_in_two_clicks_and_sees_nobody_else_s(world, signed_in):
    client = signed_in("referent_a")
    assert reverse("team_index") in page_html(client.get("/admin/"))
    response = client.get(reverse("team_index"), follow=True)
    page = page_html(response)
    assert "contributor_a@example.org" in page
    assert "_b@example.org" not in page
    assert reverse("team_index") not in page_html(signed_in("contributor_a").get("/admin/"))


def test_invitation__new_person__sets_a_password_and_the_mandate_starts(world, invite, client):
    client.defaults["HTTP_HOST"] = world.national_host
    last = timezone.localdate() + timedelta(days=90)
    invite("referent_a", world.a, ends_on=last.strftime("%d/%m/%Y"))
    [message] = mail.outbox
    assert message.to == ["anne@example.net"]
    assert not get_user_model().objects.filter(email="anne@example.net").exists()
    page_html(client.get(link()))
    response = client.post(link(), FORM)
    assert response["Location"] == reverse("wagtailadmin_home")
    person = get_user_model().objects.get(email="anne@example.net")
    mandate = Mandate.objects.get(person=person)
    assert (mandate.role, mandate.groupement, mandate.ends_on) == (RoleCode.CONTRIBUTOR, world.a, last)
    assert person.check_password(NEW)
    assert opens(client, world.home(world.a))
    assert not opens(client, world.home(world.b))


def test_invitation__its_link__works_once(world, invite, client):
    client.defaults["HTTP_HOST"] = world.national_host
    invite("referent_a", world.a)
    client.post(link(), FORM)
    client.logout()
    assert client.get(link()).status_code == 404
    assert client.post(link(), FORM).status_code == 404
    assert Mandate.objects.filter(person__email="anne@example.net").count() == 1


def too_old(world, invitation):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def withdrawn(world, invitation):
    Invitation.objects.update(withdrawn_at=timezone.now())


def author_lost_the_right(world, invitation):
    Mandate.objects.filter(person=invitation.invited_by).update(ended_at=timezone.now())


def author_gone(world, invitation):
    Invitation.objects.update(invited_by=None)


@pytest.mark.parametrize("spoil", [too_old, withdrawn, author_lost_the_right, author_gone])
def test_invitation__no_longer_valid__opens_nothing(world, invite, client, spoil):
    client.defaults["HTTP_HOST"] = world.national_host
    invite("referent_a", world.a)
    spoil(world, Invitation.objects.get())
    for response in (client.get(link()), client.post(link(), FORM)):
        assert response.status_code == 404
    assert not get_user_model().objects.filter(email="anne@example.net").exists()


def test_invitation__tampered_link__is_a_404_and_the_secret_is_not_kept(world, invite, client):
    client.defaults["HTTP_HOST"] = world.national_host
    invite("referent_a", world.a)
    token = link().split("/")[-2]
    stored = Invitation.objects.get().secret_hash
    assert stored not in token
    assert token.split(":")[0] not in stored
    for forged in (token[:-2] + "AA", stored, "x", token.split(":")[0]):
        assert client.get(reverse("invitation", args=[forged])).status_code == 404


def test_invitation__known_and_unknown_address__same_screen_same_message(world, invite):
    seen = []
    for email in ("member@example.org", "personne@example.net"):
        response = invite("referent_a", world.a, email=email)
        text = mail.outbox[-1].body.replace(link(), "")
        seen.append((response.status_code, response["Location"], mail.outbox[-1].subject, text))
    assert seen[0] == seen[1]
    assert len(mail.outbox) == 2


def test_invitation__somebody_with_an_account__signs_in_and_accepts(world, invite, signed_in, client):
    invite("referent_a", world.a, email="member@example.org")
    client.defaults["HTTP_HOST"] = world.national_host
    assert reverse("account_login") in page_html(client.get(link()))
    assert client.post(link(), FORM).status_code == 403
    assert signed_in("referent_b").post(link()).status_code == 403
    assert world.people["member"].check_password(PASSWORD)
    member = signed_in("member")
    assert member.post(link()).status_code == 302
    assert opens(member, world.home(world.a))


def test_invitation__weak_password__is_refused(world, invite, client):
    client.defaults["HTTP_HOST"] = world.national_host
    invite("referent_a", world.a)
    for password in ("court", "mara-anocr-2026", "le goff anne 29"):
        assert client.post(link(), {**FORM, "password": password, "again": password}).status_code == 200
    assert not get_user_model().objects.filter(email="anne@example.net").exists()


def test_invitation__sent_again__replaces_the_first(world, invite, client):
    client.defaults["HTTP_HOST"] = world.national_host
    invite("referent_a", world.a)
    first = link()
    invite("referent_a", world.a, RoleCode.REFERENT)
    assert client.get(first).status_code == 404
    assert client.get(link()).status_code == 200


def mandate(world, name: str) -> Mandate:
    return Mandate.objects.get(person=world.people[name])


@pytest.mark.parametrize(
    ("name", "target", "allowed"),
    [
        ("referent_a", "contributor_a", True),
        ("zone_a", "referent_a", True),
        ("admin", "zone_a", True),
        ("contributor_a", "referent_a", False),
        ("contributor_a", "contributor_a", False),
        ("referent_a", "zone_a", False),
        ("referent_a", "referent_b", False),
        ("referent_a", "admin", False),
        ("zone_a", "zone_a", False),
        ("zone_a", "zone_b", False),
        ("zone_a", "referent_b", False),
        ("editor", "editor", False),
        ("editor", "admin", False),
    ],
)
def test_ending__somebody_s_mandate__is_for_who_could_give_it(world, signed_in, name, target, allowed):
    place = reverse("team_end", args=[mandate(world, target).pk])
    assert signed_in(name).get(place).status_code == (200 if allowed else 404)
    assert signed_in(name).post(place).status_code == (302 if allowed else 404)
    assert mandate(world, target).is_current is not allowed


@pytest.mark.parametrize("role", [role for role in RoleCode if role not in delegation.LOCAL_ROLES])
def test_role_change__to_more_than_one_holds__is_a_404(world, signed_in, role):
    response = signed_in("referent_a").post(
        reverse("team_role", args=[mandate(world, "contributor_a").pk]), {"role": role}
    )
    assert response.status_code == 404
    assert mandate(world, "contributor_a").role == RoleCode.CONTRIBUTOR


def test_role_change__contributor_becomes_referent__by_the_referent(world, signed_in):
    address = reverse("team_role", args=[mandate(world, "contributor_a").pk])
    assert signed_in("contributor_a").post(address, {"role": "referent"}).status_code == 404
    signed_in("referent_a").post(address, {"role": "referent"})
    assert Mandate.objects.current().get(person=world.people["contributor_a"]).role == RoleCode.REFERENT


def test_withdrawal__by_another_groupement__is_a_404(world, invite, signed_in, client):
    client.defaults["HTTP_HOST"] = world.national_host
    invite("referent_a", world.a)
    address = reverse("team_withdraw", args=[Invitation.objects.get().pk])
    for name in ("referent_b", "contributor_a", "editor"):
        assert signed_in(name).post(address).status_code == 404
    assert client.get(link()).status_code == 200
    assert signed_in("referent_a").post(address).status_code == 302
    assert client.get(link()).status_code == 404

"""Access begins and ends with a mandate, on the day that it says."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from regions import rights, services
from regions.models import Mandate
from regions.roles import RoleCode


@pytest.fixture
def newcomer(world):
    return get_user_model().objects.create_user(email="nouveau@example.net", first_name="Camille", last_name="Test")


def in_days(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def can_edit(client, person, home) -> bool:
    client.force_login(person)
    return client.get(reverse("wagtailadmin_pages:edit", args=[home.pk])).status_code == 200


@pytest.mark.parametrize(
    ("starts", "ends", "gives_access"),
    [(0, None, True), (-30, None, True), (-30, 0, True), (0, 0, True), (1, None, False), (-30, -1, False)],
    ids=["from today", "running", "last day", "one day", "tomorrow", "over"],
)
def test_mandate__by_its_dates__gives_access_or_none(world, newcomer, signed_in, starts, ends, gives_access):
    services.grant_mandate(
        person=newcomer,
        role=RoleCode.REFERENT,
        groupement=world.a,
        starts_on=in_days(starts),
        ends_on=None if ends is None else in_days(ends),
    )
    client = signed_in("member")
    assert can_edit(client, newcomer, world.home(world.a)) is gives_access
    assert not can_edit(client, newcomer, world.home(world.b))
    assert newcomer.groups.exists() is gives_access


def test_mandate__ended__ends_access_the_day_after(world, newcomer, signed_in):
    mandate = services.grant_mandate(
        person=newcomer, role=RoleCode.REFERENT, groupement=world.a, starts_on=in_days(-10)
    )
    client = signed_in("member")
    services.end_mandate(mandate=mandate, on=in_days(0))
    assert can_edit(client, newcomer, world.home(world.a)), "the last day is included"
    services.end_mandate(mandate=mandate, on=in_days(-1))
    assert not can_edit(client, newcomer, world.home(world.a))


def test_mandate__whose_day_came__is_followed_by_the_nightly_task(world, newcomer):
    services.grant_mandate(person=newcomer, role=RoleCode.REFERENT, groupement=world.a)
    Mandate.objects.filter(person=newcomer).update(starts_on=in_days(-9), ends_on=in_days(-1))
    Mandate.objects.create(person=newcomer, role=RoleCode.CONTRIBUTOR, groupement=world.b, starts_on=in_days(0))
    services.sync_people([newcomer])
    held = [(group.role_group.role, group.role_group.groupement) for group in newcomer.groups.all()]
    assert held == [("contributor", world.b)]


def test_mandates__two_of_one_person__are_held_and_lost_apart(world, newcomer):
    first = services.grant_mandate(person=newcomer, role=RoleCode.REFERENT, groupement=world.a)
    services.grant_mandate(person=newcomer, role=RoleCode.ZONE_REFERENT, zone=world.zone_b)
    services.end_mandate(mandate=first, on=first.starts_on)
    Mandate.objects.filter(pk=first.pk).update(starts_on=in_days(-2), ends_on=in_days(-1))
    rights.sync_person(newcomer)
    assert [group.role_group.zone for group in newcomer.groups.all()] == [world.zone_b]


def test_group_outside_roles__of_a_person__is_left_alone(world, newcomer):
    from django.contrib.auth.models import Group

    choir = Group.objects.create(name="chorale")
    newcomer.groups.add(choir)
    services.grant_mandate(person=newcomer, role=RoleCode.MEMBER)
    assert list(newcomer.groups.all()) == [choir]


@pytest.mark.parametrize("role", [code for code in RoleCode if code != RoleCode.REFERENT])
def test_mandate__at_the_wrong_level__is_refused(world, newcomer, role):
    groupement_role = role == RoleCode.CONTRIBUTOR
    place = {"zone": world.zone_a} if groupement_role else {"groupement": world.a}
    with pytest.raises(ValidationError):
        services.grant_mandate(person=newcomer, role=role, **place)
    assert not Mandate.objects.filter(person=newcomer).exists()
    assert not newcomer.groups.exists()


def test_mandate__that_ends_before_it_begins__is_refused(world, newcomer):
    with pytest.raises(ValidationError):
        services.grant_mandate(
            person=newcomer, role=RoleCode.REFERENT, groupement=world.a, starts_on=in_days(0), ends_on=in_days(-1)
        )
    assert not newcomer.groups.exists()


def test_mandate_screens__given_changed_and_removed__access_follows_at_once(world, newcomer, signed_in):
    admin = signed_in("admin")
    data = {"person": newcomer.pk, "role": "referent", "groupement": world.a.pk, "starts_on": str(in_days(0))}
    assert admin.post(reverse("mandate:add"), data).status_code == 302
    mandate = Mandate.objects.get(person=newcomer)
    assert [group.role_group.groupement for group in newcomer.groups.all()] == [world.a]
    edit = reverse("mandate:edit", args=[mandate.pk])
    assert admin.post(edit, data | {"groupement": world.b.pk}).status_code == 302
    assert [group.role_group.groupement for group in newcomer.groups.all()] == [world.b]
    assert admin.post(edit, data | {"person": world.people["member"].pk}).status_code == 302
    assert not newcomer.groups.exists()
    assert world.people["member"].groups.exists()
    admin.post(reverse("mandate:delete", args=[mandate.pk]))
    assert not world.people["member"].groups.exists()

"""Mandates open and close access: at once, at midnight, and never more than they say."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from mara_site.run import scheduler
from regions import mandates, services
from regions.models import Groupement, Mandate
from regions.roles import RoleCode
from tests.helpers import page_html
from tests.users.conftest import assert_no_access, opens

TODAY = timezone.localdate


def days(count: int) -> dt.date:
    return TODAY() + dt.timedelta(days=count)


def mandate_of(world, name: str) -> Mandate:
    return Mandate.objects.select_related("person").get(person=world.people[name])


def run_command() -> str:
    output = io.StringIO()
    call_command("end_expired_mandates", stdout=output)
    return output.getvalue()


def test_mandate__ended_now__closes_open_sessions_with_their_next_request(world, signed_in):
    first, second, neighbour = signed_in("referent_a"), signed_in("referent_a"), signed_in("contributor_a")
    home = world.home(world.a)
    for client in (first, second):
        assert opens(client, home)
    mandates.end_mandate_now(mandate=mandate_of(world, "referent_a"), by=world.people["zone_a"])
    for client in (first, second):
        assert_no_access(client, home)
    assert opens(neighbour, home)


def test_mandate__ended_now__says_when_and_by_whom_and_may_be_repeated(world):
    mandate = mandate_of(world, "referent_a")
    ended = mandates.end_mandate_now(mandate=mandate, by=world.people["zone_a"])
    again = mandates.end_mandate_now(mandate=mandate, by=world.people["admin"])
    assert (again.ended_at, again.ended_by) == (ended.ended_at, world.people["zone_a"])
    assert again.ends_on == TODAY()
    assert not again.is_current


def test_mandate__to_come__opens_on_its_day_and_not_before(world, signed_in):
    mandates.grant_mandate(
        person=world.people["member"], role=RoleCode.CONTRIBUTOR, groupement=world.a, starts_on=days(1)
    )
    client = signed_in("member")
    assert_no_access(client, world.home(world.a))
    Mandate.objects.filter(person=world.people["member"], role=RoleCode.CONTRIBUTOR).update(starts_on=TODAY())
    assert run_command().startswith("Accès revus : 1.")
    assert opens(client, world.home(world.a))


def test_mandate__over_since_yesterday__is_closed_by_the_night_and_once(world, signed_in):
    client = signed_in("contributor_a")
    assert opens(client, world.home(world.a))
    Mandate.objects.filter(person=world.people["contributor_a"]).update(starts_on=days(-9), ends_on=days(-1))
    assert run_command().startswith("Accès revus : 1.")
    assert run_command().startswith("Accès revus : 0.")
    assert_no_access(client, world.home(world.a))


def test_mandate__over_and_the_command_never_ran__closes_with_the_day(world, signed_in):
    client = signed_in("contributor_a")
    assert opens(client, world.home(world.a))
    Mandate.objects.filter(person=world.people["contributor_a"]).update(starts_on=days(-9), ends_on=days(-1))
    session = client.session
    session["mandates_read_on"] = days(-1).isoformat()
    session.save()
    assert_no_access(client, world.home(world.a))


def test_mandate__its_last_day__is_included(world, signed_in):
    mandates.end_mandate(mandate=mandate_of(world, "contributor_a"), on=TODAY())
    assert opens(signed_in("contributor_a"), world.home(world.a))
    assert run_command().startswith("Accès revus : 0.")


def test_mandates__two_that_overlap__one_ends_and_access_stays(world, signed_in):
    person = world.people["contributor_a"]
    second = mandates.grant_mandate(person=person, role=RoleCode.CONTRIBUTOR, groupement=world.a, ends_on=days(300))
    mandates.end_mandate_now(mandate=Mandate.objects.filter(person=person).exclude(pk=second.pk).get())
    assert opens(signed_in("contributor_a"), world.home(world.a))
    mandates.end_mandate_now(mandate=second)
    assert_no_access(signed_in("contributor_a"), world.home(world.a))


def test_mandates__several_places__each_opens_its_own_only(world, signed_in):
    person = world.people["contributor_a"]
    elsewhere = mandates.grant_mandate(person=person, role=RoleCode.REFERENT, groupement=world.neighbour)
    client = signed_in("contributor_a")
    assert opens(client, world.home(world.a))
    assert opens(client, world.home(world.neighbour))
    assert not opens(client, world.home(world.b))
    mandates.end_mandate_now(mandate=elsewhere)
    assert opens(client, world.home(world.a))
    assert not opens(client, world.home(world.neighbour))


def test_mandate__changed_role__keeps_its_end_and_swaps_access(world):
    mandate = mandates.end_mandate(mandate=mandate_of(world, "contributor_a"), on=days(40))
    changed = mandates.change_role(mandate=mandate, role=RoleCode.REFERENT)
    assert changed.ends_on == days(40)
    groups = world.people["contributor_a"].groups.values_list("role_group__role", flat=True)
    assert list(groups) == [RoleCode.REFERENT]


def test_zone_referent__groupement_added_later__is_theirs_in_every_language(world, signed_in):
    groupement = services.provision_groupement(code="cotes", name="Côtes", departements=["22"], zone=world.zone_a)
    assert opens(signed_in("zone_a"), groupement.roots.get())
    assert not opens(signed_in("zone_b"), groupement.roots.get())


@pytest.mark.parametrize(
    ("name", "sees"), [("admin", True), ("editor", False), ("zone_a", False), ("referent_a", False)]
)
def test_ending_mandates__within_sixty_days__are_listed_for_administrators(world, signed_in, name, sees):
    mandates.end_mandate(mandate=mandate_of(world, "referent_b"), on=days(60))
    mandates.end_mandate(mandate=mandate_of(world, "contributor_a"), on=days(61))
    response = signed_in(name).get(reverse("ending_mandates"))
    if name != "admin":
        assert response.status_code == 404
        return
    page = page_html(response)
    assert "referent_b" in page
    assert "contributor_a" not in page


def test_scheduler__a_new_day__runs_the_night_s_commands_once(world, monkeypatch):
    ran = []
    monkeypatch.setattr(scheduler, "call_command", lambda name, **options: ran.append(name))
    day = scheduler.turn(None)
    assert day == TODAY()
    assert scheduler.turn(day) == day
    assert ran.count("end_expired_mandates") == 1
    assert ran.count("publish_scheduled") == 2
    assert scheduler.turn(days(-1)) == TODAY()
    assert ran.count("end_expired_mandates") == 2


def test_calendar__referent_over__makes_the_groupement_vacant(world):
    Mandate.objects.filter(person=world.people["referent_a"]).update(starts_on=days(-9), ends_on=days(-1))
    assert "état change : 1." in run_command()
    assert Groupement.objects.get(pk=world.a.pk).status == Groupement.Status.VACANT
    assert Groupement.objects.get(pk=world.neighbour.pk).status == Groupement.Status.ACTIVE, "never had one"
    assert "état change : 0." in run_command()

"""Passation: without référent a groupement is vacant, whole, and somebody answers; a successor reverses it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from regions import mandates, services
from regions.models import Groupement, Mandate
from regions.roles import RoleCode
from tests.factories import pages
from tests.helpers import assert_flat_queries, page_html


@pytest.fixture
def leave(world, django_capture_on_commit_callbacks):
    def end(name: str = "referent_a"):
        with django_capture_on_commit_callbacks(execute=True):
            return mandates.end_mandate_now(mandate=Mandate.objects.get(person=world.people[name]))

    return end


def status(groupement) -> str:
    return Groupement.objects.get(pk=groupement.pk).status


def test_last_referent__leaves__groupement_is_vacant_and_the_zone_is_told(world, visit, leave):
    page = pages.guide(world.home(world.a))
    assert "Référent Finistère" in page_html(visit(world.host(world.a)))
    leave()
    assert status(world.a) == Groupement.Status.VACANT
    public = page_html(visit(world.host(world.a)))
    assert "Zone O" in public
    assert "Référent Finistère" not in public
    page.refresh_from_db()
    assert page.live
    [message] = mail.outbox
    assert message.to == ["zone_a@example.org"]
    assert reverse("handover", args=[world.a.pk]) in message.body
    assert status(world.b) == Groupement.Status.ACTIVE


def test_last_referent__leaves_a_zone_without_referent__administrators_are_told(world, leave):
    mandates.end_mandate_now(mandate=Mandate.objects.get(person=world.people["zone_a"]))
    leave()
    assert [message.to for message in mail.outbox] == [["admin@example.org"]]


def test_one_of_two_referents__leaves__nothing_changes(world, leave):
    mandates.grant_mandate(person=world.people["contributor_a"], role=RoleCode.REFERENT, groupement=world.a)
    leave()
    assert status(world.a) == Groupement.Status.ACTIVE
    assert mail.outbox == []


def test_successor__named__reverses_it(world, visit, leave):
    leave()
    mandates.grant_mandate(person=world.people["contributor_a"], role=RoleCode.REFERENT, groupement=world.a)
    assert status(world.a) == Groupement.Status.ACTIVE
    assert "Référent Finistère" in page_html(visit(world.host(world.a)))


@pytest.mark.parametrize("state", [Groupement.Status.SETUP, Groupement.Status.DORMANT])
def test_state__decided_by_an_administrator__stays(world, leave, state):
    Groupement.objects.filter(pk=world.a.pk).update(status=state)
    leave()
    assert status(world.a) == state
    mandates.grant_mandate(person=world.people["contributor_a"], role=RoleCode.REFERENT, groupement=world.a)
    assert status(world.a) == state


def test_handover__sheet__lists_what_waits_in_this_groupement_only(world, signed_in):
    here, there = world.home(world.a), world.home(world.b)
    late = timezone.localdate() - dt.timedelta(days=3)
    for home, mark in ((here, "ici"), (there, "ailleurs")):
        pages.guide(home, f"Brouillon {mark}", live=False)
        pages.contact(home, f"Contact {mark}", next_check_on=late)
        pages.event(home, f"Café {mark}")
    page = page_html(signed_in("referent_a").get(reverse("handover", args=[world.a.pk])))
    for text in ("Brouillon ici", "Contact ici", "Café ici", "contributor_a@example.org", "zone_a"):
        assert text in page, text
    assert "ailleurs" not in page
    assert "_b@example.org" not in page


@pytest.mark.parametrize(
    ("name", "opens"),
    [("referent_a", True), ("zone_a", True), ("admin", True), ("zone_b", False), ("referent_b", False),
     ("contributor_a", False), ("editor", False)],
)  # fmt: skip
def test_handover__sheet__is_for_those_who_keep_the_groupement(world, signed_in, name, opens):
    response = signed_in(name).get(reverse("handover", args=[world.a.pk]))
    assert response.status_code == (200 if opens else 404)


def test_own_mandate__ended_by_its_holder__says_what_follows_first(world, signed_in):
    client = signed_in("referent_a")
    address = reverse("team_end", args=[Mandate.objects.get(person=world.people["referent_a"]).pk])
    assert reverse("handover", args=[world.a.pk]) in page_html(client.get(address))
    client.post(address)
    assert status(world.a) == Groupement.Status.VACANT
    assert client.get(reverse("handover", args=[world.a.pk])).status_code == 302


def test_network_state__every_groupement__is_there_for_administrators_only(world, signed_in, leave):
    leave()
    for name in ("editor", "zone_a", "referent_b"):
        assert signed_in(name).get(reverse("network_state")).status_code == 404
    page = page_html(signed_in("admin").get(reverse("network_state")))
    for groupement in (world.a, world.b, world.neighbour):
        assert groupement.name in page
    assert "referent_b" in page
    assert "referent_a" not in page
    assert reverse("handover", args=[world.a.pk]) in page
    assert reverse("handover", args=[world.b.pk]) not in page


def test_network_state__many_more_groupements__costs_the_same(world, signed_in):
    client = signed_in("admin")
    client.get(reverse("network_state"))

    def grow():
        for number in range(4):
            groupement = services.provision_groupement(code=f"g{number}", name=f"G{number}", zone=world.zone_a)
            mandates.grant_mandate(person=world.people["member"], role=RoleCode.REFERENT, groupement=groupement)

    assert_flat_queries(lambda: page_html(client.get(reverse("network_state"))), grow)

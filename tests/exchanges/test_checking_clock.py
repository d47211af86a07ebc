"""When mails leave: spread over the half-year, nothing due no mail, one reminder, the zone at most monthly."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from exchanges.checking import clock, planning, services
from exchanges.checking.models import CheckItem, CheckLink, CheckRound
from regions.models import Groupement
from regions.roles import RoleCode
from regions.services import grant_mandate, provision_groupement
from tests.exchanges.checking import OLD, contact, local_text, long_ago, open_round, path_for
from tests.factories import pages

pytestmark = pytest.mark.django_db


def follow() -> None:
    call_command("follow_checks", verbosity=0)


def ask(*groupements) -> None:
    """The clock on the day of each groupement of this half-year, then today: what was opened is told."""
    today = timezone.localdate()
    for groupement in groupements:
        clock.open_rounds(planning.planned_day(groupement, today))
    CheckRound.objects.update(opened_on=today, expires_on=today + planning.LIFE)
    follow()


def recipients() -> list[str]:
    return sorted(message.to[0] for message in mail.outbox)


@pytest.mark.parametrize("first", [1, 37, 500])
def test_planned_days__a_hundred_groupements__less_than_one_a_day(first):
    day = dt.date(2027, 3, 1)
    days = [planning.planned_day(Groupement(pk=pk), day) for pk in range(first, first + 100)]
    assert max(Counter(days).values()) == 1
    assert min(days) > dt.date(2027, 1, 1)
    assert max(days) < dt.date(2027, 6, 25)
    assert planning.planned_day(Groupement(pk=first), dt.date(2027, 6, 30)) == days[0]


def test_is_planned__long_past__waits_for_the_next_half():
    groupement = Groupement(pk=3)
    day = planning.planned_day(groupement, dt.date(2027, 1, 1))
    assert planning.is_planned(groupement, day)
    assert planning.is_planned(groupement, day + dt.timedelta(days=planning.CATCH_UP))
    assert not planning.is_planned(groupement, day - dt.timedelta(days=1))
    assert not planning.is_planned(groupement, day + dt.timedelta(days=planning.CATCH_UP + 1))


@pytest.mark.parametrize(
    ("last", "wanted", "expected"),
    [(None, None, True), (0, None, False), (121, None, False), (122, None, True), (0, 60, True), (400, 61, False)],
)
def test_is_due__never_long_ago_or_as_its_keeper_wished(last, wanted, expected):
    today = dt.date(2027, 3, 1)
    last_day = None if last is None else today - dt.timedelta(days=last)
    wanted_day = None if wanted is None else today + dt.timedelta(days=wanted)
    assert planning.is_due(last_day, wanted_day, today) is expected


def test_due__what_is_read__the_oldest_first_and_bounded(world, monkeypatch):
    home = world.home(world.a)
    contact(home, "Ancien", checked_on=OLD)
    contact(home, "Jamais", checked_on=None)
    contact(home, "Récent", checked_on=timezone.localdate())
    pages.contact(home, "Brouillon", live=False)
    contact(world.home(world.b), "Autre")
    contact(world.national, "National")
    local_text(world, world.a)
    titles = [one.title for one in planning.due(world.a, timezone.localdate())]
    assert titles[0] == "Jamais"
    assert "Ancien" in titles
    assert len(titles) == 3
    monkeypatch.setattr(planning, "MOST_ITEMS", 2)
    assert len(planning.due(world.a, timezone.localdate())) == 2


def test_clock__nothing_due__writes_nothing(world):
    contact(world.home(world.a), checked_on=timezone.localdate() + dt.timedelta(days=200))
    ask(world.a)
    assert not mail.outbox
    assert not CheckRound.objects.exists()


def test_clock__twice_a_day__asks_each_referent_once(world):
    contact(world.home(world.a), "Zqmission")
    contact(world.home(world.b), "Zqautre")
    ask(world.a, world.b), ask(world.a, world.b)
    assert recipients() == ["referent_a@example.org", "referent_b@example.org"]
    body = next(message.body for message in mail.outbox if message.to == ["referent_a@example.org"])
    assert "Zqmission" in body
    assert "Zqautre" not in body
    assert len(re.findall(r"https?://\S+/toujours-exact/\S+", body)) == 1
    services.open_round(world.a)
    assert CheckRound.objects.count() == 2


def test_clock__groupement_being_set_up__is_not_asked(world):
    new = provision_groupement(code="gers", name="Gers", departements=["32"])
    contact(world.home(new))
    ask(new)
    assert not mail.outbox


def test_clock__vacant_groupement__asks_its_stand_in_then_its_zone(world):
    world.neighbour.status, world.neighbour.fallback = "vacant", world.a
    world.neighbour.save()
    contact(world.home(world.neighbour))
    ask(world.neighbour)
    assert recipients() == ["referent_a@example.org"]
    CheckRound.objects.all().delete()
    world.neighbour.fallback = None
    world.neighbour.save()
    mail.outbox.clear()
    ask(world.neighbour)
    assert recipients() == ["zone_a@example.org"]


def test_clock__no_answer__reminds_once_then_tells_the_zone_once(world):
    contact(world.home(world.a), "Zqmission")
    open_round(world.a)
    follow()
    mail.outbox.clear()
    CheckRound.objects.update(told_at=long_ago(22))
    follow(), follow()
    assert recipients() == ["referent_a@example.org"]
    mail.outbox.clear()
    CheckRound.objects.update(reminded_at=long_ago(15))
    follow(), follow()
    assert recipients() == ["zone_a@example.org"]
    assert "Finistère" in mail.outbox[0].body
    assert "toujours-exact" not in mail.outbox[0].body


def test_clock__several_groupements_of_a_zone__are_one_message_and_not_before_a_month(world):
    for groupement in (world.a, world.neighbour):
        contact(world.home(groupement))
        open_round(groupement)
    late = {"told_at": long_ago(40), "reminded_at": long_ago(15), "level": "groupement"}
    CheckRound.objects.filter(groupement=world.a).update(**late)
    follow()
    mail.outbox.clear()
    CheckRound.objects.filter(groupement=world.neighbour).update(**late)
    follow()
    assert not mail.outbox
    CheckRound.objects.filter(groupement=world.a).update(escalated_at=long_ago(31))
    follow()
    assert recipients() == ["zone_a@example.org"]


def test_clock__all_answered__reminds_nobody(world):
    page = contact(world.home(world.a))
    open_round(world.a)
    CheckRound.objects.update(told_at=long_ago(22))
    services.answer(item=CheckItem.objects.get(page=page), choice="exact", by=world.people["referent_a"], by_link=True)
    follow()
    assert not mail.outbox


def test_clock__checked_on_its_form_or_off_the_site__is_no_longer_asked(world):
    checked, gone = contact(world.home(world.a), "Vu"), contact(world.home(world.a), "Parti")
    open_round(world.a)
    type(checked).objects.filter(pk=checked.pk).update(checked_on=timezone.localdate())
    gone.unpublish()
    clock.settle()
    assert list(CheckItem.objects.values_list("title", "state")) == [("Vu", "exact")]


def test_clock__old_rounds_and_dead_links__are_deleted(world):
    contact(world.home(world.a))
    open_round(world.a)
    path_for(world, world.a)
    CheckRound.objects.update(expires_on=timezone.localdate() - dt.timedelta(days=1), told_at=timezone.now())
    clock.purge()
    assert (CheckLink.objects.count(), CheckRound.objects.count()) == (0, 1)
    CheckRound.objects.update(opened_on=timezone.localdate() - dt.timedelta(days=401))
    clock.purge()
    assert not CheckItem.objects.exists()


def test_clock__two_referents__each_has_a_link_of_their_own(world):
    grant_mandate(person=world.people["member"], role=RoleCode.REFERENT, groupement=world.a)
    contact(world.home(world.a))
    ask(world.a)
    assert recipients() == ["member@example.org", "referent_a@example.org"]
    assert CheckLink.objects.count() == 2
    assert mail.outbox[0].body != mail.outbox[1].body

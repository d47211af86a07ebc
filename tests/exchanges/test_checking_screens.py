"""“Vérifications” in the editing screens: one's own rounds, the buttons, the first screen, the form of a page."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exchanges.checking import services
from exchanges.checking.models import CheckItem, CheckLink, CheckRound
from tests.exchanges.checking import contact, item_of, local_text, open_round
from tests.factories import pages
from tests.helpers import count_queries, page_html

LIST = "checkround:index"


@pytest.fixture
def asked(world):
    contact(world.home(world.b), "Zqautre")
    found = contact(world.home(world.a), "Zqmission")
    open_round(world.a)
    open_round(world.b)
    return found


def one(groupement, act: str = "inspect") -> str:
    return reverse(f"checkround:{act}", args=[CheckRound.objects.get(groupement=groupement).pk])


def press(client, page, act: str, **fields):
    item = item_of(page)
    address = reverse("checkround:answer", args=[item.round_id])
    return client.post(address, {"item": item.pk, "act": act, **fields}, follow=True)


def test_referent__from_the_menu_and_the_first_screen__reaches_their_round_in_two_clicks(world, signed_in, asked):
    local_text(world, world.a)
    client = signed_in("referent_a")
    first = page_html(client.get(reverse("wagtailadmin_home")))
    assert reverse(LIST) in first
    assert one(world.a) in first
    assert one(world.b) not in first
    page = page_html(client.get(one(world.a)))
    assert "Zqmission" in page
    assert "Zqautre" not in page


def test_buttons__each_does_what_it_says_and_is_undone(world, signed_in, asked):
    client = signed_in("referent_a")
    press(client, asked, "exact")
    asked.refresh_from_db()
    assert asked.checked_on == timezone.localdate()
    press(client, asked, "undo")
    press(client, asked, "gone")
    asked.refresh_from_db()
    assert not asked.live
    press(client, asked, "undo")
    asked.refresh_from_db()
    assert asked.live
    press(client, asked, "note", note="Le numéro a changé")
    assert "Le numéro a changé" in page_html(client.get(one(world.a)))
    press(client, asked, "corrected")
    assert not item_of(asked).awaits_correction


@pytest.mark.parametrize(
    "fields", [{"act": "note", "note": " "}, {"act": "zq"}, {"act": "note", "note": "a" * 1001}, {}]
)
def test_buttons__nothing_or_too_much_said__change_nothing(world, signed_in, asked, fields):
    item = item_of(asked)
    answer = signed_in("referent_a").post(one(world.a, "answer"), {"item": item.pk, **fields}, follow=True)
    assert answer.status_code == 200
    assert item_of(asked).is_waiting


@pytest.mark.parametrize("value", ["", "x", "9" * 30, "\x00", "-1"])
def test_buttons__any_item__is_never_an_error(world, signed_in, asked, value):
    answer = signed_in("referent_a").post(one(world.a, "answer"), {"item": value, "act": "exact"}, follow=True)
    assert answer.status_code == 200


def test_buttons__item_of_another_groupement__is_not_reached_by_one_s_own_round(world, signed_in, asked):
    other = CheckItem.objects.get(round__groupement=world.b)
    signed_in("referent_a").post(one(world.a, "answer"), {"item": other.pk, "act": "gone"})
    other.refresh_from_db()
    assert (other.state, other.page.live) == ("waiting", True)


@pytest.mark.parametrize("act", ["inspect", "answer", "link"])
def test_screens__of_another__are_the_page_of_a_number_that_does_not_exist(world, signed_in, asked, act):
    client = signed_in("referent_a")
    ghost = client.post(reverse(f"checkround:{act}", args=[987654]))
    answer = client.post(one(world.b, act))
    assert (answer.status_code, answer.content) == (404, ghost.content)
    assert not CheckLink.objects.exists()
    for role in ("contributor_a",):
        assert signed_in(role).get(one(world.a)).status_code == 404


def test_link__of_one_s_own__opens_the_page_of_the_mail(world, signed_in, asked):
    for role in ("referent_a", "zone_a", "admin"):
        answer = signed_in(role).post(one(world.a, "link"))
        [address] = re.findall(r'href="http://([^"/:]+)[^"/]*(/toujours-exact/[^"]+)"', page_html(answer))
        assert address[0] == world.host(world.a)
        assert "no-store" in answer["Cache-Control"]
        visitor = Client(headers={"host": address[0]})
        assert "Zqmission" in page_html(visitor.get(address[1]))


def test_zone__sees_the_state_of_its_groupements_only(world, signed_in, asked):
    client = signed_in("zone_a")
    page = page_html(client.get(reverse(LIST)))
    assert one(world.a) in page
    assert one(world.b) not in page
    assert one(world.b) in page_html(signed_in("admin").get(reverse(LIST)))


def test_editing_screen__of_the_page__says_what_is_to_be_corrected(world, signed_in, asked):
    services.answer(
        item=item_of(asked), choice="note", note="<b>Le numéro</b>", by=world.people["referent_a"], by_link=True
    )
    page = page_html(signed_in("referent_a").get(reverse("wagtailadmin_pages:edit", args=[asked.pk])))
    assert "&lt;b&gt;Le numéro" in page
    assert "<b>Le numéro" not in page


def test_history__of_the_page__tells_who_answered(world, signed_in, asked):
    services.answer(item=item_of(asked), choice="gone", by=world.people["referent_a"], by_link=True)
    page = page_html(signed_in("referent_a").get(reverse("wagtailadmin_pages:history", args=[asked.pk])))
    assert "referent_a Test" in page


def test_list_and_round__three_or_thirty__cost_the_same(world, signed_in, asked):
    client, round_ = signed_in("zone_a"), CheckRound.objects.get(groupement=world.a)

    def add(number: int) -> None:
        for rank in range(number):
            for made in (pages.contact(world.home(world.a)), pages.branch(world.home(world.a))):
                fields = {"state": "note", "note": "x", "answered_by": world.people["zone_a"]} if rank % 2 else {}
                fields |= {"answered_at": timezone.now()} if fields else {}
                CheckItem.objects.create(round=round_, page=made, title=made.title, **fields)

    add(2)
    for address in (reverse(LIST), one(world.a)):
        page_html(client.get(address))
    costs = [count_queries(lambda a=address: page_html(client.get(a))) for address in (reverse(LIST), one(world.a))]
    add(14)
    for year in range(2000, 2012):
        CheckRound.objects.create(groupement=world.neighbour, half=f"{year}-1", expires_on=timezone.localdate())
    again = [count_queries(lambda a=address: page_html(client.get(a))) for address in (reverse(LIST), one(world.a))]
    assert again == costs

"""“Inscriptions” in the editing screens: the dates, the list, the buttons, and nobody else's."""

from __future__ import annotations

import io
import uuid

import openpyxl
import pytest
from django.core import mail
from django.db import OperationalError, connection
from django.urls import reverse

from exchanges.registrations.models import Registration
from exchanges.registrations.screens import is_new
from tests.exchanges.registering import open_event, registration
from tests.helpers import count_in_database, count_queries, page_html

DATES, LIST = "registration:dates", "registration:index"


@pytest.fixture
def event(world):
    return open_event(world.home(world.a), "Zqatelier", capacity=2)


def of(event) -> str:
    return f"{reverse(LIST)}?session={event.pk}"


def test_menu__leads_to_the_dates_and_each_date_to_its_list(world, signed_in, event):
    registration(event, world.a, name="Zqclaire")
    client = signed_in("referent_a")
    assert reverse(DATES) in page_html(client.get(reverse("wagtailadmin_home")))
    assert f"?session={event.pk}" in page_html(client.get(reverse(DATES)))
    assert "Zqclaire" in page_html(client.get(of(event)))


def test_screens__of_a_referent__name_nobody_of_others(world, signed_in, event):
    other = open_event(world.home(world.b), "Zqautre")
    registration(other, world.b, name="Zqbernard")
    registration(open_event(world.national, "Zqnation"), None, name="Zqnora")
    client = signed_in("referent_a")
    for address in (reverse(DATES), reverse(LIST), of(other), of(other) + "&export=csv"):
        answer = client.get(address)
        body = answer.getvalue().decode() if answer.streaming else page_html(answer)
        for word in ("Zqautre", "Zqbernard", "Zqnation", "Zqnora"):
            assert word not in body
    assert client.get(reverse("registration:write", args=[other.pk])).status_code == 404
    assert signed_in("contributor_a").get(reverse(DATES)).status_code == 404


def test_buttons__present_seat_and_withdraw__change_the_state(world, signed_in, event):
    comes = registration(event, world.a)
    waits = registration(event, world.a, state="waiting", told_state="waiting")
    client = signed_in("referent_a")
    client.post(reverse("registration:present", args=[comes.pk]))
    comes.refresh_from_db()
    assert comes.is_present
    client.post(reverse("registration:seat", args=[waits.pk]))
    waits.refresh_from_db()
    assert waits.state == "seated"
    client.post(reverse("registration:withdraw", args=[comes.pk]))
    comes.refresh_from_db()
    assert (comes.state, comes.is_present) == ("cancelled", False)
    assert sorted(message.to[0] for message in mail.outbox) == sorted([waits.email, comes.email])


@pytest.mark.parametrize("act", ["present", "seat", "withdraw", "delete"])
def test_screen__registration_of_another__is_the_page_of_a_number_that_does_not_exist(world, signed_in, act):
    row = registration(open_event(world.home(world.b)), world.b)
    client = signed_in("referent_a")
    answer = client.post(reverse(f"registration:{act}", args=[row.pk]))
    ghost = client.post(reverse(f"registration:{act}", args=[987654]))
    assert (answer.status_code, answer.content) == (404, ghost.content)
    row.refresh_from_db()
    assert (row.state, row.is_present) == ("seated", False)


def test_write__to_all__sends_one_message_each_and_only_once(world, signed_in, event):
    registration(event, world.a, email="a@example.org")
    registration(event, world.a, email="b@example.org")
    registration(event, world.a, email="c@example.org", state="waiting")
    registration(open_event(world.home(world.b)), world.b, email="d@example.org")
    client, words = (
        signed_in("referent_a"),
        {"subject": "La salle", "text": "Entrée par la cour.", "key": uuid.uuid4()},
    )
    for _time in range(2):
        assert client.post(reverse("registration:write", args=[event.pk]), words).status_code == 302
    assert sorted(message.to[0] for message in mail.outbox) == ["a@example.org", "b@example.org"]
    assert "Entrée par la cour." in mail.outbox[0].body


def test_message__not_noted_by_the_database__is_not_taken_for_one_that_was_sent(db, settings):
    count_in_database(settings)
    key = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE mara_cache ADD CONSTRAINT refused CHECK (cache_key NOT LIKE '%registration%')")
        with pytest.raises(OperationalError):
            is_new(key)
        cursor.execute("ALTER TABLE mara_cache DROP CONSTRAINT refused")
    assert is_new(key)
    assert not is_new(key)


def test_write__empty__says_so_and_keeps_the_rest(world, signed_in, event):
    registration(event, world.a)
    answer = signed_in("referent_a").post(
        reverse("registration:write", args=[event.pk]), {"subject": "La salle", "text": "", "key": uuid.uuid4()}
    )
    assert answer.status_code == 422
    assert "La salle" in answer.content.decode()
    assert not mail.outbox


def test_export__names_that_begin_a_formula__do_not_run(world, signed_in, event):
    registration(event, world.a, name="=Zqformule")
    client = signed_in("referent_a")
    assert "'=Zqformule" in client.get(of(event) + "&export=csv").getvalue().decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get(of(event) + "&export=xlsx").getvalue()))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert "'=Zqformule" in [cell.value for cell in cells]
    assert all(cell.data_type != "f" for cell in cells)


def test_delete__by_its_referent__leaves_no_name_in_the_journal(world, signed_in, event):
    from wagtail.models import ModelLogEntry

    row = registration(event, world.a, name="Zqclaire", state="cancelled")
    assert signed_in("referent_a").post(reverse("registration:delete", args=[row.pk])).status_code == 302
    assert not Registration.objects.exists()
    assert not ModelLogEntry.objects.filter(label__contains="Zq").exists()


@pytest.mark.parametrize("address", [DATES, LIST])
def test_screen__three_or_thirty__costs_the_same(world, signed_in, address):
    client = signed_in("zone_a")
    events = [open_event(world.home(world.a), f"Atelier {number}") for number in range(15)]
    for event in events[:3]:
        registration(event, world.a)
    client.get(reverse(address))  # the first request of a day reads the mandates
    before = count_queries(lambda: page_html(client.get(reverse(address))))
    for event in events:
        registration(event, world.a)
        registration(event, world.a)
    assert count_queries(lambda: page_html(client.get(reverse(address)))) == before


@pytest.mark.parametrize("value", ["", "x", "1_", "1_2027-99-99", "9" * 40, "é", "\x00"])
def test_list__any_session__never_fails(world, signed_in, value):
    assert signed_in("referent_a").get(reverse(LIST), {"session": value}).status_code == 200

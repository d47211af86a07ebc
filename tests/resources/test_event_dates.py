"""One date cancelled, moved, annotated or put back from a button."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from exchanges.registrations import services
from resources.models import EventChange, EventPage
from tests.factories import english, pages
from tests.helpers import page_html
from tests.resources.test_occurrences import meeting, rows


def address(event, on, act):
    return reverse("event_date", args=[event.pk, f"{on:%Y-%m-%d}", act])


def test_cancel__one_date_of_a_meeting__leaves_the_others_and_is_told_to_visitors(world, signed_in, visit):
    event = meeting(world.home(world.a))
    first, second, *_others = rows(event)
    client = signed_in("referent_a")
    assert address(event, first.date, "annuler") in page_html(client.get(reverse("event_dates", args=[event.pk])))
    asked = page_html(client.get(address(event, first.date, "annuler")))
    assert "struck" not in asked
    assert EventChange.objects.count() == 0
    client.post(address(event, first.date, "annuler"), {"note": "Salle prise."})
    states = {row.date: row.status for row in rows(event)[:2]}
    assert states == {first.date: "cancelled", second.date: "confirmed"}
    html = page_html(visit(world.host(world.a), f"/agenda/{event.slug}/?date={first.date:%Y-%m-%d}"))
    assert "Salle prise." in html
    assert "<del>" in html
    history = page_html(client.get(reverse("wagtailadmin_pages:history", args=[event.pk])))
    assert "Date annulée" in history


def test_cancel__twice_then_put_back__is_one_row_then_none(world, signed_in):
    event = meeting(world.home(world.a))
    first = rows(event)[0]
    client = signed_in("referent_a")
    for note in ("Une fois.", "Deux fois."):
        client.post(address(event, first.date, "annuler"), {"note": note})
    assert [row.note for row in EventChange.objects.all()] == ["Deux fois."]
    client.post(address(event, first.date, "retablir"))
    assert EventChange.objects.count() == 0
    assert rows(event)[0].status == "confirmed"


def test_move__to_another_day_and_hour__is_followed_by_those_registered(world, signed_in):
    event = meeting(world.home(world.a), registers_here=True)
    first = rows(event)[0]
    services.register(
        event=event, on=first.date, key=uuid.uuid4(), name="Léa", email="lea@example.org", count=1, language="fr"
    )
    client = signed_in("referent_a")
    refused = client.post(address(event, first.date, "deplacer"), {"note": ""})
    assert refused.status_code == 422
    mail.outbox.clear()
    day = first.date + dt.timedelta(days=1)
    client.post(address(event, first.date, "deplacer"), {"new_date": f"{day:%Y-%m-%d}", "new_time": "19:30"})
    moved = rows(event)[0]
    assert moved.date == first.date
    assert moved.is_moved
    assert timezone.localtime(moved.starts_at).date() == day
    assert [message.to for message in mail.outbox] == [["lea@example.org"]]


def test_annotate__date_that_was_moved__leaves_it_where_it_is(world, signed_in):
    event = meeting(world.home(world.a))
    first = rows(event)[0]
    client = signed_in("referent_a")
    client.post(address(event, first.date, "deplacer"), {"new_time": "19:30"})
    client.post(address(event, first.date, "annoter"), {"note": "Apportez vos questions."})
    row = EventChange.objects.get()
    assert (row.kind, row.new_time, row.note) == ("moved", dt.time(19, 30), "Apportez vos questions.")


def test_cancel__event_of_one_date__strikes_the_event(world, signed_in):
    event = pages.event(world.home(world.a))
    client = signed_in("referent_a")
    client.post(address(event, event.local_start.date(), "annuler"), {"note": "Reporté."})
    event = EventPage.objects.get(pk=event.pk)
    assert (event.status, event.status_note) == ("cancelled", "Reporté.")
    assert client.get(address(event, event.local_start.date(), "deplacer")).status_code == 404
    client.post(address(event, event.local_start.date(), "retablir"))
    assert EventPage.objects.get(pk=event.pk).status == "confirmed"


def test_cancel__version_under_way__stays_under_way_and_keeps_the_cancellation(world, signed_in):
    event = meeting(world.home(world.a))
    first = rows(event)[0]
    event.title = "Titre en préparation"
    event.save_revision()
    signed_in("referent_a").post(address(event, first.date, "annuler"), {})
    event = EventPage.objects.get(pk=event.pk)
    assert event.title == "Permanence"
    assert event.has_unpublished_changes
    waiting = event.get_latest_revision_as_object()
    assert waiting.title == "Titre en préparation"
    waiting.save_revision().publish()
    assert rows(event)[0].status == "cancelled"


def test_cancel__new_version_scheduled__is_refused_with_a_sentence(world, signed_in):
    event = meeting(world.home(world.a))
    first = rows(event)[0]
    event.save_revision().publish()
    event = EventPage.objects.get(pk=event.pk)
    event.go_live_at = timezone.now() + dt.timedelta(days=2)
    event.save_revision().publish()
    answer = signed_in("referent_a").post(address(event, first.date, "annuler"), {"note": "Salle prise."})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Salle prise." in html
    assert 'role="alert"' in html
    assert rows(event)[0].status == "confirmed"


def test_cancel__in_one_language__is_seen_in_the_other_without_its_words(world, signed_in):
    event = meeting(world.national)
    english.national(world.national)
    translated = english.translate(EventPage.objects.get(pk=event.pk), "Meeting")
    first = rows(event)[0]
    signed_in("editor").post(address(event, first.date, "annuler"), {"note": "Salle prise."})
    assert (rows(translated)[0].status, rows(translated)[0].note) == ("cancelled", "")
    signed_in("editor").post(address(event, first.date, "retablir"))
    assert rows(translated)[0].status == "confirmed"


@pytest.mark.parametrize("day", ["2027-02-30", "hier", "2020-01-01", "9" * 30])
@pytest.mark.parametrize("act", ["annuler", "supprimer"])
def test_date__that_is_none_of_the_event_s__is_absent(world, signed_in, day, act):
    event = meeting(world.home(world.a))
    client = signed_in("referent_a")
    path = reverse("event_date", args=[event.pk, day, act])
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("referent_a", 200),
        ("zone_a", 200),
        ("admin", 200),
        ("contributor_a", 404),
        ("referent_b", 404),
        ("editor", 404),
    ],
)
def test_date__whoever_publishes_the_event__and_nobody_else(world, signed_in, who, status):
    event = meeting(world.home(world.a))
    assert signed_in(who).get(address(event, rows(event)[0].date, "annuler")).status_code == status

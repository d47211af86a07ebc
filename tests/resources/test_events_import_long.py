"""A partner's very long calendar, sent as a file: nobody waits for it, the clock reads it."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.urls import reverse

from resources.events.importing import comparing
from resources.models import EventImport
from tests import html
from tests.partner_calendars import press, section_of, send, vcalendar, vevent


@pytest.fixture
def client(signed_in):
    return signed_in("referent_a")


@pytest.fixture
def section(world):
    return section_of(world)


def many_events(count: int) -> bytes:
    return vcalendar(*(vevent(f"{number}@partenaire.example", title=f"Date {number}") for number in range(count)))


def test_import__a_very_long_file__is_read_by_the_clock_and_then_as_any_other(client, section):
    send(client, section, many_events(200))
    origin = EventImport.objects.get()
    assert origin.state == "fetching"
    assert press(client, origin, "continue").status_code == 302
    assert "dans la minute" in html.visible_text(html.parse(client.get(reverse("event_import", args=[origin.pk]))))
    call_command("read_event_sources", verbosity=0)
    origin.refresh_from_db()
    assert (origin.state, origin.raw, origin.rows.count()) == ("ready", None, 200)


def test_import__a_very_long_file_that_cannot_be_read__is_refused_by_the_clock_in_words(client, section):
    send(client, section, many_events(600))
    call_command("read_event_sources", verbosity=0)
    origin = EventImport.objects.get()
    assert (origin.state, origin.raw) == ("refused", None)
    assert "500" in origin.refusal


def test_import__a_file_that_takes_too_long__is_left_to_the_clock(client, section, monkeypatch):
    monkeypatch.setattr(comparing, "SECONDS_AT_ONCE", -1.0)
    send(client, section, vcalendar(vevent()))
    assert EventImport.objects.get().state == "fetching"
    call_command("read_event_sources", verbosity=0)
    assert EventImport.objects.get().state == "ready"

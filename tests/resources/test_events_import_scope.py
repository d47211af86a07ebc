"""What another groupement brought in is not there: its readings, its sources, its events."""

from __future__ import annotations

import pytest
from django.urls import reverse

from resources.models import EventImport, EventSource, ImportedEvent
from tests.partner_calendars import applied, section_of, vcalendar, vevent

FORUM, CAFE = vevent(), vevent("deux@partenaire.example", title="Café des créateurs")


@pytest.fixture
def client(signed_in):
    return signed_in("referent_a")


@pytest.fixture
def section(world):
    return section_of(world)


@pytest.mark.parametrize("role", ["referent_b", "zone_b", "editor"])
def test_import__everything_of_a__is_absent_for_others(client, section, signed_in, role):
    origin = applied(client, section, vcalendar(FORUM))
    other = signed_in(role)
    for name, pk in (
        ("event_import", origin.pk),
        ("event_source", origin.source_id),
        ("event_import_section", section.pk),
    ):
        url = reverse(name, args=[pk])
        absent = other.get(reverse(name, args=[987_654]))
        assert other.get(url).status_code == absent.status_code == 404
        for step in ("apply", "undo", "delete", "take", "keep", "read", "retry"):
            assert other.post(url, {"step": step, "event": ImportedEvent.objects.get().pk}).status_code == 404
    assert EventImport.objects.filter(pk=origin.pk, state="done").exists()


def test_decide__an_event_of_another_source__is_absent(client, section, world, signed_in):
    applied(client, section, vcalendar(FORUM))
    applied(signed_in("referent_b"), section_of(world, world.b), vcalendar(CAFE))
    theirs = ImportedEvent.objects.get(source__groupement=world.b)
    mine = EventSource.objects.get(groupement=world.a)
    url = reverse("event_source", args=[mine.pk])
    for asked in (theirs.pk, "", "x", "9" * 40, "²"):
        assert client.post(url, {"step": "take", "event": asked}).status_code == 404

"""Reads of the calendar's screens: the sections a person works in, the dates of their events, those of others."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest

from regions import visibility
from regions.places import Place, place_for, place_of
from regions.reach import Reach, starts_with
from resources.events import notes, selectors
from resources.events.models import EventCalendarPage, EventPage
from resources.events.occurrences import EventOccurrence

DATES_SHOWN = 40
DATES_OF_ONE = 24


def calendars_of(reach: Reach) -> QuerySet[EventCalendarPage]:
    """The calendar sections of the places that a person holds."""
    sections = EventCalendarPage.objects.select_related("locale").order_by("path")
    return sections if reach.everything else sections.filter(starts_with(reach.paths))


def events_of(reach: Reach) -> QuerySet[EventPage]:
    """The published events of the places that a person holds."""
    events = EventPage.objects.live()
    return events if reach.everything else events.filter(starts_with(reach.paths))


def place_of_section(section: EventCalendarPage, request: HttpRequest) -> Place | None:
    """The groupement's place that a section belongs to, in its language; ``None`` for the nation's."""
    groupement = getattr(section.get_parent().specific, "groupement", None)
    return place_of(groupement, place_for(request, locale_id=section.locale_id)) if groupement else None


def own_dates(section: EventCalendarPage) -> list[EventPage]:
    """The next dates of a section's own events, each as an event on that date, soonest first. One query."""
    rows = EventOccurrence.objects.upcoming().filter(event__path__startswith=section.path)
    return _on_dates(rows.order_by("starts_at", "pk")[:DATES_SHOWN])


def dates_of(event: EventPage) -> list[EventPage]:
    """The next dates of one event."""
    return _on_dates(event.occurrences.upcoming().order_by("starts_at")[:DATES_OF_ONE])


def _on_dates(rows) -> list[EventPage]:
    events = []
    for row in rows.select_related("event").defer("event__body"):
        is_off = row.event.is_recurring and row.event.is_called_off
        events.append(row.event.at(row))
        events[-1].is_off_as_a_whole = is_off  # then no single date is cancelled or put back
    return events


def others(place: Place) -> list[EventPage]:
    """The events of others that a place shows, on their next date, with its notes."""
    events = foreign(place)
    dates = EventOccurrence.objects.of(events).upcoming().one_of_each()
    return selectors.shown(dates[:DATES_SHOWN], place)


def foreign(place: Place) -> QuerySet[EventPage]:
    """The events of others that a place shows."""
    return visibility.visible(EventPage.objects.all(), place).exclude(path__startswith=place.home.path)


def note_on(place: Place, event: EventPage) -> notes.LocalNote | None:
    """The note of a place on an event."""
    return notes.by_event(place, [event.translation_key]).get(event.translation_key)

"""The date of an event as a file that a telephone or a mail program puts in its calendar (RFC 5545)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event

from exchanges.registrations import links
from exchanges.registrations.sessions import Session

NAME, TYPE = "rendez-vous.ics", "text/calendar; method=PUBLISH"


def attachment(session: Session, *, cancelled: bool = False) -> tuple[str, bytes, str]:
    """A file to join to a message: one event, whose number stays when the date moves."""
    event = session.event
    entry = Event()
    day = f"-{session.on:%Y%m%d}" if session.on else ""
    entry.add("uid", f"inscription-{event.translation_key}{day}@{settings.MARA_NATIONAL_HOST}")
    changed = event.last_published_at or timezone.now()
    entry.add("sequence", int(changed.timestamp()) - 1_700_000_000 + cancelled)
    entry.add("dtstamp", timezone.now().astimezone(dt.UTC))
    entry.add("summary", event.title)
    if event.all_day:
        entry.add("dtstart", session.starts_at.astimezone(event.zone).date())
        entry.add("dtend", session.ends_at.astimezone(event.zone).date() + dt.timedelta(days=1))
    else:
        entry.add("dtstart", session.starts_at.astimezone(dt.UTC))
        entry.add("dtend", session.ends_at.astimezone(dt.UTC))
    if session.place:
        entry.add("location", session.place)
    entry.add("description", event.summary)
    if url := links.event_url(event, session.query):
        entry.add("url", url)
    entry.add("status", "CANCELLED" if cancelled or session.is_called_off else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//MARA//Agenda//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    return NAME, calendar.to_ical(), TYPE

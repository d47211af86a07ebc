"""The date of an event as a file that a telephone or a mail program puts in its calendar (RFC 5545)."""

from __future__ import annotations

from django.utils import timezone

from exchanges.registrations import links
from exchanges.registrations.sessions import Session
from resources.events import ical
from resources.models import EventPublication

NAME, TYPE = "rendez-vous.ics", "text/calendar; method=PUBLISH"


def attachment(session: Session, *, cancelled: bool = False) -> tuple[str, bytes, str]:
    """A file to join to a message: the date of the event that the person comes to, and no other.

    It has the identifier that the public calendars give the event: who subscribes to one of them sees the date once.
    The number of the version is theirs too; of two that have the same, the last made counts (RFC 5546 §2.1.5), so
    that a cancelled registration leaves the calendar and a new one comes back.
    """
    event = session.event
    event.href = links.event_url(event, session.query)
    told = EventPublication.objects.filter(page_id=event.pk).first()
    off = cancelled or session.is_called_off
    part = ical.one_date(event, told, session.dated, at=session.on, cancelled=off, stamp=timezone.now())
    return NAME, ical.calendar(event.title, [], more=[part]), TYPE

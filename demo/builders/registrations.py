"""Who comes to what: a full workshop with its waiting list, a café, the next date of a monthly meeting."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import timezone

from demo.builders.base import Load
from demo.sources import read_table
from exchanges.registrations import consent, services, sessions
from exchanges.registrations.models import Registration
from resources.models import EventPage

# So that the same person is the same registration at each load.
NAMESPACE = uuid.UUID("5d0f6a52-9a0e-4f8e-9a6b-2f6f4b1c7d10")


def build(load: Load) -> None:
    """Add the registrations that are missing; nobody is written to."""
    count = 0
    for row in read_table("registrations")["registrations"]:
        section = load.section(row["owner"], "agenda")
        event = EventPage.objects.child_of(section).filter(title=row["event"]).first()
        if event is None:
            continue
        coming = sessions.sessions_to_come(event, 1)
        if not coming:
            continue
        [session] = coming
        for number, (name, email, people) in enumerate(row["people"]):
            key = uuid.uuid5(NAMESPACE, f"{event.pk} {email}")
            if not Registration.objects.filter(key=key).exists():
                _add(session, key, name, email, people, timezone.now() - dt.timedelta(hours=50 - number))
                count += 1
    load.say(f"  {count} inscriptions")


def _add(session, key: uuid.UUID, name: str, email: str, people: int, moment: dt.datetime) -> None:
    free = services.free_places(session)
    state = Registration.State.SEATED if free is None or people <= free else Registration.State.WAITING
    Registration.objects.create(
        key=key,
        groupement=sessions.owner(session.event),
        event=session.event,
        occurrence_on=session.on,
        name=name,
        email=email,
        count=people,
        consent_version=consent.CURRENT,
        state=state,
        told_state=state,
        registered_at=moment,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        place=session.place,
    )

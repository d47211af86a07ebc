"""Reads for the organiser: the dates of events, with how many come and wait."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Q, Sum
from django.utils import timezone
from django.utils.formats import date_format

from exchanges.registrations.models import Registration
from regions.reach import reach_of, starts_with
from resources.models import EventPage

State = Registration.State


@dataclass(frozen=True)
class RegistrationDate:
    """One date of an event in the organiser's list."""

    value: str
    event_id: int
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    capacity: int | None
    seated: int
    waiting: int
    waiting_rows: int
    present: int
    place: str

    @property
    def is_over(self) -> bool:
        return self.ends_at < timezone.now()

    @property
    def label(self) -> str:
        return f"{self.title} – {date_format(timezone.localtime(self.starts_at), 'j F Y')}"

    @property
    def free(self) -> int | None:
        """Places left; ``None`` when they are not counted."""
        return None if self.capacity is None else max(self.capacity - self.seated, 0)


def dates(user, *, event_id: int | None = None) -> list[RegistrationDate]:
    """The dates for which somebody registered, of the person's places, the soonest first. One query."""
    rows = Registration.objects.for_user(user)
    if event_id is not None:
        rows = rows.filter(event_id=event_id)
    seated, waiting = Q(state=State.SEATED), Q(state=State.WAITING)
    found = (
        rows.order_by()
        .values("event_id", "occurrence_on", "event__title", "event__capacity", "groupement__name")
        .annotate(
            begins=Max("starts_at"),
            ends=Max("ends_at"),
            seated=Sum("count", filter=seated),
            waiting=Sum("count", filter=waiting),
            waiting_rows=Count("pk", filter=waiting),
            present=Sum("count", filter=Q(is_present=True)),
        )
        .order_by("begins", "event_id")
    )
    return [
        RegistrationDate(
            value=f"{row['event_id']}_{row['occurrence_on']:%Y-%m-%d}"
            if row["occurrence_on"]
            else str(row["event_id"]),
            event_id=row["event_id"],
            title=row["event__title"],
            starts_at=row["begins"],
            ends_at=row["ends"],
            capacity=row["event__capacity"],
            seated=row["seated"] or 0,
            waiting=row["waiting"] or 0,
            waiting_rows=row["waiting_rows"],
            present=row["present"] or 0,
            place=row["groupement__name"] or "",
        )
        for row in found
    ]


def date_of(user, value: str) -> RegistrationDate | None:
    """One of :func:`dates`."""
    pk = value.partition("_")[0]
    if not pk.isdecimal() or len(pk) > 9:
        return None
    return next((row for row in dates(user, event_id=int(pk)) if row.value == value), None)


def events_without_anybody(user) -> list[EventPage]:
    """The person's published events to come that take registrations, and for which nobody registered yet."""
    reach = reach_of(user)
    events = EventPage.objects.live().filter(registers_here=True).upcoming()
    if not reach.everything:
        events = events.filter(starts_with(reach.paths))
    taken = Registration.objects.for_user(user).values("event_id")
    return list(events.exclude(pk__in=taken).order_by("title")[:20])

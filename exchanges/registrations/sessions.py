"""One date of an event, as those who register for it need it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from regions import visibility
from regions.models import Groupement
from regions.places import HOME_PATH_LENGTH
from resources.events import expansion
from resources.models import EventPage

Status = EventPage.Status


@dataclass(frozen=True)
class Session:
    """One date of an event.

    Attributes:
        event: the page in the reader's language.
        on: the date by the rule of an event that repeats; ``None`` for one that takes place once.
    """

    event: EventPage
    on: dt.date | None
    dated: expansion.Dated

    @property
    def starts_at(self) -> dt.datetime:
        return self.dated.starts_at

    @property
    def ends_at(self) -> dt.datetime:
        return self.dated.ends_at

    @property
    def place(self) -> str:
        """Where, in one line."""
        event = self.event
        if self.dated.status == Status.MOVED_ONLINE or not event.is_on_site:
            return event.online_url
        name = self.dated.place_name or event.place_name
        town = " ".join(filter(None, [event.postcode, event.commune]))
        return ", ".join(filter(None, [name, event.address, town]))

    @property
    def is_called_off(self) -> bool:
        return not self.event.live or self.dated.status in {Status.CANCELLED, Status.POSTPONED}

    @property
    def is_declared_full(self) -> bool:
        return self.dated.status == Status.FULL

    @property
    def query(self) -> str:
        """What is added to the address of the event, and of its form."""
        return f"?date={self.on:%Y-%m-%d}" if self.on else ""

    @property
    def why_closed(self) -> str:
        """Why nobody registers any more, in a sentence; empty while one may."""
        if self.dated.status == Status.CANCELLED or not self.event.live:
            return _("This event is cancelled.")
        if self.dated.status == Status.POSTPONED:
            return _("This event is postponed. Registration opens again when its new date is known.")
        if self.starts_at <= timezone.now():
            return _("This event has begun, or is over.")
        deadline = self.event.registration_deadline
        if deadline and deadline < timezone.localdate():
            return _("The time to register is over.")
        if not self.event.registers_here:
            return _("Registration for this event is not taken here.")
        return ""


def session_of(event: EventPage, on: dt.date | None) -> Session | None:
    """The date ``on`` of an event; ``None`` when it does not take place then."""
    if not event.is_recurring:
        return Session(event, None, expansion.dates(event)[0])
    if on is None:
        return None
    found = [dated for dated in expansion.dates(event, since=on, last=on) if dated.date == on]
    return Session(event, on, found[0]) if found else None


def sessions_to_come(event: EventPage, count: int) -> list[Session]:
    """The next dates of an event, the soonest first; of one that takes place once, itself whenever it is."""
    found = expansion.dates(event)
    if not event.is_recurring:
        return [Session(event, None, found[0])]
    now = timezone.now()
    coming = sorted((dated for dated in found if dated.ends_at >= now), key=lambda dated: dated.starts_at)
    return [Session(event, dated.date, dated) for dated in coming[:count]]


def anchor(event: EventPage) -> EventPage:
    """The page that the registrations of an event in all its languages are kept with: the first written."""
    return EventPage.objects.filter(translation_key=event.translation_key).order_by("pk").first() or event


def owner(event: EventPage) -> Groupement | None:
    """The groupement that holds an event; ``None`` for the nation."""
    home = event.path[:HOME_PATH_LENGTH]
    return visibility.owners([home]).get(home)

"""What a groupement adds to the events of others: “covoiturage depuis Brest”. Rows of its calendar section."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from regions import visibility
from regions.places import Place
from resources.events import expansion
from resources.events.occurrences import EventOccurrence

LONGEST = 300
# How long a note outlives the last date of its event; nobody is shown it meanwhile.
KEPT_AFTERWARDS = dt.timedelta(days=31)


class LocalNote(models.Model):
    """What one groupement says of an event that is not its own: the nation's, or one shared with it.

    ``event_key`` is the event's translation key: it stays when the event is renamed, moved to another section, or
    gets another address.
    """

    page = ParentalKey("resources.EventCalendarPage", on_delete=models.CASCADE, related_name="local_notes")
    event_key = models.UUIDField(db_index=True)
    text = models.CharField(_("what visitors read"), max_length=LONGEST)
    url = models.URLField(
        _("address of a page to read"), blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    contact = models.CharField(
        _("whom to ask"), max_length=150, blank=True, help_text=_("For example: Mme Morvan, 06 39 98 00 12.")
    )
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("local note")
        verbose_name_plural = _("local notes")

    def __str__(self) -> str:
        return self.text[:80]

    def clean(self) -> None:
        self.text = " ".join(self.text.split())
        if not self.text:
            raise ValidationError({"text": _("Write what visitors should read.")})


def by_event(place: Place, keys: Iterable) -> dict:
    """The notes of a place by event key. One query, or none."""
    return {row.event_key: row for row in _of_keys(place, keys)}


def _of_keys(place: Place, keys: Iterable) -> models.QuerySet[LocalNote]:
    if place.is_national:
        return LocalNote.objects.none()
    found = LocalNote.objects.filter(page__path__startswith=place.home.path, event_key__in=set(keys))
    return found.order_by("changed_at", "pk")


def rows(events: list, place: Place) -> models.QuerySet[LocalNote]:
    """What :func:`attach` asks, to be read with other things."""
    return _of_keys(place, [event.translation_key for event in _of_others(events, place)])


def _of_others(events: list, place: Place) -> list:
    return [event for event in events if not event.path.startswith(place.home.path)]


def attach(events: list, place: Place, asked: models.QuerySet[LocalNote] | None = None) -> list:
    """Give the events of others their ``local_note`` at a place, each with its ``origin``; none once they are over.

    One query when there are events of others, else none.

    Args:
        asked: what :func:`rows` gives for these events, when it was read with other things.
    """
    found = {row.event_key: row for row in (rows(events, place) if asked is None else asked)}
    for event in _of_others(events, place):
        note = found.get(event.translation_key)
        event.local_note = note if note and not _is_over(event) else None
        if note:
            note.origin = visibility.origin_of(place)
    return events


def _is_over(event) -> bool:
    """Whether the date shown is over; of an event that repeats and is shown whole, whether its last one is."""
    if not event.recurrence or hasattr(event, "occurrence"):
        return event.is_over
    recent = timezone.localdate() - dt.timedelta(days=KEPT_AFTERWARDS.days)
    following = expansion.first_to_come(expansion.dates(event, since=recent))
    return following is None or following.ends_at < timezone.now()


def outlived() -> models.QuerySet[LocalNote]:
    """The notes whose event was over a month ago, or is no longer there; one that was only withdrawn keeps its."""
    last = timezone.now() - KEPT_AFTERWARDS
    model = apps.get_model("resources", "EventPage")
    recent = EventOccurrence.objects.filter(event=OuterRef("pk"), ends_at__gte=last)
    alive = model.objects.filter(translation_key=OuterRef("event_key")).filter(
        Exists(recent) | Q(live=False, ends_at__gte=last) | (Q(live=False) & ~Q(recurrence=""))
    )
    return LocalNote.objects.exclude(Exists(alive))

"""What calendars were told of each event: how often it changed, and that it was withdrawn.

A subscriber's calendar keeps what it was given. ``SEQUENCE`` (RFC 5545 §3.8.7.4) tells it that an event changed;
an event that is withdrawn or deleted goes on being told as cancelled for a while.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.models import Sharing

# How long a withdrawn event is told as cancelled: calendars that are read once a month have seen it.
TOLD_AFTERWARDS = dt.timedelta(days=180)
TOLD = [
    "title",
    "summary",
    "starts_at",
    "ends_at",
    "all_day",
    "time_zone",
    "recurrence",
    "place_name",
    "address",
    "postcode",
    "commune",
    "latitude",
    "longitude",
    "online_url",
    "organiser",
    "status",
    "status_note",
]
TOLD_OF_A_DATE = ("date", "kind", "note", "new_date", "new_time", "new_end_time", "place_name")


class EventPublication(models.Model):
    """One event as calendars know it; it outlives the page. Written by :func:`follow`, never by hand.

    ``path``, ``shared_with`` and ``live`` are the page's when it was last published: they are what
    ``regions.visibility`` asks, so that a withdrawn event is told where it was seen and nowhere else.
    """

    page_id = models.BigIntegerField(unique=True)
    uid = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=32)
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True, db_index=True)
    path = models.CharField(max_length=255)
    shared_with = models.CharField(max_length=10, default=Sharing.GROUPEMENT)
    live = models.BooleanField(default=True)
    title = models.CharField(max_length=255)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    all_day = models.BooleanField(default=False)
    time_zone = models.CharField(max_length=20)

    class Meta:
        verbose_name = _("event told to calendars")
        verbose_name_plural = _("events told to calendars")

    def __str__(self) -> str:
        return self.title


def uid_of(event) -> str:
    """The identifier of an event in every calendar: the same whatever the address it is read at."""
    return str(uuid.uuid5(event.translation_key, str(event.locale_id)))


def digest_of(event) -> str:
    """A fingerprint of what calendars are told of an event."""
    told = [str(getattr(event, name)) for name in TOLD]
    for change in sorted(event.changes.all(), key=lambda change: change.date):
        told += [str(getattr(change, name)) for name in TOLD_OF_A_DATE]
    return hashlib.md5("\n".join(told).encode(), usedforsecurity=False).hexdigest()


def follow(event) -> None:
    """Note what is now published of an event; its sequence grows when calendars have something new to learn."""
    if not event.live:
        withdraw(event.pk)
        return
    with transaction.atomic():
        known = EventPublication.objects.select_for_update().filter(page_id=event.pk).first()
        digest, now = digest_of(event), timezone.now()
        row = known or EventPublication(page_id=event.pk, uid=uid_of(event), changed_at=now)
        if known and (known.digest != digest or known.withdrawn_at):
            row.sequence, row.changed_at = known.sequence + 1, now
        row.digest, row.withdrawn_at = digest, None
        for name in ("path", "shared_with", "title", "starts_at", "ends_at", "all_day", "time_zone"):
            setattr(row, name, getattr(event, name))
        row.save()


def withdraw(page_id: int) -> None:
    """Note that an event is no longer published: unpublished or deleted."""
    now = timezone.now()
    EventPublication.objects.filter(page_id=page_id, withdrawn_at__isnull=True).update(
        withdrawn_at=now, changed_at=now, sequence=models.F("sequence") + 1
    )


def forget_old() -> int:
    """Delete what has been told long enough; return how many."""
    return EventPublication.objects.filter(withdrawn_at__lt=timezone.now() - TOLD_AFTERWARDS).delete()[0]


def follow_missing(events) -> int:
    """Note the published events of a queryset that were put there without the signals; return how many."""
    known = EventPublication.objects.filter(withdrawn_at__isnull=True).values("page_id")
    count = 0
    for event in events.filter(live=True).exclude(pk__in=known).prefetch_related("changes").iterator(200):
        follow(event)
        count += 1
    return count

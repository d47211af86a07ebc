"""The dates of published events, laid out in a table: what every listing, month and week reads."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models, transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from resources.events import expansion

_WRITTEN = ("starts_at", "ends_at", "status", "note", "place_name", "is_moved")


class OccurrenceQuerySet(models.QuerySet):
    """Reads of dates."""

    def of(self, events) -> OccurrenceQuerySet:
        """The dates of a queryset of events."""
        return self.filter(event__in=events.order_by().values("pk"))

    def upcoming(self, now: dt.datetime | None = None) -> OccurrenceQuerySet:
        """The dates that are not over, now or at another moment."""
        return self.filter(ends_at__gte=now or timezone.now())

    def past(self) -> OccurrenceQuerySet:
        """The dates that are over: each is either upcoming or past."""
        return self.filter(ends_at__lt=timezone.now())

    def between(self, start: dt.datetime, end: dt.datetime) -> OccurrenceQuerySet:
        """The dates that touch a period, ``end`` excluded, in order."""
        return self.filter(starts_at__lt=end, ends_at__gte=start).order_by("starts_at", "pk")

    def one_of_each(self, *, latest: bool = False) -> OccurrenceQuerySet:
        """The soonest of these dates for each event, soonest first; with ``latest`` the last, latest first."""
        order = "-starts_at" if latest else "starts_at"
        chosen = self.order_by("event_id", order, "pk").distinct("event_id").values("pk")
        return self.model.objects.filter(pk__in=chosen).order_by(order, "pk")

    def first_of_each(self, count: int) -> OccurrenceQuerySet:
        """The first ``count`` of these dates for each event, in order."""
        rank = Window(RowNumber(), partition_by=F("event_id"), order_by=("starts_at", "pk"))
        return self.annotate(rank=rank).filter(rank__lte=count).order_by("starts_at", "pk")


class EventOccurrence(models.Model):
    """One date of a published event, as far as the horizon. Written by :func:`lay_out`, never by hand.

    Meanings as in :class:`~resources.events.expansion.Dated`.
    """

    event = models.ForeignKey("resources.EventPage", on_delete=models.CASCADE, related_name="occurrences")
    date = models.DateField(_("date"))
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    status = models.CharField(_("status"), max_length=12)
    note = models.CharField(_("about this date"), max_length=200, blank=True)
    place_name = models.CharField(_("other place"), max_length=150, blank=True)
    is_moved = models.BooleanField(_("moved"), default=False)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("date of an event")
        verbose_name_plural = _("dates of events")
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["event", "date"], name="resources_occurrence_unique")
        ]
        indexes: ClassVar[list] = [
            models.Index(fields=["starts_at", "ends_at"]),
            models.Index(fields=["ends_at"]),
            models.Index(fields=["event", "starts_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} – {self.date}"


def lay_out(event) -> None:
    """Write the dates of an event as it is in memory; none of one that is not published.

    Rows that say the same stay as they are.
    """
    wanted = {dated.date: dated for dated in expansion.dates(event)} if event.live else {}
    with transaction.atomic():
        rows = {row.date: row for row in EventOccurrence.objects.filter(event_id=event.pk)}
        gone = [row.pk for date, row in rows.items() if date not in wanted]
        if gone:
            EventOccurrence.objects.filter(pk__in=gone).delete()
        changed = []
        for date in wanted.keys() & rows.keys():
            if any(getattr(rows[date], name) != getattr(wanted[date], name) for name in _WRITTEN):
                changed.append(_filled(rows[date], wanted[date]))
        if changed:
            EventOccurrence.objects.bulk_update(changed, _WRITTEN, batch_size=500)
        new = [
            _filled(EventOccurrence(event_id=event.pk, date=date), dated)
            for date, dated in wanted.items()
            if date not in rows
        ]
        EventOccurrence.objects.bulk_create(new, batch_size=1000, ignore_conflicts=True)


def _filled(row: EventOccurrence, dated: expansion.Dated) -> EventOccurrence:
    for name in _WRITTEN:
        setattr(row, name, getattr(dated, name))
    return row


def lay_out_missing(events) -> int:
    """Write the dates of the published events of a queryset that have none; return how many events had none.

    For pages that were inserted in bulk, without the signals by which :func:`lay_out` follows each save.
    """
    count, rows = 0, []
    for event in events.filter(live=True, occurrences__isnull=True).defer("body").iterator(chunk_size=500):
        rows += [_filled(EventOccurrence(event_id=event.pk, date=one.date), one) for one in expansion.dates(event)]
        count += 1
    EventOccurrence.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return count


def extend(events) -> int:
    """Lay the dates of repeating events out as far as today's horizon; return how many events were read."""
    count = 0
    for event in (
        events.filter(live=True).exclude(recurrence="").prefetch_related("changes").defer("body").iterator(200)
    ):
        lay_out(event)
        count += 1
    return count

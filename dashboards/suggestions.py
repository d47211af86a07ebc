"""What groupements proposed for the national texts, as zone and nation follow it: what waits, what was accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Window
from django.utils import timezone
from django.utils.timesince import timesince

from exchanges.corrections.models import Correction, CorrectionQuerySet
from regions.models import Groupement

LONGEST_LIST = 10


@dataclass(frozen=True)
class Suggestion:
    """A correction, and since how long it waits, in words; empty for one of today."""

    correction: Correction
    age: str


@dataclass(frozen=True)
class Suggestions:
    """The first of them, and how many there are in all."""

    rows: list[Suggestion]
    number: int


def of(user, groupements: QuerySet[Groupement] | Iterable[Groupement]) -> CorrectionQuerySet:
    """The corrections of some groupements, of those that the person may open; no query yet.

    Whoever pilots a zone and writes in a groupement of another has both in ``for_user``: the board is the zone's.
    """
    kept = (
        groupements.order_by().values("pk") if isinstance(groupements, QuerySet) else [row.pk for row in groupements]
    )
    return Correction.objects.for_user(user).filter(groupement__in=kept)


def waiting(corrections: CorrectionQuerySet) -> Suggestions:
    """Those that the nation has still to settle, put off or not, the oldest first; one query."""
    return _listed(corrections.waiting().order_by("sent_at", "pk"))


def accepted(corrections: CorrectionQuerySet) -> Suggestions:
    """Those that were accepted, the newest answer first; one query."""
    found = corrections.filter(state=Correction.State.ACCEPTED)
    return _listed(found.order_by("-answered_at", "-pk"))


def _listed(corrections: CorrectionQuerySet) -> Suggestions:
    # Counted with the rows: a board has few queries to spend.
    counted = corrections.select_related("groupement").annotate(number=Window(Count("pk")))
    rows, today = list(counted[:LONGEST_LIST]), timezone.localdate()
    found = [Suggestion(row, _age(timezone.localdate(row.sent_at), today)) for row in rows]
    return Suggestions(found, rows[0].number if rows else 0)


def _age(day: dt.date, today: dt.date) -> str:
    return timesince(day, today, depth=1) if day < today else ""

"""Who was helped most, and which texts: requests that others answered, corrections that the nation accepted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Count
from django.utils import timezone

from exchanges.corrections.models import Correction, CorrectionQuerySet
from exchanges.models import CallbackRequest
from regions.models import Groupement
from resources.frames.completeness import FrameInfo

MONTHS = 12
LONGEST_LIST = 10


@dataclass(frozen=True)
class Helped:
    """A groupement, and how many requests somebody else was asked to answer in its place."""

    groupement: Groupement
    number: int


@dataclass(frozen=True)
class Corrected:
    """A national page, and how many corrections of it were accepted."""

    page: Any
    number: int


def most_helped(groupements: Iterable[Groupement]) -> list[Helped]:
    """The groupements whose visitors were answered by others most, over the last twelve months; one query.

    A number of requests and nothing of what they say.
    """
    by_pk = {groupement.pk: groupement for groupement in groupements}
    rows = (
        CallbackRequest.objects.filter(
            groupement__in=by_pk, received_at__gte=timezone.now() - relativedelta(months=MONTHS)
        )
        .exclude(level=CallbackRequest.Level.GROUPEMENT)
        .order_by()
        .values("groupement")
        .annotate(number=Count("pk"))
        .order_by("-number", "groupement__name")[:LONGEST_LIST]
    )
    return [Helped(by_pk[row["groupement"]], row["number"]) for row in rows]


def most_corrected(corrections: CorrectionQuerySet, frames: Iterable[FrameInfo]) -> list[Corrected]:
    """The texts that the groupements helped most to set right, over the last twelve months; one query.

    Args:
        corrections: those that count, whatever their state.
        frames: the texts that count.
    """
    by_pk = {info.page.pk: info.page for info in frames}
    since = timezone.now() - relativedelta(months=MONTHS)
    rows = (
        corrections.filter(page__in=by_pk, state=Correction.State.ACCEPTED, answered_at__gte=since)
        .order_by()
        .values("page")
        .annotate(number=Count("pk"))
        .order_by("-number", "page__title")[:LONGEST_LIST]
    )
    return [Corrected(by_pk[row["page"]], row["number"]) for row in rows]

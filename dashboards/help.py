"""Who was helped most: the requests of visitors that others answered in a groupement's place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.db.models import Count
from django.utils import timezone

from exchanges.models import CallbackRequest
from regions.models import Groupement

MONTHS = 12
LONGEST_LIST = 10


@dataclass(frozen=True)
class Helped:
    """A groupement, and how many requests somebody else was asked to answer in its place."""

    groupement: Groupement
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

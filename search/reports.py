"""What visitors searched, and what they did not find: counts of words, never of people."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.db.models import Max, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from regions.models import Groupement
from regions.reach import reach_of
from search.models import QueryCount

MAX_EXPORTED = 10_000
# A cell that begins so would be computed by a spreadsheet instead of being shown.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Readable:
    """The places whose counts a person reads, for a list of choices."""

    groupements: QuerySet[Groupement]
    nation: bool

    @property
    def anything(self) -> bool:
        return self.nation or self.groupements.exists()


def readable_by(user) -> Readable:
    """What a person may read of the counts: as ``QueryCount.objects.for_user``, by place."""
    reach = reach_of(user)
    if reach.holds_nation:
        return Readable(Groupement.objects.order_by("name"), nation=True)
    return Readable(Groupement.objects.filter(pk__in=reach.answered_groupement_ids).order_by("name"), nation=False)


def by_words(counts: QuerySet[QueryCount], *, months: int, unanswered: bool) -> QuerySet:
    """The words searched in the last months, most asked first; with ``unanswered``, those that found nothing.

    Rows: ``words``, ``asked`` and ``missed`` (times), ``most`` (results, at the most), ``last`` (day).
    """
    since = timezone.localdate() - relativedelta(months=months)
    rows = counts.filter(day__gte=since).values("words")
    rows = rows.annotate(asked=Sum("asked"), missed=Sum("unanswered"), most=Max("found"), last=Max("day"))
    if unanswered:
        return rows.filter(missed__gt=0).order_by("-missed", "words")
    return rows.order_by("-asked", "words")


def as_csv(rows: QuerySet) -> str:
    """The report for a French spreadsheet: semicolons, and cells that no spreadsheet takes for a formula."""
    output = io.StringIO()
    writer = csv.writer(output, delimiter=";")
    writer.writerow([_("Words"), _("Times asked"), _("Times without result"), _("Results at most"), _("Last time")])
    for row in rows[:MAX_EXPORTED]:
        writer.writerow([harmless(row["words"]), row["asked"], row["missed"], row["most"], f"{row['last']:%d/%m/%Y}"])
    return "\ufeff" + output.getvalue()


def harmless(text: str) -> str:
    """A cell as text, whatever it begins with."""
    return f"'{text}" if text.startswith(_FORMULA) else text

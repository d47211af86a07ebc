"""What visitors searched in the last months, and the answers that the nation recommends."""

from __future__ import annotations

import datetime as dt
import random

from wagtail.contrib.search_promotions.models import Query, SearchPromotion

from demo.builders.base import NATION, Load
from demo.builders.links import Links
from demo.sources import read_table
from search.models import QueryCount

MONTHS, DAYS_IN_MONTH = 6, 30


def build(load: Load) -> None:
    """Add recommended answers and counts where there is none yet; what editors changed stays."""
    data = read_table("search")
    if not SearchPromotion.objects.exists():
        _answers(load, data["answer"])
    if not QueryCount.objects.exists():
        _counts(load, data["search"])


def _answers(load: Load, rows: list[dict]) -> None:
    links = Links(load.national_home, load.national_home)
    for rank, row in enumerate(rows):
        SearchPromotion.objects.create(
            query=Query.get(row["words"]),
            page_id=links.resolve(row["page"]),
            description=row.get("text", ""),
            sort_order=rank,
        )
    load.say(f"  {len(rows)} réponses conseillées")


def _counts(load: Load, rows: list[dict]) -> None:
    """Spread each number over the days of each month, the same way at each load."""
    chance = random.Random(20)  # noqa: S311 - figures, not secrets
    counts: dict[tuple, QueryCount] = {}
    for row in rows:
        places = [NATION, *load.groupements] if row["place"] == "all" else [row["place"]]
        for place in places:
            groupement = None if place == NATION else load.groupements[place]
            for words, monthly in row["words"].items():
                for _time in range(chance.randint(monthly * MONTHS // 2, monthly * MONTHS)):
                    day = load.today - dt.timedelta(days=chance.randrange(MONTHS * DAYS_IN_MONTH))
                    found = counts.setdefault(
                        (day, place, words),
                        QueryCount(day=day, groupement=groupement, language="fr", words=words, found=row["found"]),
                    )
                    found.asked += 1
                    found.unanswered += row["found"] == 0
    QueryCount.objects.bulk_create(counts.values(), batch_size=1000)
    load.say(f"  {sum(count.asked for count in counts.values())} recherches de visiteurs")

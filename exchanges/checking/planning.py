"""When a groupement is asked, and what: read from what is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from wagtail.models import Page

from exchanges.checking.models import half_of
from regions.models import Groupement
from resources.frames.answers import raw_story, read, slots_of
from resources.frames.completeness import FRAME_MODELS, restricted_paths
from resources.models import ContactPage, PartnerBranchPage

GOOD_FOR = dt.timedelta(days=182)  # what was confirmed is not asked about for six months
LIFE = dt.timedelta(days=60)  # how long a round is answered
CATCH_UP = 14  # days during which a missed day is made good: a clock that stopped for longer waits for the next half
MOST_ITEMS = 30
FIRST_DAY, SPREAD, STEPS = 5, 160, 128


@dataclass(frozen=True)
class Due:
    """One thing to confirm, and when somebody last did (the oldest first; never, before all)."""

    page_id: int
    slot: str
    title: str
    last: dt.date | None


def planned_day(groupement: Groupement, day: dt.date) -> dt.date:
    """The day on which a groupement is asked, in the half-year of ``day``.

    The number of the groupement, its bits reversed, is its place among 128: a hundred groupements made one after
    the other fall on a hundred days (van der Corput's sequence), and nobody's day moves when another is added.
    """
    _half, first = half_of(day)
    place = int(f"{groupement.pk % STEPS:07b}"[::-1], 2)
    return first + dt.timedelta(days=FIRST_DAY + place * SPREAD // STEPS)


def is_planned(groupement: Groupement, today: dt.date) -> bool:
    """Whether the groupement's day has come, and is not long past."""
    return 0 <= (today - planned_day(groupement, today)).days <= CATCH_UP


def is_due(last: dt.date | None, wanted: dt.date | None, today: dt.date) -> bool:
    """Whether something is to be confirmed again before a round opened today ends.

    Args:
        last: when it was confirmed.
        wanted: when its keeper wishes to confirm it again, if they said so.
    """
    when = wanted or (last + GOOD_FOR if last else None)
    return when is None or when <= today + LIFE


def due(groupement: Groupement, today: dt.date) -> list[Due]:
    """What a groupement has to confirm, what waits for longest first; at most ``MOST_ITEMS``. Ten queries."""
    home = groupement.roots.filter(locale__language_code=settings.LANGUAGE_CODE, live=True).first()
    if home is None:
        return []
    closed = restricted_paths()
    found = [*_pages(home, closed, today), *_answers(home, closed, today)]
    return sorted(found, key=lambda one: (one.last or dt.date.min, one.title))[:MOST_ITEMS]


def _pages(home: Page, closed: tuple[str, ...], today: dt.date) -> Iterator[Due]:
    for model in (ContactPage, PartnerBranchPage):
        rows = model.objects.filter(path__startswith=home.path, live=True)
        for pk, path, title, last, wanted in rows.values_list("pk", "path", "title", "checked_on", "next_check_on"):
            if is_due(last, wanted, today) and not path.startswith(closed):
                yield Due(pk, "", title, last)


def _answers(home: Page, closed: tuple[str, ...], today: dt.date) -> Iterator[Due]:
    """The groupement's own words in the frames of the nation; what fills itself is confirmed contact by contact."""
    for name in FRAME_MODELS:
        model = apps.get_model("resources", name)
        rows = model.objects.filter(path__startswith=home.path, live=True, completes__isnull=False)
        pages = [page for page in rows if not page.path.startswith(closed)]
        keys = {page.completes for page in pages}
        nation = model.objects.filter(translation_key__in=keys, locale_id=home.locale_id, live=True)
        asked = {
            row.translation_key: {slot.id: slot.title for slot in slots_of(raw_story(row.body))}
            for row in nation
            if not row.path.startswith(closed)
        }
        for page in pages:
            titles, given = asked.get(page.completes, {}), read(page.answers)
            for key, answer in given.given.items():
                shown = key in titles and key not in given.left_out and not given.whole_page
                if shown and answer.has_words and is_due(answer.written_on, None, today):
                    yield Due(page.pk, key, f"{page.title} – {titles[key]}"[:255], answer.written_on)

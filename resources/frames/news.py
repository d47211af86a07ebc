"""“Quoi de neuf au national”: what changed in the frames since a groupement last looked, block by block."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.utils import timezone
from wagtail.models import Locale, Revision

from regions.models import Groupement
from resources.frames import wording
from resources.frames.answers import Answers, optional_parts, raw_story
from resources.frames.changes import Text, newest_answers, other_texts, text_of
from resources.frames.completeness import FRAME_MODELS, frames, outdated

LOOK_BACK = dt.timedelta(days=180)  # for a groupement that has never looked


@dataclass(frozen=True)
class Passage:
    """One block that differs. ``lines``: as :func:`wording.compare` gives them, empty when no word differs."""

    lines: list
    is_new: bool = False
    is_gone: bool = False


@dataclass
class PageNews:
    """What changed in one national page.

    Attributes:
        changes: the published changes, newest first.
        passages: what differs between the text before the first of them and that of today.
        asks: identifier and title of each of the groupement's answers that has to be read again.
        is_unseen: one of the changes came after the groupement last looked.
        awaits: the groupement has confirmed, and its confirmation waits to be published.
    """

    page: Any
    changes: list
    passages: list[Passage] = field(default_factory=list)
    asks: list[tuple[str, str]] = field(default_factory=list)
    is_unseen: bool = False
    awaits: bool = False


def of(groupement: Groupement, locale: Locale) -> tuple[list[PageNews], int]:
    """The news of a groupement in a language, what asks something first, and the number of the newest change.

    A fixed number of queries, whatever the number of pages, changes and answers.
    """
    infos = {info.page.pk: info.page for info in frames(locale)}
    for page in infos.values():
        page.locale = locale  # the same for all: not to be read again for each address
    by_page: dict[int, list] = defaultdict(list)
    newest = 0
    for change in apps.get_model("resources", "FrameChange").objects.filter(page__in=infos).order_by("-pk"):
        by_page[change.page_id].append(change)
        newest = max(newest, change.pk)
    answers = _answers(groupement, locale, {page.translation_key for page in infos.values()})
    look = apps.get_model("resources", "FrameLook").objects.filter(groupement=groupement, locale=locale).first()
    found = [
        news
        for pk, page in infos.items()
        if by_page[pk] and (news := _of_page(page, by_page[pk], answers.get(page.translation_key), look))
    ]
    befores = Revision.objects.in_bulk({news.changes[-1].revision_before_id for news in found} - {None})
    for news in found:
        before = befores.get(news.changes[-1].revision_before_id)
        if before is not None:
            news.passages = passages(news.page, text_of(before, news.page.frame_texts))
    return sorted(found, key=lambda news: not news.asks), newest


def _of_page(page, changes: list, answers, look) -> PageNews | None:
    newest, published = answers or (Answers(), Answers())
    asking = [change for change in changes if change.importance == "review"]
    pairs = [(change.revision_after_id or 0, change.touched) for change in asking]
    late, late_published = outdated(newest, pairs), outdated(published, pairs)
    since = timezone.now() - LOOK_BACK
    unseen = [change for change in changes if (change.pk > look.change if look else change.published_at >= since)]
    shown = [
        change
        for change in changes
        if change in unseen or (change in asking and set(change.touched) & {*late, *late_published})
    ]
    if not shown:
        return None
    titles = {**optional_parts(raw_story(page.body)), **{slot.id: slot.title for slot in page.slots}}
    rows = {**newest.left_out, **newest.given}
    return PageNews(
        page,
        shown,
        asks=[(key, titles.get(key) or rows[key].title) for key in late],
        is_unseen=bool(unseen),
        awaits=bool(late_published) and not late,
    )


def _answers(groupement: Groupement, locale: Locale, keys: set) -> dict:
    """Newest and published answers of a groupement, by the key of the national page."""
    home = groupement.roots.filter(locale=locale).first()
    found: dict = {}
    for name in FRAME_MODELS if home else ():
        rows = apps.get_model("resources", name).objects.filter(completes__in=keys, path__startswith=home.path)
        for row in rows.select_related("latest_revision").order_by("path"):
            found.setdefault(row.completes, (newest_answers(row), row.given if row.live else Answers()))
    return found


def passages(page, before: Text) -> list[Passage]:
    """What differs between an earlier text of a page and the one of today, in today's order."""
    today = Text(raw_story(page.body), other_texts(page, {}))
    found = []
    for name, text in today.others.items():
        if text != before.others.get(name, ""):
            lines = wording.compare(wording.lines_of_html(before.others.get(name, "")), wording.lines_of_html(text))
            found.append(Passage(lines))
    old, new = ({block["id"]: block for block in text.story} for text in (before, today))
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = old.get(key), new.get(key)
        if was is not None and now is not None and was["value"] == now["value"]:
            continue
        one, other = wording.lines_of(was), wording.lines_of(now)
        found.append(Passage(wording.compare(one, other) if one != other else [], was is None, now is None))
    return found


def note_look(groupement: Groupement, locale: Locale, change: int) -> None:
    """Remember that a groupement has seen the changes up to one; never back."""
    looks = apps.get_model("resources", "FrameLook").objects
    row, _is_new = looks.get_or_create(groupement=groupement, locale=locale)
    if change > row.change:
        row.change = change
        row.save()

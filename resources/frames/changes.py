"""What the nation changed in a frame, and whose answers it touches."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import Q
from django.db.models.functions import Left
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import PageLogEntry, Revision

from regions.models import Groupement
from regions.places import HOME_PATH_LENGTH
from resources.frames.answers import Answers, digest_of, has_frame_blocks, read_raw, without_keys
from resources.frames.blocks import FRAME_BLOCKS

MOST_NAMES = 12  # more groupements than that are counted rather than named


@dataclass
class Text:
    """A national text: its raw blocks, and the other fields that visitors read."""

    story: list[dict] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)


@dataclass
class Difference:
    """What differs between two versions of a text, by identifiers of blocks."""

    changed: list[str]
    touched: list[str]


def difference(before: Text, after: Text) -> Difference:
    """What changed, and which slots and optional parts it may concern.

    A slot is touched when it changed itself, and when the text of its own part did: from one second-level
    heading to the next. Blocks that only changed places touch nothing.
    """
    old, new = ({block["id"]: digest_of(block) for block in text.story} for text in (before, after))
    changed = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    touched: set[str] = set()
    everywhere = _as_read(before) != _as_read(after)
    for story in (before.story, after.story):
        for part in _parts(story):
            if everywhere or any(block["id"] in changed for block in part if block["type"] not in FRAME_BLOCKS):
                touched |= {block["id"] for block in part if block["type"] in FRAME_BLOCKS}
        touched |= {block["id"] for block in story if block["type"] in FRAME_BLOCKS and block["id"] in changed}
    order = [*new, *(key for key in old if key not in new)]
    return Difference([key for key in order if key in changed], [key for key in order if key in touched])


def _as_read(text: Text) -> dict[str, str]:
    return {name: without_keys(html) for name, html in text.others.items()}


def _parts(story: list[dict]) -> list[list[dict]]:
    parts: list[list[dict]] = [[]]
    for block in story:
        if block["type"] == "heading_block" and (block["value"].get("level") or "h2") == "h2":
            parts.append([])
        parts[-1].append(block)
    return parts


def text_of(revision: Revision | None, names: tuple[str, ...]) -> Text:
    """The national text that a revision holds."""
    if revision is None:
        return Text()
    content = revision.content
    return Text(json.loads(content.get("body") or "[]"), {name: content.get(name) or "" for name in names})


def other_texts(page, values) -> dict[str, str]:
    """The other national texts of a page than its body, from ``values`` where they are given."""
    return {name: str(values.get(name, getattr(page, name)) or "") for name in page.frame_texts}


def published_text(page) -> Text:
    """The text that visitors read now."""
    return text_of(page.live_revision, page.frame_texts)


def newest_answers(page) -> Answers:
    """The answers of a local page as its newest draft has them. Read ``latest_revision`` with the page."""
    if page.has_unpublished_changes and page.latest_revision:
        return read_raw(json.loads(page.latest_revision.content.get("answers") or "[]"))
    return page.given


@dataclass
class Concerned:
    """The groupements that wrote in a national page: the first of them by name, and how many there are."""

    names: list[str]
    count: int

    def __bool__(self) -> bool:
        return bool(self.count)

    def __str__(self) -> str:
        if not (others := self.count - len(self.names)):
            return ", ".join(self.names)
        more = ngettext("%(names)s and %(number)d other", "%(names)s and %(number)d others", others)
        return more % {"names": ", ".join(self.names), "number": others}

    @property
    def question(self) -> str:
        """What is asked of whoever is about to publish."""
        words = _("This change touches the texts of: %(names)s. Say whether it is minor, or to read again.")
        return words % {"names": self}


def concerned(page, touched: Iterable[str] | None = None) -> Concerned:
    """The groupements that answered, or left out, something of a national page; published or not.

    Args:
        touched: identifiers of blocks, to ask about those alone.

    The database looks into the answers; at most two queries, whatever the number of groupements.
    """
    rows = type(page).objects.filter(completes=page.translation_key, locale_id=page.locale_id).exclude(pk=page.pk)
    if touched is None:
        written = ~Q(answers=[]) | Q(has_unpublished_changes=True) & ~Q(latest_revision__content__answers="[]")
    else:
        # A draft holds its answers as a text.
        keys = list(touched)
        published = [Q(answers__contains=[{"value": {"slot": key}}]) for key in keys]
        drafted = Q(latest_revision__content__answers__regex=f'"slot": "({"|".join(map(re.escape, keys))})"')
        written = reduce(or_, published, Q(has_unpublished_changes=True) & drafted if keys else Q(pk=None))
    homes = rows.filter(written).annotate(home=Left("path", HOME_PATH_LENGTH)).values("home")
    found = Groupement.objects.filter(roots__path__in=homes).order_by("name")
    names = list(found.values_list("name", flat=True)[: MOST_NAMES + 1])
    if len(names) <= MOST_NAMES:
        return Concerned(names, len(names))
    return Concerned(names[:MOST_NAMES], found.count())


def record_publication(page, revision: Revision | None, user=None) -> None:
    """Write down what a publication changed: one row, whatever the number of groupements; none for no change.

    Nothing is asked of the database for a page that leaves nothing to the groupements.
    """
    from resources.frames.models import FrameChange, Importance  # here: the models import this module

    if revision is None:
        return
    after = text_of(revision, page.frame_texts)
    if not has_frame_blocks(after.story) and not FrameChange.objects.filter(page=page).exists():
        return
    before_revision = _published_before(page, revision)
    if before_revision is None or not page.is_the_nations:
        return
    found = difference(text_of(before_revision, page.frame_texts), after)
    if not found.changed and not found.touched:
        return
    FrameChange.objects.create(
        page_id=page.pk,
        published_by=user or revision.user,
        revision_before=before_revision,
        revision_after=revision,
        importance=page.change_importance or Importance.MINOR,
        word=page.change_note if page.change_importance else "",
        changed=found.changed,
        touched=found.touched,
    )


def _published_before(page, revision: Revision) -> Revision | None:
    """The revision that visitors read before this one."""
    last = page.frame_changes.select_related("revision_after").exclude(revision_after=revision).first()
    logged = (
        PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish", revision__isnull=False)
        .exclude(revision=revision)
        .select_related("revision")
        .order_by("-timestamp")
        .first()
    )
    found = [row for row in (last and last.revision_after, logged and logged.revision) if row]
    return max(found, key=lambda row: row.pk, default=None)

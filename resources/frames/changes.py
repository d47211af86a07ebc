"""What the nation changed in a frame, and whose answers it touches."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from wagtail.models import PageLogEntry, Revision

from regions import visibility
from regions.places import HOME_PATH_LENGTH
from resources.frames.answers import Answers, digest_of, has_frame_blocks, read_raw
from resources.frames.blocks import FRAME_BLOCKS


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
    everywhere = before.others != after.others
    for story in (before.story, after.story):
        for part in _parts(story):
            if everywhere or any(block["id"] in changed for block in part if block["type"] not in FRAME_BLOCKS):
                touched |= {block["id"] for block in part if block["type"] in FRAME_BLOCKS}
        touched |= {block["id"] for block in story if block["type"] in FRAME_BLOCKS and block["id"] in changed}
    order = [*new, *(key for key in old if key not in new)]
    return Difference([key for key in order if key in changed], [key for key in order if key in touched])


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


def complements(page) -> list:
    """The local pages that complete a national one in its language, drafts included, each with its newest
    answers as ``newest`` and its groupement's name as ``groupement_name``. Two queries.
    """
    rows = type(page).objects.filter(completes=page.translation_key, locale_id=page.locale_id)
    found = []
    for row in rows.exclude(pk=page.pk).select_related("latest_revision").order_by("path"):
        row.newest = newest_answers(row)
        if row.newest or row.given:
            found.append(row)
    names = visibility.owners({row.path[:HOME_PATH_LENGTH] for row in found})
    for row in found:
        owner = names.get(row.path[:HOME_PATH_LENGTH])
        row.groupement_name = owner.name if owner else ""
    return sorted(found, key=lambda row: row.groupement_name)


def newest_answers(page) -> Answers:
    """The answers of a local page as its newest draft has them. Read ``latest_revision`` with the page."""
    if page.has_unpublished_changes and page.latest_revision:
        return read_raw(json.loads(page.latest_revision.content.get("answers") or "[]"))
    return page.given


def touched_groupements(page, touched: list[str]) -> list[str]:
    """Names of the groupements that answered, or left out, one of these blocks; published or not."""
    blocks = set(touched)
    return [
        row.groupement_name
        for row in complements(page)
        if blocks & {key for given in (row.newest, row.given) for key in (*given.given, *given.left_out)}
    ]


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

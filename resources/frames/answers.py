"""Slots and answers as plain values: read from what is stored, without asking the database."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import json
import re
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace

from django.utils.html import strip_tags

from resources.frames.blocks import ANSWER, AUTOMATIC, FRAME_BLOCKS, LEFT_OUT, OPTIONAL, SLOT, SlotKind

_KEY = re.compile(r' data-block-key="[^"]*"')
_END_OF_LINE = re.compile(r"</(?:p|li|h[1-6])>|<br ?/?>")
# What says who a person is.
PERSON = ("person_name", "person_role", "person_phone", "person_email")
WHOLE_PAGE = "page"  # the “block” that stands for the whole page when a groupement leaves it out


@dataclass(frozen=True)
class Slot:
    """A place that the nation leaves to the groupements, as its page has it.

    Attributes:
        id: the stable identifier of its block: the same in every version and every language of the page.
        kind: a value of :class:`~resources.frames.blocks.SlotKind`.
        categories: codes of contact categories, for contacts.
        theme: code of a theme, for events; empty for all.
        minimum: how many contacts or events are enough.
        digest: changes when what is asked changes.
    """

    id: str
    title: str
    kind: str
    required: bool
    prompt: str
    example: str
    categories: tuple[str, ...]
    theme: str
    minimum: int
    digest: str

    @property
    def is_automatic(self) -> bool:
        """Whether it fills itself from what the groupement has published."""
        return self.kind in AUTOMATIC


@dataclass(frozen=True)
class Answer:
    """What a groupement answers to one slot.

    Attributes:
        slot: identifier of the slot.
        title: the slot's title when it was answered: by it an answer whose slot is gone is recognised.
        written_on: the day of its last change.
        revision: primary key of the national revision that was published then, if any.
        digest: that of the slot then.
        pinned: primary keys of contacts or events shown before the others.
        emptied: nothing is shown.
    """

    slot: str
    kind: str
    title: str = ""
    text: str = ""
    person_name: str = ""
    person_role: str = ""
    person_phone: str = ""
    person_email: str = ""
    document: int | None = None
    pinned: tuple[int, ...] = ()
    emptied: bool = False
    written_on: dt.date | None = None
    revision: int | None = None
    digest: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing: it is then not kept."""
        return not (self.has_words or self.pinned or self.emptied)

    @property
    def has_words(self) -> bool:
        """Whether the groupement wrote or gave something, beyond choosing among its own contacts and events."""
        return bool(strip_tags(self.text).strip() or self.person_name or self.document)

    @property
    def plain(self) -> str:
        """Its text without any mark, on one line."""
        return " ".join(html.unescape(strip_tags(_END_OF_LINE.sub(" ", self.text))).split())

    def says_the_same(self, other: Answer | None) -> bool:
        """Whether a visitor would read the same."""
        if other is None:
            return self.is_empty
        unread = {"kind": "", "title": "", "written_on": None, "revision": None, "digest": ""}
        return replace(self, **unread) == replace(other, **unread)


@dataclass(frozen=True)
class LeftOut:
    """A part, a slot or the whole page (``slot`` = ``WHOLE_PAGE``) that a groupement leaves out, and why."""

    slot: str
    reason: str
    title: str = ""
    written_on: dt.date | None = None
    revision: int | None = None
    digest: str = ""


@dataclass
class Answers:
    """All that one groupement answers to one page in one language, by the identifier of the national block."""

    given: dict[str, Answer] = field(default_factory=dict)
    left_out: dict[str, LeftOut] = field(default_factory=dict)

    @property
    def whole_page(self) -> LeftOut | None:
        """The reason for which the whole page does not concern the groupement, if it said so."""
        return self.left_out.get(WHOLE_PAGE)

    def __bool__(self) -> bool:
        return bool(self.given or self.left_out)


def raw_story(stream) -> list[dict]:
    """The raw blocks of a stream, each with its identifier; pages and files are not fetched."""
    return list(stream.get_prep_value()) if stream else []


def slots_of(story: Iterable[dict]) -> list[Slot]:
    """The slots of a raw story, in its order."""
    return [_slot(block) for block in story if block["type"] == SLOT]


def optional_parts(story: Iterable[dict]) -> dict[str, str]:
    """Titles of the parts that may be left out, by identifier."""
    return {block["id"]: block["value"].get("title", "") for block in story if block["type"] == OPTIONAL}


def has_frame_blocks(story: Iterable[dict]) -> bool:
    """Whether a story leaves something to the groupements."""
    return any(block["type"] in FRAME_BLOCKS for block in story)


def digest_of(block: dict) -> str:
    """A short mark of a raw block's content: the same as long as a reader sees the same."""
    text = json.dumps([block["type"], _as_read(block["value"])], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def without_keys(html: str) -> str:
    """A rich text without the marks that the editor gives its paragraphs for itself."""
    return _KEY.sub("", html)


def _as_read(value):
    if isinstance(value, dict):
        return {key: _as_read(part) for key, part in value.items() if key != "id"}
    if isinstance(value, str):
        return without_keys(value)
    return [_as_read(part) for part in value] if isinstance(value, list) else value


def _slot(block: dict) -> Slot:
    value = block["value"]
    return Slot(
        id=block["id"],
        title=value.get("title") or "",
        kind=value.get("kind") or SlotKind.TEXT.value,
        required=bool(value.get("required")),
        prompt=value.get("prompt") or "",
        example=value.get("example") or "",
        categories=tuple(value.get("categories") or ()),
        theme=value.get("theme") or "",
        minimum=value.get("minimum") or 1,
        digest=digest_of(block),
    )


def read(stream) -> Answers:
    """What is stored in the ``answers`` of a page."""
    return read_raw(raw_story(stream))


def read_raw(blocks: Iterable[dict]) -> Answers:
    """The same from the raw blocks."""
    found = Answers()
    for block in blocks:
        value = {key: part for key, part in block["value"].items() if part not in (None, "")}
        if not value.get("slot"):
            continue
        if written := value.get("written_on"):
            value["written_on"] = dt.date.fromisoformat(written) if isinstance(written, str) else written
        if block["type"] == LEFT_OUT:
            found.left_out[value["slot"]] = LeftOut(**_known(LeftOut, value | {"reason": value.get("reason", "")}))
        else:
            value["pinned"] = tuple(_items(value.get("pinned") or ()))
            value["kind"] = value.get("kind") or SlotKind.TEXT.value
            found.given[value["slot"]] = Answer(**_known(Answer, value))
    return found


def write(answers: Answers) -> list[dict]:
    """The raw blocks that :func:`read_raw` reads back. Each keeps the identifier of its national block."""
    blocks = []
    for kind, rows in ((ANSWER, answers.given), (LEFT_OUT, answers.left_out)):
        for row in rows.values():
            value = asdict(row)
            value["written_on"] = row.written_on.isoformat() if row.written_on else None
            if isinstance(row, Answer):
                value["pinned"] = [{"type": "item", "value": pk, "id": _steady(row.slot, pk)} for pk in row.pinned]
            blocks.append({"type": kind, "value": value, "id": _steady(kind, row.slot)})
    return blocks


def _steady(*parts) -> str:
    """The same identifier for the same thing, so that Wagtail's comparison recognises it."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "/".join(map(str, parts))))


def _items(rows: Iterable) -> list[int]:
    values = [row.get("value") if isinstance(row, dict) else row for row in rows]
    return [value for value in values if isinstance(value, int)]


def _known(model, value: dict) -> dict:
    return {key: part for key, part in value.items() if key in model.__dataclass_fields__}

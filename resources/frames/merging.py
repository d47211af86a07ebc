"""The merge: a national page and what a groupement answers, as one sequence of parts.

It costs at most three queries, whatever the number of slots, answers and groupements: one for contacts, one
for events, one for documents; on the national site three, for the groupements that have answered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from regions.places import Place
from resources.frames import content
from resources.frames.answers import Answer, Answers, LeftOut, Slot, raw_story, slots_of
from resources.frames.blocks import OPTIONAL
from resources.frames.voices import voices


@dataclass
class Part:
    """One part of a merged page.

    Attributes:
        id: identifier of the national block.
        block: the national block; for a slot, the slot itself.
        slot: what is asked, when the part is a slot.
        answer: the groupement's answer, if there is one.
        words: its text (HTML), links to files leading to them once the part has been filled.
        left_out: why the groupement leaves the part out, if it does.
        contacts, events: what is shown in an automatic slot.
        document: the file given.
    """

    id: str
    block: Any
    slot: Slot | None = None
    is_optional: bool = False
    answer: Answer | None = None
    words: str = ""
    left_out: LeftOut | None = None
    contacts: list = field(default_factory=list)
    events: list = field(default_factory=list)
    document: Any = None

    @property
    def is_national(self) -> bool:
        """Whether visitors read the nation's text in it."""
        return self.slot is None and self.left_out is None

    @property
    def is_local(self) -> bool:
        """Whether visitors read the groupement's words in it."""
        return self.slot is not None and self.left_out is None and self.has_content

    @property
    def has_content(self) -> bool:
        return bool(self.contacts or self.events or self.document or (self.answer and self.answer.has_words))

    @property
    def dated(self) -> dt.date | None:
        """The day of the groupement's words; without words, that of the newest contact or event shown."""
        if self.answer and self.answer.has_words:
            return self.answer.written_on
        moments = [item.last_published_at for item in (*self.contacts, *self.events) if item.last_published_at]
        return timezone.localtime(max(moments)).date() if moments else None

    @property
    def missing(self) -> int:
        """How many contacts, events or answers a required slot still waits for."""
        if self.slot is None or not self.slot.required or self.left_out is not None:
            return 0
        if self.slot.is_automatic:
            return max(0, self.slot.minimum - len(self.contacts) - len(self.events))
        return 0 if self.has_content else 1


@dataclass
class Frame:
    """A national page as it is read at a place.

    Attributes:
        parts: every block of the national text in its order, slots and parts left out among them.
        kept: answers to slots that the nation has taken out: nobody reads them, nothing is lost.
        accent: colour of the groupement's parts.
        groupements: on the national site, some of the pages in which groupements answer (a page of a paginator), each
            with its ``href`` and its ``words``: the answers that visitors read there, in the order of the slots.
    """

    page: Any
    complement: Any
    place: Place
    parts: list[Part]
    kept: list[Answer] = field(default_factory=list)
    groupements: Any = ()

    @property
    def accent(self) -> str:
        return self.place.groupement.accent if self.place.groupement else ""

    @property
    def label(self) -> str:
        return self.place.label

    @property
    def open_slots(self) -> list[Part]:
        """The slots that the groupement does not leave out."""
        return [part for part in self.parts if part.slot is not None and part.left_out is None]

    @property
    def awaits_translation(self) -> bool:
        """A reader of another language than French finds none of the groupement's words in it."""
        if self.place.is_national or self.place.locale.is_default or not any(part.slot for part in self.parts):
            return False
        return not any(part.answer and part.answer.has_words for part in self.parts)


def merge(national, complement, place: Place) -> Frame:
    """Return ``national`` as it is read at ``place``: at most three queries.

    Args:
        national: a national ``FramePage``, published or being previewed.
        complement: the groupement's page that completes it, or ``None``.
        place: where it is read. On the national site slots are empty.
    """
    frame = _laid_out(national, complement, place)
    if place.is_national:
        frame.groupements = voices(national, place)
    else:
        content.fill(frame.open_slots, place)
    return frame


def merge_many(pairs: Iterable[tuple], place: Place) -> list[Frame]:
    """The frames of several pages read together (a printed guide), each with its complement, in their order.

    The same three queries for all. Groupements that answered are not looked up.
    """
    frames = [_laid_out(national, complement, place) for national, complement in pairs]
    if not place.is_national:
        content.fill([part for frame in frames for part in frame.open_slots], place)
    return frames


def _laid_out(national, complement, place: Place) -> Frame:
    """The parts with the words of both; what fills itself is still to be filled."""
    raw = raw_story(national.body)
    asked = {slot.id: slot for slot in slots_of(raw)}
    given = complement.given if complement is not None and not place.is_national else Answers()
    parts = []
    for block in national.body:
        part = Part(id=block.id, block=block, slot=asked.get(block.id), is_optional=block.block_type == OPTIONAL)
        if part.slot is not None or part.is_optional:
            part.left_out = given.left_out.get(block.id)
        if part.slot is not None:
            part.left_out = part.left_out or given.whole_page
            part.answer = given.given.get(block.id)
            part.words = part.answer.text if part.answer else ""
        parts.append(part)
    kept = [answer for key, answer in given.given.items() if key not in asked]
    return Frame(national, complement, place, parts, kept)

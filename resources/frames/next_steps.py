"""The next small action for each gap of a groupement: what to do, where, and about how many minutes it takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from resources.frames.answers import WHOLE_PAGE, Slot
from resources.frames.blocks import SlotKind
from resources.frames.completeness import Cell

# About how long one of each takes, in minutes: found and typed by somebody who does it for the first time.
MINUTES: dict[str, int] = {
    SlotKind.TEXT.value: 15,
    SlotKind.CONTACTS.value: 5,
    SlotKind.EVENTS.value: 10,
    SlotKind.PERSON.value: 5,
    SlotKind.DOCUMENT.value: 10,
}
MINUTES_TO_READ_AGAIN = 5
MINUTES_TO_PUBLISH = 5


@dataclass(frozen=True)
class NextStep:
    """One small thing to do.

    Attributes:
        words: what is missing, in a few words.
        minutes: about how long it takes.
        slot: identifier of the slot at which the screen of answers opens; empty for the page as a whole.
    """

    words: str
    minutes: int
    slot: str = ""

    @property
    def anchor(self) -> str:
        """The end of the address that leads to the slot on the screen of answers."""
        return f"#b-{self.slot}" if self.slot else ""


def next_steps(cell: Cell) -> list[NextStep]:
    """What would complete a cell, one step for each gap: what waits first, then the order of the page."""
    if cell.not_concerned and not cell.outdated:
        return []
    found, missing = [], cell.missing
    if cell.has_draft:
        # What is to be written may be in the draft: it is asked for again only once that is published.
        written = [slot.id for slot, _number in missing if not slot.is_automatic]
        missing = [(slot, number) for slot, number in missing if slot.is_automatic]
        words = _("a draft waits: finish it and publish it")
        found.append(NextStep(words, MINUTES_TO_PUBLISH, written[0] if written else ""))
    known = {slot.id: slot.title for slot in cell.frame.slots}
    for key in cell.outdated:
        words = _("“%(title)s” is to be read again") % {"title": known.get(key) or _title_of_part(cell, key)}
        found.append(NextStep(words, MINUTES_TO_READ_AGAIN, key if key in known else ""))
    if cell.not_concerned:
        return found
    found += [NextStep(_words(slot, number), _minutes(slot, number), slot.id) for slot, number in missing]
    return found


def minutes(steps: Iterable[NextStep]) -> int:
    """About how long some steps take together."""
    return sum(step.minutes for step in steps)


def _title_of_part(cell: Cell, key: str) -> str:
    return cell.frame.page.title if key == WHOLE_PAGE else _("the part left out")


def _minutes(slot: Slot, number: int) -> int:
    return MINUTES.get(slot.kind, MINUTES[SlotKind.TEXT.value]) * (number if slot.is_automatic else 1)


def _words(slot: Slot, number: int) -> str:
    kinds = {
        SlotKind.TEXT.value: _("“%(title)s”: a few lines to write"),
        SlotKind.CONTACTS.value: ngettext(
            "“%(title)s”: %(number)d contact is missing", "“%(title)s”: %(number)d contacts are missing", number
        ),
        SlotKind.EVENTS.value: ngettext(
            "“%(title)s”: %(number)d date to come is missing",
            "“%(title)s”: %(number)d dates to come are missing",
            number,
        ),
        SlotKind.PERSON.value: _("“%(title)s”: a person to name"),
        SlotKind.DOCUMENT.value: _("“%(title)s”: a document to add"),
    }
    return (kinds.get(slot.kind) or kinds[SlotKind.TEXT.value]) % {"title": slot.title, "number": number}

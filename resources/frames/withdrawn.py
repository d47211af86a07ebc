"""The answers to national pages that are no longer there, taken off the site or deleted: kept, shown, used again."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Exists, OuterRef
from wagtail.models import Page

from resources.frames import services
from resources.frames.answers import Answers, Slot
from resources.frames.blocks import SlotKind
from resources.frames.completeness import FRAME_MODELS, FrameInfo


@dataclasses.dataclass
class Kept:
    """A groupement's page whose national page visitors do not read any more.

    Attributes:
        given: its answers, those of its newest version.
        is_deleted: the national page exists no more; otherwise it may come back, and the answers with it.
    """

    page: Any
    given: Answers
    is_deleted: bool


def of(home: Page) -> list[Kept]:
    """What a groupement answered to national pages that are not there: a query for each type of page."""
    found = []
    for name in FRAME_MODELS:
        model = apps.get_model("resources", name)
        national = model.objects.filter(translation_key=OuterRef("completes"), locale_id=OuterRef("locale_id"))
        rows = model.objects.filter(path__startswith=home.path, completes__isnull=False)
        rows = rows.annotate(is_read=Exists(national.filter(live=True)), is_there=Exists(national)).filter(
            is_read=False
        )
        for page in rows.select_related("latest_revision"):
            if given := newest(page):
                found.append(Kept(page, given, not page.is_there))
    return sorted(found, key=lambda kept: kept.page.title)


def newest(page) -> Answers:
    """The answers of a groupement's page as its newest version has them."""
    return page.get_latest_revision_as_object().given if page.has_unpublished_changes else page.given


def targets(frames: Iterable[FrameInfo], kind: str) -> list[tuple[FrameInfo, Slot]]:
    """The slots of today in which an answer of a kind may be used again."""
    return [(info, slot) for info in frames for slot in info.slots if slot.kind in {SlotKind.TEXT, kind}]


@transaction.atomic
def use_again(*, answer, national, slot: Slot, home: Page, user) -> bool:
    """Put an answer into a slot of another national page, after what that one says, as a draft; it stays kept too.

    Returns:
        ``False`` when the slot says it already, and nothing was written.

    Raises:
        PermissionDenied: the person may not write there, or the page is locked for them.
    """
    page = services.newest(national, home)
    given = page.given if page else Answers()
    there = given.given.get(slot.id)
    if there and answer.plain in there.plain and answer.person_name in {"", there.person_name}:
        return False
    # Under a name of its own: a page that was copied has slots of the same identifiers.
    aside = f"{answer.slot}-{answer.written_on or ''}"
    given.given[aside] = dataclasses.replace(answer, slot=aside)
    services.save_answers(national=national, home=home, given=services.reuse(given, aside, slot), user=user)
    return True

"""What visitors read of each thing to confirm: a fixed number of queries, whatever the number of things."""

from __future__ import annotations

from collections.abc import Iterable
from html import unescape
from typing import Any

from django.apps import apps
from django.utils.html import strip_tags

from exchanges.checking.models import CheckItem, CheckRound
from resources.frames.answers import Answer
from resources.frames.completeness import FRAME_MODELS
from resources.models import ContactPage, PartnerBranchPage

_PARAGRAPHS = ("</p>", "</li>", "</h2>", "</h3>", "</h4>", "<br/>", "<br>")


def shown(round_: CheckRound, items: Iterable[CheckItem] | None = None) -> list[CheckItem]:
    """The items of a round, each with its ``thing`` as published: a contact, a branch, or an answer.

    What waits and is no longer published, or was confirmed meanwhile on its own form, is left out.
    """
    if items is None:
        items = round_.items.select_related("page", "answered_by", "handled_by")
    items = list(items)
    found = _things(items)
    for item in items:
        item.round = round_
        item.thing = found.get((item.page_id, item.slot))
    return [item for item in items if not item.is_waiting or _is_asked(item, round_)]


def _is_asked(item: CheckItem, round_: CheckRound) -> bool:
    if item.thing is None:
        return False
    last = item.thing.written_on if item.slot else item.thing.checked_on
    return last is None or last < round_.opened_on


def _things(items: list[CheckItem]) -> dict[tuple[int, str], Any]:
    pks = {item.page_id for item in items if not item.slot}
    found: dict[tuple[int, str], Any] = {}
    contacts = ContactPage.objects.filter(pk__in=pks, live=True).select_related("category")
    for page in contacts.prefetch_related("phones", "opening_slots"):
        found[page.pk, ""] = _named(page, "contact", page.category.name)
    for page in PartnerBranchPage.objects.filter(pk__in=pks, live=True).select_related("partner"):
        partner = page.partner.title if page.partner and page.partner.live else ""
        found[page.pk, ""] = _named(page, "branch", partner)
    asked = {item.page_id for item in items if item.slot}
    for name in FRAME_MODELS if asked else ():
        for page in apps.get_model("resources", name).objects.filter(pk__in=asked, live=True):
            for key, answer in page.given.given.items():
                found[page.pk, key] = _LocalText(answer)
    return found


def _named(page, kind: str, group: str):
    page.check_kind, page.check_group = kind, group
    return page


class _LocalText:
    """A groupement's answer, as its visitors read it."""

    check_kind = "text"
    check_group = ""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.written_on = answer.written_on

    @property
    def words(self) -> str:
        """The text without its form, a line for each paragraph."""
        html = self.answer.text
        for end in _PARAGRAPHS:
            html = html.replace(end, f"{end}\n")
        lines = (" ".join(line.split()) for line in unescape(strip_tags(html)).splitlines())
        return "\n".join(line for line in lines if line)

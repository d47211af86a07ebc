"""What slots show of a groupement's own content: contacts, next events, documents. One query for each.

Models are looked up by name: the frames know no page type.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, F, IntegerField, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.html import escape
from wagtail.documents import get_document_model
from wagtail.rich_text.rewriters import FIND_A_TAG, extract_attrs

from regions import visibility
from regions.places import Place
from resources.frames.blocks import SlotKind

if TYPE_CHECKING:
    from resources.frames.merging import Part

CONTACTS, EVENTS = 6, 4  # shown in one slot
EVENTS_READ = 60


def fill(parts: list[Part], place: Place) -> None:
    """Give each part what it shows. At most three queries, none for what no slot asks for."""
    by_kind: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        if part.slot is not None and not (part.answer and part.answer.emptied):
            by_kind[part.slot.kind].append(part)
    if asked := by_kind[SlotKind.CONTACTS.value]:
        _fill_contacts(asked, place)
    if asked := by_kind[SlotKind.EVENTS.value]:
        _fill_events(asked, place)
    _fill_documents(parts, by_kind[SlotKind.DOCUMENT.value])


def _pinned(part: Part) -> tuple[int, ...]:
    return part.answer.pinned if part.answer else ()


def own_contacts(place: Place, codes):
    """The published contacts of a place in some categories, in the order in which slots show them."""
    model = apps.get_model("resources", "ContactPage")
    phone = apps.get_model("resources", "ContactPhone").objects.filter(page=OuterRef("pk")).order_by("sort_order")
    rows = visibility.own(model.objects.select_related("category"), place)
    return rows.filter(category__code__in=codes).annotate(first_phone=Subquery(phone.values("number")[:1]))


def own_events(place: Place):
    """The next dates of a place's own events, one for each event, soonest first, each with its themes' codes."""
    event = apps.get_model("resources", "EventPage")
    dates = apps.get_model("resources", "EventOccurrence").objects.of(visibility.own(event.objects.all(), place))
    rows = dates.upcoming().one_of_each().select_related("event")
    return rows.annotate(themes=ArrayAgg("event__themes__code", filter=Q(event__themes__isnull=False), default=[]))


def _fill_contacts(parts: list[Part], place: Place) -> None:
    codes = {code for part in parts if part.slot for code in part.slot.categories}
    pinned = {pk for part in parts for pk in _pinned(part)}
    # Those pinned come first in their category, so that a category of hundreds is not read whole.
    ahead = Case(When(pk__in=pinned, then=Value(0)), default=Value(1), output_field=IntegerField())
    rank = Window(RowNumber(), partition_by=F("category_id"), order_by=(ahead, "sort_key", "pk"))
    rows = own_contacts(place, codes).annotate(rank=rank).filter(rank__lte=CONTACTS + len(pinned))
    found = visibility.present(rows.order_by("sort_key", "pk"), place)
    for part in parts:
        codes_asked = part.slot.categories if part.slot else ()
        mine = [contact for contact in found if contact.category.code in codes_asked]
        part.contacts = _first(mine, _pinned(part), CONTACTS, key=lambda contact: contact.pk)


def _fill_events(parts: list[Part], place: Place) -> None:
    rows = list(own_events(place)[:EVENTS_READ])
    visibility.present([row.event for row in rows], place)
    for row in rows:
        row.event.at(row)
        row.event.href += row.event.date_query
    for part in parts:
        theme = part.slot.theme if part.slot else ""
        mine = [row.event for row in rows if not theme or theme in row.themes]
        part.events = _first(mine, _pinned(part), EVENTS, key=lambda event: event.pk)


def _fill_documents(parts: list[Part], asked: list[Part]) -> None:
    """The files given, and those that answers link to: Wagtail would look the latter up answer by answer."""
    given = {part.answer.document for part in asked if part.answer and part.answer.document}
    linking = [part for part in parts if part.answer and 'linktype="document"' in part.answer.text]
    linked = {key for part in linking for tag in FIND_A_TAG.findall(part.words) for key in _document_ids(tag)}
    found = get_document_model().objects.in_bulk(given | linked) if given or linked else {}
    for part in asked:
        part.document = found.get(part.answer.document if part.answer else None)

    def opening(tag: re.Match) -> str:
        if extract_attrs(tag[1]).get("linktype") != "document":
            return tag[0]
        document = next((found[key] for key in _document_ids(tag[1]) if key in found), None)
        return f'<a href="{escape(document.url)}">' if document else "<a>"

    for part in linking:
        part.words = FIND_A_TAG.sub(opening, part.words)


def _document_ids(attributes: str) -> list[int]:
    """The document that the attributes of a link name, if they name one."""
    named = extract_attrs(attributes)
    key = named.get("id", "")
    return (
        [int(key)] if named.get("linktype") == "document" and key.isascii() and key.isdigit() and len(key) < 10 else []
    )


def _first(items: list, pinned: tuple[int, ...], count: int, *, key) -> list:
    """The pinned ones in the order chosen, then the others."""
    by_key = {key(item): item for item in items}
    ahead = [by_key[pk] for pk in pinned if pk in by_key]
    return [*ahead, *(item for item in items if key(item) not in pinned)][: max(count, len(ahead))]

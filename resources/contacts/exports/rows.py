"""The contacts of an export, read in pieces, and the columns of its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.phones import to_national
from regions import visibility
from regions.places import Place

LIMIT = 10_000
CHUNK = 500


@dataclass(frozen=True)
class Column:
    """One column: its heading (which the import understands), its width, and what it shows of a contact."""

    heading: str
    width: int
    value: Callable


COLUMNS = (
    Column(_("Name of the body"), 38, lambda contact: contact.title),
    Column(_("Category"), 24, lambda contact: contact.category.label),
    Column(_("Side"), 16, lambda contact: str(contact.category.get_side_display())),
    Column(_("What it does for you"), 50, lambda contact: contact.service),
    Column(_("Phone"), 20, lambda contact: " / ".join(to_national(phone.number) for phone in contact.phones.all())),
    Column(_("E-mail"), 30, lambda contact: contact.email),
    Column(_("Website"), 30, lambda contact: contact.website),
    Column(_("Person to ask for"), 22, lambda contact: contact.contact_name),
    Column(_("Address"), 30, lambda contact: contact.address),
    Column(_("Address complement"), 20, lambda contact: contact.address_complement),
    Column(_("Postcode"), 11, lambda contact: contact.postcode),
    Column(_("Commune"), 20, lambda contact: contact.commune),
    Column(_("INSEE code"), 11, lambda contact: contact.insee_code),
    Column(_("Latitude"), 11, lambda contact: contact.latitude),
    Column(_("Longitude"), 11, lambda contact: contact.longitude),
    Column("opening_hours", 34, lambda contact: contact.osm_opening_hours),
    Column(_("More about the hours"), 30, lambda contact: contact.opening_hours),
    Column(_("Conditions"), 30, lambda contact: contact.conditions),
    Column(_("Area served"), 24, lambda contact: contact.area_served),
    Column(_("Themes"), 30, lambda contact: " ; ".join(theme.label for theme in contact.themes.all())),
    Column(_("Checked on"), 12, lambda contact: contact.checked_on),
    Column(_("Origin"), 16, lambda contact: contact.origin.label),
    Column(_("Page"), 44, lambda contact: contact.href),
)


def contacts_in_pieces(items: QuerySet, place: Place, limit: int = LIMIT) -> Iterator:
    """The first contacts of a listing, each with its origin and address; a few queries for each five hundred."""
    rows = items.prefetch_related("themes")[:limit].iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        for contact in visibility.present(chunk, place):
            if contact.href.startswith("/"):
                contact.href = place.site.root_url + contact.href
            yield contact


def table(contacts: Iterator) -> Iterator[list]:
    """The cells of each contact."""
    for contact in contacts:
        yield [column.value(contact) for column in COLUMNS]

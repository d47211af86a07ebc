"""The contacts of an export, read in pieces, and the columns of its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.models import PostalAddressMixin
from core.phones import to_national
from regions import visibility
from regions.places import Place
from resources.contacts import hours

LIMIT = 10_000
CHUNK = 500
FIELDS = (
    "pk", "path", "url_path", "depth", "translation_key", "last_published_at", "title", "category_id", "service",
    "email", "website", "contact_name", "address", "address_complement", "postcode", "commune", "insee_code",
    "latitude", "longitude", "position_latitude", "position_longitude", "position_source", "opening_hours",
    "conditions", "area_served", "checked_on",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: its heading (which the import understands), its width, and what it shows of a contact."""

    heading: str
    width: int
    value: Callable


COLUMNS = (
    Column(_("Name of the body"), 38, lambda contact: contact.title),
    Column(_("Category"), 24, lambda contact: contact.category.label),
    Column(_("Side"), 16, lambda contact: contact.side_label),
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


class Related(list):
    """Rows of a contact, asked for as those of a page are."""

    def all(self) -> Related:
        return self


class Row:
    """A contact as exports and paper need it: read as columns, ten times lighter than a page."""

    origin: object = None
    href: str = ""
    distance: float | None = None
    position_latitude: float | None
    one_line_address = PostalAddressMixin.one_line_address
    has_point = PostalAddressMixin.has_point

    def __init__(self, values: Iterable) -> None:
        self.__dict__.update(zip((*FIELDS, "distance"), values, strict=False))
        self.phones, self.themes = Related(), Related()
        self.slots: tuple[hours.Slot, ...] = ()

    @property
    def has_position(self) -> bool:
        return self.position_latitude is not None

    @property
    def hours_lines(self) -> list[str]:
        return _lines(self.slots, get_language())

    @property
    def osm_opening_hours(self) -> str:
        return _osm(self.slots)


# The same few weeks come again and again in a directory.
_osm = lru_cache(maxsize=1024)(hours.to_osm)


@lru_cache(maxsize=1024)
def _lines(slots: tuple, language: str | None) -> list[str]:
    return hours.describe(slots)


def contacts_in_pieces(items: QuerySet, place: Place, limit: int = LIMIT) -> Iterator[Row]:
    """The first contacts of a listing, each with its origin and address; three queries for each five hundred."""
    names = [*FIELDS, "distance"] if "distance" in items.query.annotations else FIELDS
    rows = items.prefetch_related(None).values_list(*names)[:limit].iterator(chunk_size=CHUNK)
    categories = apps.get_model("resources", "ContactCategory").objects.in_bulk()
    sides = {pk: str(category.get_side_display()) for pk, category in categories.items()}
    while chunk := [Row(values) for values in islice(rows, CHUNK)]:
        by_pk = {row.pk: row for row in chunk}
        for row in chunk:
            row.category, row.side_label = categories[row.category_id], sides[row.category_id]
        _attach(by_pk)
        for row in visibility.present(chunk, place):
            if row.href.startswith("/"):
                row.href = place.site.root_url + row.href
            yield row


def _attach(rows: dict[int, Row]) -> None:
    """Give each row its telephones, hours and themes."""
    phones = apps.get_model("resources", "ContactPhone").objects.filter(page__in=rows).order_by("sort_order", "pk")
    for phone in phones.only("page_id", "number", "label"):
        rows[phone.page_id].phones.append(phone)
    slots = apps.get_model("resources", "OpeningSlot").objects.filter(page__in=rows).order_by("sort_order", "pk")
    for pk, first, last, opens, closes in slots.values_list(
        "page_id", "first_day", "last_day", "opens_at", "closes_at"
    ):
        rows[pk].slots += (hours.Slot(first, last or first, opens, closes),)
    page = apps.get_model("resources", "ContactPage")
    themes = apps.get_model("resources", "Theme").objects.in_bulk()
    links = page.themes.through.objects.filter(contactpage__in=rows).order_by("theme__order", "theme__name")
    for pk, theme in links.values_list("contactpage_id", "theme_id"):
        rows[pk].themes.append(themes[theme])


def table(contacts: Iterator) -> Iterator[list]:
    """The cells of each contact."""
    for contact in contacts:
        yield [column.value(contact) for column in COLUMNS]

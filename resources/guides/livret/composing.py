"""What a livret says: guides with their chapters, national and local merged, contacts, events, whom to call.

Only what everybody may read: drafts and reserved pages are in no livret, whoever asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.apps import apps
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.text import slugify

from core.qr import qr_image
from regions import visibility
from regions.places import Place
from resources.guides import selectors
from resources.guides.livret.forms import LivretForm

MAX_GUIDES = 12
MAX_LENGTH = 3_000_000  # characters of the laid out text: about 500 pages
CONTACTS, EVENTS = 120, 12
WITHDRAWN = ("cancelled", "postponed")


class TooLongError(Exception):
    """The guides chosen are more than one livret holds."""


@dataclass
class Livret:
    """One livret before it is laid out.

    Attributes:
        guides: each with its chapters: ``page``, ``complement``, ``chapters``, ``address``, ``qr``.
        address: absolute address of what it was made from.
    """

    place: Place
    form: LivretForm
    address: str
    guides: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_one_guide(self) -> bool:
        return len(self.guides) == 1

    @property
    def title(self) -> str:
        return self.guides[0]["page"].title if self.is_one_guide else ""

    @property
    def deeper(self) -> int:
        """How many levels the headings of a guide go down: its own title is one when there are several."""
        return 0 if self.is_one_guide else 1

    @property
    def home_qr(self) -> str:
        """The square code of the site."""
        return qr_image(self.place.home_url)

    @property
    def file_name(self) -> str:
        """``livret-se-loger-finistere.pdf``."""
        what = self.guides[0]["page"].slug if self.is_one_guide else f"{len(self.guides)}-guides"
        place = self.place.groupement.code if self.place.groupement else "national"
        options = [
            name for name, asked in (("a5", self.form.is_booklet), ("grands-caracteres", self.form.is_large)) if asked
        ]
        return slugify("-".join(["livret", what, place, *options])) + ".pdf"

    def render(self, *, as_page: bool = False) -> str:
        """The document, in the language of the place.

        Args:
            as_page: it is served to a browser in place of the PDF, with a sentence that says so.

        Raises:
            TooLongError: when it is too long to be laid out while somebody waits.
        """
        context = {
            "livret": self,
            "place": self.place,
            "made_on": timezone.localdate(),
            "contacts": _contacts(self.place),
            "contacts_limit": CONTACTS,
            "events": _events(self.place),
            "as_page": as_page,
        }
        with translation.override(self.place.locale.language_code):
            # Without the request: nothing in it depends on who asks.
            html = render_to_string("resources/livret.html", context)
        if len(html) > MAX_LENGTH:
            raise TooLongError
        return html


def offered(place: Place):
    """The guides of which a livret may be made at a place: those that everybody may read there."""
    guides = visibility.standing(apps.get_model("resources", "GuidePage").objects.all(), place)
    return guides.order_by(*place.nearest_first_ordering, "path")


def is_offered(guide, place: Place) -> bool:
    """Whether a livret may be made of a guide that is being read: it is reserved to nobody. Without a query."""
    return guide.live and not guide.path.startswith(visibility.restricted_paths(place))


def compose(guides: Iterable, place: Place, form: LivretForm, address: str = "") -> Livret:
    """A livret of some of the ``offered`` guides: five queries for each, three for all that fills itself."""
    guides = list(guides)
    visibility.present(guides, place)
    entries = [_guide(guide, place) for guide in guides]
    frames = selectors.merged([chapter for entry in entries for chapter in entry["chapters"]], place)
    for entry in entries:
        for chapter in entry["chapters"]:
            chapter["frame"] = frames.get(chapter["page"].pk)
            chapter["address"] = absolute(place, chapter["href"])
            chapter["qr"] = qr_image(chapter["address"])
    return Livret(place, form, address or entries[0]["address"], entries)


def _guide(guide, place: Place) -> dict[str, Any]:
    complement = visibility.complement_of(guide, place)
    if complement is not None:
        visibility.present_one(complement, place)
    address = absolute(place, guide.href)
    return {
        "page": guide,
        "complement": complement,
        "chapters": selectors.chapters(guide, complement, place),
        "address": address,
        "qr": qr_image(address),
    }


def absolute(place: Place, href: str) -> str:
    """The whole address of a page seen from a place."""
    return href if "://" in href else place.site.root_url + href


def _contacts(place: Place) -> list[dict[str, Any]]:
    """The place's own contacts by category; two more queries for their phones and hours."""
    model = apps.get_model("resources", "ContactPage")
    rows = visibility.own(model.objects.select_related("category"), place)
    rows = rows.prefetch_related("phones", "opening_slots")
    ordered = rows.order_by("category__side", "category__order", "category__name", "sort_key", "pk")[:CONTACTS]
    found = visibility.present(ordered, place)
    groups = groupby(found, key=lambda contact: contact.category)
    return [{"category": category, "items": list(items)} for category, items in groups]


def _events(place: Place) -> list:
    """The next events shown at the place, each on its next date."""
    event = apps.get_model("resources", "EventPage")
    dates = apps.get_model("resources", "EventOccurrence").objects.of(visibility.visible(event.objects.all(), place))
    rows = dates.upcoming().exclude(status__in=WITHDRAWN).one_of_each()[:EVENTS]
    return visibility.present([row.event.at(row) for row in rows.select_related("event").defer("event__body")], place)

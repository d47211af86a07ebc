"""Reads across page types: where the slices meet. All of them ask ``regions.visibility`` what a place shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.db.models import Count, F, QuerySet
from django.utils import timezone
from wagtail.models import Page

from core.kept import Kept
from core.models import attach_resized
from core.page_cache.memory import knows, remembered
from core.together import read_together
from regions import visibility
from regions.kept import kept_at
from regions.places import Place
from resources.contacts.models import ContactPage
from resources.events import notes
from resources.events.models import EventPage
from resources.events.occurrences import EventOccurrence
from resources.events.selectors import on_dates, with_events
from resources.guides.models import GuidePage
from resources.library.models import ResourcePage
from resources.news.models import CARD_IMAGE, NewsPage
from resources.partners.models import PartnerPage
from resources.partners.selectors import CARD_LOGO

__all__ = ["lists", "next_events", "own_count", "unread_counts"]

_OWN_COUNT = "own count"
# The columns that the cards of a home are made from.
_CARD = ("title", "summary", "path", "depth", "url_path")
_CHECKED = ("checked_on", "next_check_on")


def next_events(place: Place, count: int = 4) -> list[EventPage]:
    """The next events shown at a place, each on its next date, soonest first."""
    return notes.attach(on_dates(_next_dates(place, timezone.now(), timezone.localdate())[:count], place), place)


def _next_dates(place: Place, now: dt.datetime, today: dt.date) -> QuerySet:
    events = visibility.visible(EventPage.objects.all(), place)
    return with_events(EventOccurrence.objects.of(events).upcoming(now).one_of_each())


def _latest_news(place: Place, now: dt.datetime, today: dt.date) -> QuerySet:
    news = NewsPage.objects.filter(published_on__lte=today).only(*_CARD, "published_on", "image", "shared_with")
    return visibility.visible(news, place).order_by("-published_on", "-pk")


def _guides(place: Place, now: dt.datetime, today: dt.date) -> QuerySet:
    """A place's own first, then the nation's in their order."""
    guides = visibility.standing(GuidePage.objects.only(*_CARD, *_CHECKED), place)
    return guides.order_by(*place.nearest_first_ordering, "path")


def _contacts(place: Place, now: dt.datetime, today: dt.date) -> QuerySet:
    """A place's own first, those checked last before the others."""
    contacts = ContactPage.objects.only(*_CARD, *_CHECKED, "service", "email", "postcode", "commune", "category")
    contacts = visibility.visible(contacts.select_related("category"), place).prefetch_related("phones")
    return contacts.order_by(*place.nearest_first_ordering, F("checked_on").desc(nulls_last=True), "sort_key")


def _partners(place: Place, now: dt.datetime, today: dt.date) -> QuerySet:
    """In alphabetical order."""
    return visibility.standing(PartnerPage.objects.only(*_CARD, "logo"), place).order_by("sort_key")


_LISTS: dict[str, Callable[[Place, dt.datetime, dt.date], QuerySet]] = {
    "contacts": _contacts,
    "guides": _guides,
    "latest": _latest_news,
    "next_events": _next_dates,
    "partners": _partners,
}


def _few(place: Place, name: str, count: int, now: dt.datetime, today: dt.date) -> QuerySet:
    return _LISTS[name](place, now, today)[:count]


def lists(place: Place, besides: Iterable[Kept | QuerySet] = (), **wanted: int) -> dict[str, list]:
    """The lists of a home, each item with its origin and address, events with local notes, cards with images.

    Four queries at most for all: the lists; the groupements that share some of it; images and notes; phones.

    Args:
        besides: what the page asks beside them, to be read with them.
        wanted: how many items at most of each list, by its name in ``_LISTS``.
    """
    now, today = timezone.now(), timezone.localdate()
    rows = {name: kept_at(_few, place, now, today, shape=(name, count)) for name, count in wanted.items()}
    read_together(*rows.values(), *place.unread, *besides)
    pages = {name: [row.event if name == "next_events" else row for row in few] for name, few in rows.items()}
    visibility.present([page for few in pages.values() for page in few], place)
    events = on_dates(rows["next_events"], place)
    local = notes.rows(events, place)
    cards = [(pages.get("latest", ()), "image", CARD_IMAGE), (pages.get("partners", ()), "logo", CARD_LOGO)]
    attach_resized(*cards, besides=[local])
    return pages | {"next_events": notes.attach(events, place, local)}


def unread_counts(place: Place) -> Kept | QuerySet:
    """How many pages of each type a place has published itself; nothing to read where it is remembered."""
    if knows(place.request, (_OWN_COUNT, place.home.pk)):
        return Page.objects.none()
    return kept_at(_counts, place)


def _counts(place: Place) -> QuerySet:
    pages = visibility.own(Page.objects.all(), place).order_by().values("content_type__model")
    return pages.annotate(count=Count("pk")).values_list("content_type__model", "count")


def own_count(place: Place, rows: Kept | QuerySet) -> dict[str, int]:
    """How many items of each kind a place has published itself, from :func:`unread_counts`."""
    models = {
        "guides": GuidePage,
        "contacts": ContactPage,
        "events": EventPage,
        "resources": ResourcePage,
        "news": NewsPage,
    }
    found = remembered(place.request, (_OWN_COUNT, place.home.pk), lambda: dict(rows))
    return {name: found.get(model._meta.model_name, 0) for name, model in models.items()}

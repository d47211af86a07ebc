"""Reads across page types: where the slices meet. All of them ask ``regions.visibility`` what a place shows."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, F
from django.utils import timezone
from wagtail.models import Page

from core.models import attach_resized
from core.page_cache.memory import remembered
from regions import visibility
from regions.places import Place
from resources.contacts.models import ContactPage
from resources.events.models import EventPage
from resources.events.occurrences import EventOccurrence
from resources.events.selectors import shown
from resources.guides.models import GuidePage
from resources.library.models import ResourcePage
from resources.news.models import CARD_IMAGE, NewsPage
from resources.partners.models import PartnerPage
from resources.partners.selectors import CARD_LOGO

__all__ = [
    "latest_news",
    "next_events",
    "own_count",
    "place_contacts",
    "place_guides",
    "place_partners",
    "with_images",
]


def next_events(place: Place, count: int = 4) -> list[EventPage]:
    """The next events shown at a place, each on its next date, soonest first."""
    dates = EventOccurrence.objects.of(visibility.visible(EventPage.objects.all(), place)).upcoming()
    return shown(dates.one_of_each()[:count], place)


def latest_news(place: Place, count: int = 3) -> list[NewsPage]:
    """The latest news shown at a place, newest first; see :func:`with_images`."""
    news = NewsPage.objects.filter(published_on__lte=timezone.localdate())
    return visibility.present(visibility.visible(news, place).order_by("-published_on", "-pk")[:count], place)


def place_guides(place: Place, count: int = 12) -> list[GuidePage]:
    """The guides of a place: its own first, then the nation's in their order."""
    guides = visibility.standing(GuidePage.objects.all(), place)
    return visibility.present(guides.order_by(*place.nearest_first_ordering, "path")[:count], place)


def place_contacts(place: Place, count: int = 6) -> list[ContactPage]:
    """A few contacts of a place: its own first, those checked last before the others."""
    contacts = visibility.visible(ContactPage.objects.select_related("category"), place).prefetch_related("phones")
    ordered = contacts.order_by(*place.nearest_first_ordering, F("checked_on").desc(nulls_last=True), "sort_key")
    return visibility.present(ordered[:count], place)


def place_partners(place: Place, count: int = 6) -> list[PartnerPage]:
    """A few partners of a place, in alphabetical order; see :func:`with_images`."""
    partners = visibility.standing(PartnerPage.objects.all(), place)
    return visibility.present(partners.order_by("sort_key")[:count], place)


def with_images(*, news: Sequence[NewsPage] = (), partners: Sequence[PartnerPage] = ()) -> None:
    """Read the images of the cards of a page together."""
    attach_resized((news, "image", CARD_IMAGE), (partners, "logo", CARD_LOGO))


def own_count(place: Place) -> dict[str, int]:
    """How many items of each kind a place has published itself."""
    models = {
        "guides": GuidePage,
        "contacts": ContactPage,
        "events": EventPage,
        "resources": ResourcePage,
        "news": NewsPage,
    }

    def count() -> dict[str, int]:
        pages = visibility.own(Page.objects.all(), place).order_by().values("content_type__model")
        return dict(pages.annotate(count=Count("pk")).values_list("content_type__model", "count"))

    found = remembered(place.request, ("own count", place.home.pk), count)
    return {name: found.get(model._meta.model_name, 0) for name, model in models.items()}

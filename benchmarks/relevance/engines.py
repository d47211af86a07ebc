"""The engines compared: ours, and Wagtail's stock PostgreSQL backend over the same pages."""

from __future__ import annotations

from django.test import RequestFactory
from django.utils import translation
from modelsearch.backends.database.postgres.postgres import PostgresSearchBackend
from wagtail.models import Page

from regions import visibility
from regions.models import Groupement
from regions.places import Place, place_for, relative_path
from resources.index.query import Question, search


def place_of(code: str) -> Place:
    """The place of a groupement's code, or of the nation."""
    from wagtail.models import Site

    groupement = None if code == "national" else Groupement.objects.select_related("site").get(code=code)
    host = groupement.site.hostname if groupement else Site.objects.get(is_default_site=True).hostname
    with translation.override("fr"):
        return place_for(RequestFactory(headers={"host": host}).get("/"))


def addresses(page_ids: list[int]) -> list[str]:
    """The addresses of pages below their homes, in the order given."""
    pages = Page.objects.in_bulk(page_ids)
    return [relative_path(pages[pk]) for pk in page_ids if pk in pages]


def everything(place: Place) -> list[str]:
    """Every address that a place shows."""
    pages = visibility.visible(Page.objects.filter(depth__gt=4), place)
    return sorted({relative_path(page) for page in pages} | _single(place))


def _single(place: Place) -> set[str]:
    return {relative_path(page) for page in visibility.visible(Page.objects.filter(depth=4), place)}


def ours(place: Place, text: str) -> list[str]:
    """The first ten addresses of the site's own search."""
    return addresses([hit.page_id for hit in search(place, Question(text=text, page_size=10)).hits])


def stock(place: Place, text: str) -> list[str]:
    """The first ten addresses of Wagtail's backend as it is shipped, over what the place shows."""
    backend = PostgresSearchBackend({"SEARCH_CONFIG": "french"})
    pages = visibility.visible(Page.objects.filter(depth__gt=3), place)
    return addresses([page.pk for page in backend.search(text, pages)[:10]])

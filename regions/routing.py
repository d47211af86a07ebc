"""The page of an address: Wagtail's own way to it, from the home that the network is known to have in that language.

Wagtail asks which language is the active one, then for the home's version in it, each time
(``TranslatableMixin.localized``). What is found is put where ``Page.route_for_request`` keeps it. To remove when it
takes the home from the site without a query.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from wagtail import views
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from regions.places import active_locale, locales_of
from regions.sites import find_site
from regions.structure import structure_of

_FOUND = "_wagtail_route_for_request"


def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer a visitor with the page of an address."""
    if not hasattr(request, _FOUND):
        setattr(request, _FOUND, _route(request, path))
    return views.serve(request, path)


def _route(request: HttpRequest, path: str) -> RouteResult | None:
    home = home_asked(request)
    try:
        return home and home.specific.route(request, [part for part in path.split("/") if part])
    except Http404:
        return None


def home_asked(request: HttpRequest) -> Page | None:
    """The site's home in the language of the address; the root page where none is published, as for Wagtail."""
    site = find_site(request)
    if site is None:
        return None
    home = structure_of(request).home(site, active_locale(locales_of(request).values()))
    return home if home is not None and home.live else site.root_page

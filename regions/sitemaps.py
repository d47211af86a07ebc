"""The map of each site for search engines: what the site itself owns, at its own address."""

from __future__ import annotations

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.models import Page, get_page_models

from core.page_cache import sharing
from regions import visibility
from regions.metadata import version_path
from regions.models import CompletingPage
from regions.places import HOME_DEPTH, Place, place_for


class SiteSitemap(Sitemap):
    """The published pages of one site in every language.

    Inherited pages and complements are left out: search engines find them at the national address.
    """

    limit = 5000

    def __init__(self, place: Place) -> None:
        self.place = place

    def items(self):
        pages = Page.objects.none()
        for home in self.place.home_translations.values():
            pages = pages | Page.objects.filter(path__startswith=home.path, depth__gte=HOME_DEPTH, live=True)
        for path in visibility.restricted_paths(self.place):
            pages = pages.exclude(path__startswith=path)
        if not self.place.is_national:
            completed = Page.objects.filter(
                path__startswith=self.place.national_home.path, depth__gt=HOME_DEPTH + 1, live=True
            )
            pages = pages.exclude(depth__gt=HOME_DEPTH + 1, slug__in=completed.values("slug"))
            for model in get_page_models():
                if issubclass(model, CompletingPage) and not model._meta.abstract:
                    pages = pages.exclude(pk__in=model.objects.filter(completes__isnull=False).values("pk"))
        return pages.select_related("locale").order_by("path")

    def location(self, item: Page) -> str:
        return version_path(item.locale.language_code, item)

    def lastmod(self, item: Page):
        return item.last_published_at


def sitemap(request: HttpRequest) -> HttpResponse:
    """``/sitemap.xml`` of the site that was asked for."""
    sharing.offer(request)
    return sitemap_view(request, sitemaps={"site": SiteSitemap(place_for(request))})


def robots(request: HttpRequest) -> HttpResponse:
    """``/robots.txt``: everything public may be read; the editing screens are not for robots."""
    sharing.offer(request)
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /compte/",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

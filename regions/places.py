"""The place from which a visitor reads: one of the network's sites, in one language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, Site

from core.models import PublicCoordinates
from core.page_cache.memory import remembered
from regions.models.network import Groupement, NationalOffice
from regions.restrictions import reserved_paths
from regions.sites import find_site, national_site

# The tree is Root / network / home / section / …; treebeard gives each level four characters of path.
NETWORK_DEPTH, HOME_DEPTH, SECTION_DEPTH = 2, 3, 4
NETWORK_PATH_LENGTH, HOME_PATH_LENGTH = (depth * Page.steplen for depth in (NETWORK_DEPTH, HOME_DEPTH))
SINGLE_PAGE_MODEL = "resources.StandardPage"
_REQUEST_ATTRIBUTE = "_mara"


def relative_path(page: Page) -> str:
    """Return the page's address below its home, without a leading slash: ``guides/se-loger/``."""
    return page.url_path.split("/", HOME_DEPTH)[HOME_DEPTH] if page.depth >= HOME_DEPTH else ""


@dataclass
class PersonToCall:
    """Whom a visitor is told to call, and in whose name when it is not the groupement itself."""

    coordinates: PublicCoordinates
    is_fallback: bool = False
    fallback_label: str = ""

    def __getattr__(self, name: str):
        return getattr(self.coordinates, name)


@dataclass
class Place:
    """One site of the network in one language, and all that pages ask about it, read once."""

    request: HttpRequest
    site: Site
    home: Page
    national_site: Site
    national_home: Page
    locale: Locale
    groupement: Groupement | None = None

    @property
    def is_national(self) -> bool:
        return self.home.pk == self.national_home.pk

    @property
    def label(self) -> str:
        return self.groupement.name if self.groupement else _("National")

    @property
    def network_path(self) -> str:
        """Tree path of the shared national tree in this language."""
        return self.home.path[:NETWORK_PATH_LENGTH]

    @property
    def known_home_paths(self) -> set[str]:
        return {self.home.path, self.national_home.path}

    @cached_property
    def base_path(self) -> str:
        """The address of the home on its own host: ``/``, or ``/en/``."""
        with translation.override(self.locale.language_code):
            return reverse("wagtail_serve", args=[""])

    @property
    def home_url(self) -> str:
        return self.site.root_url + self.base_path

    @property
    def national_base_url(self) -> str:
        """The absolute address of the national home in this language."""
        return ("" if self.is_national else self.national_site.root_url) + self.base_path

    @property
    def national_url(self) -> str:
        return self.national_site.root_url + self.base_path

    @cached_property
    def zone_home_paths(self) -> list[str]:
        """Tree paths of the other homes of the zone, in this language."""
        if not self.groupement or not self.groupement.zone_id:
            return []
        return list(self.zone_homes)

    @property
    def zone_homes(self) -> QuerySet:
        """The same as a query not yet asked, for conditions: two neighbours or a hundred cost the same."""
        if self.groupement is None or self.groupement.zone_id is None:
            return Groupement.objects.none().values_list("roots__path", flat=True)
        neighbours = (
            Groupement.objects.filter(zone_id=self.groupement.zone_id).exclude(pk=self.groupement.pk).order_by()
        )
        return neighbours.filter(roots__locale=self.locale).values_list("roots__path", flat=True)

    @cached_property
    def sections(self) -> list[Page]:
        """The published sections of this home, in the order of its menu."""

        def read() -> list[Page]:
            below = Page.objects.filter(path__startswith=self.home.path, depth=SECTION_DEPTH, live=True)
            return list(below.filter(show_in_menus=True))

        return remembered(self.request, ("sections", self.home.pk), read)

    def section(self, slug: str) -> Page | None:
        """The published section of this home at an address, with all that its type has; ``None`` for another page."""
        found = next((section for section in self.sections if section.slug == slug), None)
        return found and remembered(self.request, ("section", found.pk), lambda: found.specific)

    @property
    def restricted_paths(self) -> tuple[str, ...]:
        """Tree paths of the pages reserved to some; read once."""
        return reserved_paths(self.request)

    @property
    def nearest_first_ordering(self) -> tuple:
        """Ordering by which the place's own pages come before the others."""
        own = Case(When(path__startswith=self.home.path, then=Value(0)), default=Value(1), output_field=IntegerField())
        return (own,)

    @cached_property
    def menu(self) -> list[dict]:
        entries = []
        for section in self.sections:
            if section.path.startswith(self.restricted_paths):
                continue
            url = self.base_path + relative_path(section)
            entries.append({"title": section.title, "url": url, "active": self.request.path.startswith(url)})
        return entries

    def inherits(self, relative: str) -> bool:
        """Whether the national page at ``relative`` also opens inside this place."""
        if self.is_national:
            return True
        first = relative.split("/", 1)[0]
        # The menu has read the sections; the single pages are asked about only when it is none of them.
        return any(section.slug == first for section in self.sections) or first in self.single_page_slugs

    @cached_property
    def single_page_slugs(self) -> set[str]:
        """Addresses of the nation's single pages, which open in every place: legal notice, privacy…"""

        def read() -> set[str]:
            below = Page.objects.filter(path__startswith=self.national_home.path, depth=SECTION_DEPTH, live=True)
            single = below.filter(content_type__app_label="resources", content_type__model="standardpage")
            return set(single.values_list("slug", flat=True))

        return remembered(self.request, ("single pages", self.national_home.pk), read)

    def single_page(self, address: str) -> Page | None:
        """The nation's published page at that address, at or below one of its single pages: one query.

        In a groupement, the same query brings the pages by which it completes the nation's single pages; the
        one that completes this page is left on it as ``found_complement``.
        """
        model = apps.get_model(SINGLE_PAGE_MODEL)
        wanted = Q(path__startswith=self.national_home.path, url_path=f"{self.national_home.url_path}{address}/")
        if not self.is_national:
            wanted |= Q(path__startswith=self.home.path, completes__isnull=False)
        pages = list(model.objects.filter(wanted, live=True).order_by("path"))
        found = next((page for page in pages if page.path.startswith(self.national_home.path)), None)
        if found is not None:
            mine = (page for page in pages if page.completes == found.translation_key and page.pk != found.pk)
            found.found_complement = next(mine, None)
        return found

    @cached_property
    def person_to_call(self) -> PersonToCall:
        """The groupement itself; when it is vacant its stand-in, then its zone, then the nation."""
        groupement = self.groupement
        if groupement is None:
            return PersonToCall(NationalOffice.load(request_or_site=self.request))
        if groupement.answers_itself:
            return PersonToCall(groupement)
        if groupement.fallback and groupement.fallback.answers_itself:
            return PersonToCall(groupement.fallback, is_fallback=True, fallback_label=groupement.fallback.name)
        if groupement.zone and groupement.zone.is_reachable:
            return PersonToCall(groupement.zone, is_fallback=True, fallback_label=groupement.zone.name)
        office = NationalOffice.load(request_or_site=self.request)
        return PersonToCall(office, is_fallback=True, fallback_label=_("National cell"))

    @cached_property
    def home_translations(self) -> dict[str, Page]:
        """The published homes of this site by language code."""
        key = self.home.translation_key
        return remembered(self.request, ("homes", key), lambda: self._versions([self.home])[key])

    def translations(self, page: Page) -> dict[str, Page]:
        """The published versions of a page by language code; the homes are read with them when they are not yet."""
        if page.translation_key == self.home.translation_key:
            return self.home_translations
        if page.translation_key not in self._known_versions:
            homes = [] if "home_translations" in self.__dict__ or settings.MARA_REMEMBER else [self.home]
            found = self._versions([page, *homes])
            self._known_versions |= found
            if homes:
                self.__dict__["home_translations"] = found[self.home.translation_key]
        return self._known_versions[page.translation_key]

    @cached_property
    def _known_versions(self) -> dict:
        return {}

    @staticmethod
    def _versions(pages: Iterable[Page]) -> dict:
        """The published versions of pages, by translation key and language code; one query."""
        found: dict = {page.translation_key: {} for page in pages}
        rows = Page.objects.filter(translation_key__in=list(found), live=True).select_related("locale")
        for row in rows:
            found[row.translation_key][row.locale.language_code] = row
        return found


def place_for(request: HttpRequest, *, locale_id: int | None = None) -> Place:
    """Return the place of a request; read once for each request.

    Args:
        request: the visitor's request, or the one that Wagtail makes for a preview.
        locale_id: the language of the page shown; that of the address when not given.

    Raises:
        Http404: when the host is no site of the network, or the site has no home in that language.
    """
    locales = locales_of(request)
    locale = (locales.get(locale_id) if locale_id else None) or active_locale(locales.values())
    places = _stored(request, "places", dict)
    if locale.pk not in places:
        places[locale.pk] = _read_place(request, locale)
    return places[locale.pk]


def place_of(groupement: Groupement, here: Place) -> Place | None:
    """The place of another groupement, seen from ``here``: in the same language where it has one, else in its own.

    None before it has a site. Give a groupement read with its zone, site and fallback.
    """
    if groupement.site is None:
        return None
    roots = {root.locale_id: root for root in groupement.roots.filter(live=True).select_related("locale")}
    home = roots.get(here.locale.pk) or next(iter(roots.values()), None)
    if home is None:
        return None
    national_home = here.national_home
    if home.locale_id != here.locale.pk:
        national_home = Page.objects.get(translation_key=here.national_home.translation_key, locale=home.locale)
    return Place(
        request=here.request,
        site=groupement.site,
        home=home,
        national_site=here.national_site,
        national_home=national_home,
        locale=home.locale,
        groupement=groupement,
    )


def locales_of(request: HttpRequest) -> dict[int, Locale]:
    """Return the installation's languages by primary key; read once for each request."""
    return _stored(request, "locales", lambda: remembered(request, "locales", Locale.objects.in_bulk))


def active_locale(locales: Iterable[Locale]) -> Locale:
    """Return the language of the address: the default one when the installation has no content in it."""
    by_code = {locale.language_code: locale for locale in locales}
    return by_code.get(translation.get_language()) or by_code[settings.LANGUAGE_CODE]


def _stored(request: HttpRequest, name: str, make: Callable):
    """What was read for this request under ``name``; made on first use."""
    stored = request.__dict__.setdefault(_REQUEST_ATTRIBUTE, {})
    if name not in stored:
        stored[name] = make()
    return stored[name]


def _read_place(request: HttpRequest, locale: Locale) -> Place:
    site = find_site(request)
    if site is None:
        raise Http404
    national = national_site(request)
    found = remembered(request, ("place", site.pk, locale.pk), lambda: _homes_and_groupement(site, national, locale))
    home, national_home, groupement = found
    if home is None or national_home is None:
        raise Http404
    return Place(
        request=request,
        site=site,
        home=home,
        national_site=national,
        national_home=national_home,
        locale=locale,
        groupement=groupement,
    )


def _homes_and_groupement(site: Site, national: Site, locale: Locale) -> tuple:
    """The site's home and the nation's in a language, and the groupement whose site it is."""
    roots = {site.root_page, national.root_page}
    homes = {root.translation_key: root for root in roots if root.locale_id == locale.pk}
    missing = {root.translation_key for root in roots} - homes.keys()
    if missing:
        translated = Page.objects.filter(translation_key__in=missing, locale=locale, depth=HOME_DEPTH)
        homes |= {home.translation_key: home for home in translated}
    groupement = None
    if not site.is_default_site:
        groupement = Groupement.objects.filter(site=site).select_related("zone", "fallback", "fallback__site").first()
    return homes.get(site.root_page.translation_key), homes.get(national.root_page.translation_key), groupement


def forget_place(request: HttpRequest) -> None:
    """Read the place of a request again: a preview is shown as from another site."""
    for name in (_REQUEST_ATTRIBUTE, "_wagtail_site", "_mara_national_site"):
        request.__dict__.pop(name, None)

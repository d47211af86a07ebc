"""The place from which a visitor reads: one of the network's sites, in one language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, Site

from core.kept import Kept, kept
from core.models import PublicCoordinates
from core.page_cache.memory import knows, remembered
from core.together import read_together
from regions.asked import first_level, named_below, published_versions
from regions.models.network import Groupement, NationalOffice
from regions.restrictions import reserved_paths
from regions.sites import find_site, national_site
from regions.structure import forget_structure, structure_of

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

    @cached_property
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
        return [page for page in self._first_level if page.show_in_menus and page.path.startswith(self.home.path)]

    @cached_property
    def _first_level(self) -> list[Page]:
        """The published pages just below this home, and just below the nation's."""
        return remembered(self.request, ("first level", self.home.pk), lambda: list(self._first_level_rows))

    @cached_property
    def _first_level_rows(self) -> Kept | QuerySet[Page]:
        return kept(first_level, SECTION_DEPTH, self.home.path, self.national_home.path)

    @property
    def unread(self) -> list[Kept | QuerySet]:
        """What every page of this place asks and was not read yet: to be read together with what a page lists."""
        known = "_first_level" in self.__dict__ or knows(self.request, ("first level", self.home.pk))
        return [] if known else [self._first_level_rows]

    def section(self, slug: str, below: str = "") -> Page | None:
        """The published section of this home at an address, with all that its type has; ``None`` for another page.

        Args:
            below: the next part of the address: the pages of that name below it are read with it.
        """
        found = next((section for section in self.sections if section.slug == slug), None)
        return found and self._with_counterpart(found, below)[0]

    def children(self, section: Page, slug: str) -> Kept | QuerySet:
        """The pages of that name below a section and below its counterpart, published or not; read once.

        Whole, where they can be of one type only; none where there may be several.
        """
        if (section.pk, slug) not in self._children:
            only_child_model = getattr(section.specific_class, "only_child_model", None)
            model = only_child_model and only_child_model()
            paths = tuple(row.path for row in (section, self._national_row(section)) if row)
            rows = kept(named_below, slug, section.depth + 1, paths, shape=(model,)) if model else Page.objects.none()
            self._children[section.pk, slug] = rows
        return self._children[section.pk, slug]

    @cached_property
    def _children(self) -> dict[tuple[int, str], Kept | QuerySet]:
        return {}

    def counterpart(self, section: Page) -> Page | None:
        """The nation's published section of the same type as one of this home; ``None`` on the national site."""
        return None if self.is_national else self._with_counterpart(section)[1]

    def _national_row(self, section: Page) -> Page | None:
        """The row of the nation's published section of the same type; ``None`` on the national site."""
        is_section = getattr(section.specific_class, "max_count_per_parent", None) == 1
        if self.is_national or not is_section:
            return None
        nations = (page for page in self._first_level if page.path.startswith(self.national_home.path))
        return next((page for page in nations if page.content_type_id == section.content_type_id), None)

    def _with_counterpart(self, section: Page, below: str = "") -> tuple[Page | None, Page | None]:
        """A section of this home and the nation's of the same type, each with all that its type has: one query.

        ``None`` for one that was deleted since the menu was read.
        """

        def read() -> tuple[Page | None, Page | None]:
            model, national = section.specific_class, self._national_row(section)
            if model is None:
                return section, None  # of a type that is gone
            rows = model._default_manager.filter(pk__in=[page.pk for page in (section, national) if page])
            read_together(rows, *([self.children(section, below)] if below else []))
            found = {page.pk: page for page in rows}
            return found.get(section.pk), found.get(national and national.pk)

        if section.pk not in self._pairs:
            self._pairs[section.pk] = remembered(self.request, ("section", section.pk), read)
        return self._pairs[section.pk]

    @cached_property
    def _pairs(self) -> dict[int, tuple[Page | None, Page | None]]:
        return {}

    @cached_property
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
        model = apps.get_model(SINGLE_PAGE_MODEL)
        nation = (page for page in self._first_level if page.path.startswith(self.national_home.path))
        return {page.slug for page in nation if page.specific_class is model}

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
        homes = structure_of(self.request).homes_of(self.home)
        return {home.locale.language_code: home for home in homes if home.live}

    def translations(self, page: Page) -> dict[str, Page]:
        """The published versions of a page by language code; read once."""
        if page.translation_key == self.home.translation_key:
            return self.home_translations
        return {row.locale.language_code: row for row in self.versions(page)}

    def versions(self, page: Page) -> Kept | QuerySet[Page]:
        """The published versions of a page, with their language; read once."""
        if page.translation_key not in self._known_versions:
            self._known_versions[page.translation_key] = kept(published_versions, page.translation_key)
        return self._known_versions[page.translation_key]

    @cached_property
    def _known_versions(self) -> dict[UUID, Kept | QuerySet[Page]]:
        return {}

    @cached_property
    def owners_seen(self) -> dict[str, Groupement | None]:
        """The groupements whose pages were shown here, by the tree path of their home."""
        return {}

    @cached_property
    def asked_complements(self) -> dict[int, Kept | QuerySet]:
        """What ``regions.visibility.complements`` asked, by the national page's primary key."""
        return {}


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
    return structure_of(request).locales


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
    national, structure = national_site(request), structure_of(request)
    home, national_home = structure.home(site, locale), structure.home(national, locale)
    if home is None or national_home is None:
        raise Http404
    return Place(
        request=request,
        site=site,
        home=home,
        national_site=national,
        national_home=national_home,
        locale=locale,
        groupement=structure.groupement(site),
    )


def forget_place(request: HttpRequest) -> None:
    """Read the place of a request again: a preview is shown as from another site."""
    forget_structure(request)
    for name in (_REQUEST_ATTRIBUTE, "_wagtail_site", "_mara_national_site"):
        request.__dict__.pop(name, None)

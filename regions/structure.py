"""What the network is made of, seen from one host, and what every page asks of it: one statement.

Sites, languages, homes, the groupement whose site it is, whom one calls at the nation, what is reserved. Without it
each is asked where it is needed: eight queries, two of them Wagtail's.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.request import split_domain_port
from wagtail.models import Locale, Page, Site

from core.kept import kept
from core.page_cache.memory import remembered
from core.together import read_together
from regions.models.network import Groupement, NationalOffice
from regions.restrictions import keep_reserved, reserved_rows

_ATTRIBUTE = "_mara_structure"


@dataclass
class Structure:
    """The rows, as the database has them.

    Attributes:
        sites: those of the host, whatever their port, and the default one; each with its root page and its groupement
            (with zone and stand-in). The root pages of the host have their ``specific`` too.
        homes: the root pages of these sites in each language, published or not.
        reserved: see ``regions.restrictions.reserved_rows``.
    """

    sites: list[Site]
    homes: list[Page]
    locales: dict[int, Locale]
    office: NationalOffice | None
    reserved: list[tuple]

    def home(self, site: Site, locale: Locale) -> Page | None:
        """The home of a site in a language, published or not."""
        root = site.root_page
        if root.locale_id == locale.pk:
            return root
        return next((home for home in self.homes_of(root) if home.locale_id == locale.pk), None)

    def groupement(self, site: Site) -> Groupement | None:
        """The groupement whose site it is, with its zone and its stand-in; none for the nation's."""
        known = next((one for one in self.sites if one.pk == site.pk), site)
        return None if site.is_default_site else getattr(known, "groupement", None)

    def homes_of(self, home: Page) -> list[Page]:
        """The versions of a home, published or not, with their language."""
        return [page for page in self.homes if page.translation_key == home.translation_key]


def structure_of(request: HttpRequest) -> Structure:
    """What the network is made of, for a request; read once, and put where it is going to be asked for."""
    found = request.__dict__.get(_ATTRIBUTE)
    if found is None:
        hostname = hostname_of(request)
        found = remembered(
            request,
            ("structure", hostname),
            lambda: _read(hostname),
            worth=lambda read: any(site.hostname == hostname for site in read.sites),
        )
        setattr(request, _ATTRIBUTE, found)
        keep_reserved(request, found.reserved)
        if found.office is not None:
            setattr(request, NationalOffice.get_cache_attr_name(), found.office)
    return found


def hostname_of(request: HttpRequest) -> str:
    """The host of a request as Wagtail reads it, without its port."""
    return split_domain_port(request._get_raw_host())[0]


def sites_of(hostname: str) -> QuerySet[Site]:
    """The sites of a host and the default one, each with its root page."""
    return Site.objects.filter(Q(hostname=hostname) | Q(is_default_site=True)).select_related("root_page")


def forget_structure(request: HttpRequest) -> None:
    """Read it again: the request is shown as from another site."""
    request.__dict__.pop(_ATTRIBUTE, None)


def _sites(hostname: str) -> QuerySet[Site]:
    return sites_of(hostname).select_related("root_page", "groupement__zone", "groupement__fallback__site")


def _homes(hostname: str) -> QuerySet[Page]:
    keys = sites_of(hostname).order_by().values("root_page__translation_key")
    return Page.objects.filter(translation_key__in=keys).select_related("locale")


def _locales() -> QuerySet[Locale]:
    return Locale.objects.all()


def _offices() -> QuerySet[NationalOffice]:
    return NationalOffice.base_queryset().order_by("pk")[:1]


def _roots(model: type[Page], hostname: str) -> QuerySet[Page]:
    return model._default_manager.filter(sites_rooted_here__hostname=hostname)


def _read(hostname: str) -> Structure:
    sites, homes = kept(_sites, hostname), kept(_homes, hostname)
    locales, reserved, office = kept(_locales), kept(reserved_rows), kept(_offices)
    types = apps.get_model("regions", "NetworkPage").clean_subpage_models()
    roots = [kept(_roots, hostname, shape=(model,)) for model in types]
    read_together(sites, homes, locales, reserved, office, *roots)
    specific = {page.pk: page for pages in roots for page in pages}
    for site in sites:
        if site.root_page_id in specific:
            site.root_page.__dict__["specific"] = specific[site.root_page_id]
    return Structure(
        sites=list(sites),
        homes=list(homes),
        locales={locale.pk: locale for locale in locales},
        office=next(iter(office), None),
        reserved=list(reserved),
    )

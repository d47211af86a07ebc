"""What a page shows from a place: the one module that decides it.

A *place* is one of the network's sites in one language: the national site, or a groupement's. From a
groupement one sees its own content, then what its zone shares, then the nation's, then what other
groupements share with the whole network. Listings, calendars, related items, menus, addresses and
sitemaps all ask this module; no listing queries a model directly.

National content is *inherited*: it is read where it lives and shown under the local address. Nothing
is copied, so publishing a national page is one write whatever the number of groupements.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from core.kept import Kept, kept
from regions.models.network import Groupement
from regions.models.sharing import Sharing
from regions.places import HOME_DEPTH, HOME_PATH_LENGTH, Place, relative_path

__all__ = [
    "Origin",
    "base_of",
    "complement_of",
    "national_namesake",
    "nearest_first",
    "origin_of",
    "own",
    "owner_of",
    "owners",
    "present",
    "present_one",
    "reserved_below",
    "standing",
    "takes_national_address",
    "visible",
]


@dataclass(frozen=True)
class Origin:
    """Where an item comes from, as visitors read it on its tag."""

    label: str
    kind: str  # "nation" | "zone" | "groupement"
    accent: str = ""
    is_here: bool = False


# --- What is visible ----------------------------------------------------------------------------


def visible(queryset: QuerySet, place: Place) -> QuerySet:
    """Narrow a queryset of published pages to what ``place`` shows, whoever owns it.

    Pages reserved to groups are never listed.
    """
    condition = Q(path__startswith=place.home.path)
    if not place.is_national:
        condition |= Q(path__startswith=place.national_home.path)
    if hasattr(queryset.model, "shared_with"):
        condition |= Q(path__startswith=place.network_path, shared_with=Sharing.NATION)
        if place.groupement and place.groupement.zone_id:
            queryset = queryset.alias(home_path=Left("path", HOME_PATH_LENGTH))
            condition |= Q(home_path__in=place.zone_homes, shared_with=Sharing.ZONE)
    return _published(queryset.filter(condition), place)


def own(queryset: QuerySet, place: Place) -> QuerySet:
    """Narrow a queryset to what ``place`` itself has published."""
    return _published(queryset.filter(path__startswith=place.home.path), place)


def _published(queryset: QuerySet, place: Place) -> QuerySet:
    """What is published and reserved to nobody."""
    queryset = queryset.filter(live=True)
    for path in restricted_paths(place):
        queryset = queryset.exclude(path__startswith=path)
    return queryset


def standing(queryset: QuerySet, place: Place) -> QuerySet:
    """``visible``, less the local complements: those are read inside the national page of the same address."""
    pages = visible(queryset, place)
    if place.is_national:
        return pages
    national = queryset.model.objects.filter(path__startswith=place.national_home.path, live=True)
    if not hasattr(queryset.model, "completes"):
        return pages.exclude(path__startswith=place.home.path, slug__in=national.values("slug"))
    # What completes a page that is no longer published waits, unseen, unless it has a text of its own.
    completing = Q(completes__isnull=True, slug__in=national.values("slug")) | Q(only_completes=True)
    completing |= Q(completes__in=national.values("translation_key"))
    return pages.exclude(completing, path__startswith=place.home.path)


def restricted_paths(place: Place) -> tuple[str, ...]:
    """Return the tree paths of the pages reserved to some; read once for each place."""
    return place.restricted_paths


def reserved_below(parent: Page, place: Place) -> tuple[str, ...]:
    """The tree paths below ``parent`` that are not open to whoever reads ``parent`` itself."""
    return tuple(path for path in restricted_paths(place) if path.startswith(parent.path) and path != parent.path)


def nearest_first(pages: Iterable[Page], place: Place) -> list[Page]:
    """Return ``pages`` with the place's own before the others, otherwise in the order given."""
    return sorted(pages, key=lambda page: not page.path.startswith(place.home.path))


# --- Where it comes from, and its address -------------------------------------------------------


def present(pages: Iterable[Page], place: Place) -> list[Page]:
    """Give each page its ``origin`` and its ``href`` as seen from ``place``; at most one query for all."""
    pages = list(pages)
    elsewhere = _owners_seen({page.path[:HOME_PATH_LENGTH] for page in pages} - place.known_home_paths, place)
    for page in pages:
        home_path = page.path[:HOME_PATH_LENGTH]
        relative = relative_path(page)
        if home_path == place.home.path:
            page.origin = origin_of(place)
            page.href = place.base_path + relative
        elif home_path == place.national_home.path:
            page.origin = Origin(label=_("National"), kind="nation")
            page.href = (place.base_path if place.inherits(relative) else place.national_base_url) + relative
        else:
            owner = elsewhere.get(home_path)
            page.origin = _origin_elsewhere(owner, page, place)
            page.href = (owner.site.root_url if owner and owner.site else "") + place.base_path + relative
    return pages


def present_one(page: Page, place: Place) -> Page:
    """Give one page its ``origin`` and ``href``."""
    return present([page], place)[0]


def origin_of(place: Place) -> Origin:
    """What is the place's own, on its tag."""
    if place.groupement is None:
        return Origin(label=_("National"), kind="nation", is_here=True)
    return Origin(label=place.groupement.name, kind="groupement", accent=place.groupement.accent, is_here=True)


def _origin_elsewhere(owner: Groupement | None, page: Page, place: Place) -> Origin:
    if owner is None:
        return Origin(label="", kind="groupement")
    same_zone = place.groupement is not None and owner.zone_id and owner.zone_id == place.groupement.zone_id
    if same_zone and getattr(page, "shared_with", "") == Sharing.ZONE:
        return Origin(label=f"{owner.zone.name} · {owner.name}", kind="zone", accent=owner.accent)
    return Origin(label=owner.name, kind="groupement", accent=owner.accent)


def _owners_seen(home_paths: set[str], place: Place) -> dict[str, Groupement | None]:
    """The groupements of some homes, those already seen from the place among them."""
    unknown = home_paths - place.owners_seen.keys()
    place.owners_seen.update(dict.fromkeys(unknown) | owners(unknown))
    return place.owners_seen


def owners(home_paths: Iterable[str]) -> dict[str, Groupement]:
    """Return the groupement that owns each home, by the home's tree path. One query, or none."""
    home_paths = list(home_paths)
    if not home_paths:
        return {}
    found = (
        Groupement.objects.filter(roots__path__in=home_paths)
        .select_related("zone", "site")
        .annotate(root_path=F("roots__path"))
    )
    return {groupement.root_path: groupement for groupement in found}


def owner_of(page: Page) -> Groupement | None:
    """The groupement that owns a page; ``None`` for the nation's."""
    return owners([page.path[:HOME_PATH_LENGTH]]).get(page.path[:HOME_PATH_LENGTH])


# --- National pages and their local complements -------------------------------------------------


def complement_of(page: Page, place: Place) -> Page | None:
    """Return the published page by which a groupement completes a national one, or ``None``.

    It is known by the national page's key; failing that, by the same address in the same section.
    """
    if not hasattr(page, "completes") and _is_inherited(page, place):
        return _same_address(page, place.home, place)
    return _open(next(iter(complements(page, place)), None), place)


def complements(page: Page, place: Place) -> Kept | QuerySet:
    """What :func:`complement_of` asks of a type of page that knows what it completes: read once, with other things."""
    model = type(page)
    if not hasattr(model, "completes") or not _is_inherited(page, place):
        return model._default_manager.none()
    if page.pk not in place.asked_complements:
        address = _address_of(page, place.home) if model.completes_by_address else {}
        place.asked_complements[page.pk] = kept(
            _completing, page.translation_key, place.home.path, tuple(address.values()), shape=(model, tuple(address))
        )
    return place.asked_complements[page.pk]


def _completing(model: type[Page], names: tuple, key: UUID, home_path: str, address: tuple) -> QuerySet:
    linked = Q(completes=key)
    if names:
        linked |= Q(completes__isnull=True) & Q(**dict(zip(names, address, strict=True)))
    found = model._default_manager.filter(linked, path__startswith=home_path, live=True)
    return found.order_by(F("completes").asc(nulls_last=True), "path")[:1]


def _is_inherited(page: Page, place: Place) -> bool:
    """Whether it is the nation's, read in a groupement."""
    return not place.is_national and page.path.startswith(place.national_home.path)


def base_of(page: Page, place: Place) -> Page | None:
    """Return the published national page that a local one completes, or ``None`` when it stands by itself."""
    if place.is_national or not page.path.startswith(place.home.path):
        return None
    if key := getattr(page, "completes", None):
        found = type(page).objects.filter(translation_key=key, path__startswith=place.national_home.path, live=True)
        return _open(found.first(), place)
    if page.depth <= HOME_DEPTH + 1 or not getattr(page, "completes_by_address", True):
        return None
    if not hasattr(page, "completes"):
        return _same_address(page, place.national_home, place)
    found = type(page).objects.filter(
        **_address_of(page, place.national_home), path__startswith=place.national_home.path, live=True
    )
    return _open(found.first(), place)


def takes_national_address(page: Page) -> bool:
    """Whether a groupement's page is about to take the address of a national page in the same section."""
    return national_namesake(page) is not None


def national_namesake(page: Page) -> Page | None:
    """The national page of the same address in the same section as a groupement's page, published or not.

    Asked before saving, without a request: ``page`` may have no place in the tree yet.
    """
    parent = page.get_parent() if page.path else getattr(page, "_parent_for_form", None)
    if parent is None or parent.depth <= HOME_DEPTH:
        return None
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None or parent.path.startswith(site.root_page.path):
        return None
    national_homes = Page.objects.filter(translation_key=site.root_page.translation_key, locale_id=parent.locale_id)
    for home in national_homes:
        if parent.path.startswith(home.path):
            continue
        found = Page.objects.filter(
            path__startswith=home.path,
            depth=parent.depth + 1,
            slug=page.slug,
            url_path=f"{home.url_path}{relative_path(parent)}{page.slug}/",
        ).first()
        if found:
            return found
    return None


def _address_of(page: Page, home: Page) -> dict[str, Any]:
    """The conditions of having the address of a page, below another home."""
    return {"depth": page.depth, "slug": page.slug, "url_path": home.url_path + relative_path(page)}


def _same_address(page: Page, home: Page, place: Place) -> Page | None:
    """The published page of the same address below another home."""
    found = Page.objects.filter(**_address_of(page, home), path__startswith=home.path, live=True).first()
    return found.specific if _open(found, place) else None


def _open(page: Page | None, place: Place) -> Page | None:
    """The page, unless it is reserved to some: then it is not shown in another."""
    return None if page is None or page.path.startswith(restricted_paths(place)) else page

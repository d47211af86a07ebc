"""What is asked at a place, by a text that is kept (``core.kept``): the same for all the places of a kind."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet
from wagtail.models import Locale, Page

from core.kept import Kept, Value, kept
from regions.models.network import Groupement
from regions.places import Place


def kept_at(
    build: Callable[..., QuerySet], place: Place, *values: Value | tuple[Value, ...], shape: tuple = ()
) -> Kept | QuerySet:
    """What ``build(place, *shape, *values)`` asks. It is given a bare place: only what conditions are made of."""
    groupement = place.groupement
    return kept(
        _at_bare_place,
        place.network_path,
        place.national_home.path,
        place.home.path,
        place.locale.pk,
        groupement and groupement.pk,
        groupement and groupement.zone_id,
        place.restricted_paths,
        *values,
        shape=(build, place.is_national, shape),
    )


def _at_bare_place(
    build: Callable[..., QuerySet],
    is_national: bool,
    shape: tuple,
    network_path: str,
    national_path: str,
    home_path: str,
    locale_id: int,
    groupement_id: int | None,
    zone_id: int | None,
    restricted_paths: tuple[str, ...],
    *values: Value | tuple[Value, ...],
) -> QuerySet:
    national = Page(pk=1, path=national_path)
    place = Place(
        request=None,
        site=None,
        home=national if is_national else Page(pk=2, path=home_path),
        national_site=None,
        national_home=national,
        locale=Locale(pk=locale_id),
        groupement=None if groupement_id is None else Groupement(pk=groupement_id, zone_id=zone_id),
    )
    place.__dict__ |= {"network_path": network_path, "restricted_paths": restricted_paths}
    return build(place, *shape, *values)

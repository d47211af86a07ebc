"""What else may interest the reader of a page: items on the same themes, shown at the same place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone

from core.together import read_together
from regions import visibility
from regions.kept import kept_at
from regions.places import Place

COUNT = 4
# The columns that a list of titles is made from: what says the title, the address and the origin.
_SHOWN = ("title", "path", "depth", "url_path")


def related(page, place: Place, themes: Iterable | None = None) -> dict[str, list]:
    """Return the events, contacts, partners and resources that share a theme with ``page``, nearest first.

    Args:
        themes: those of the page, when they were read with other things.
    """
    themes = tuple(theme.pk for theme in (page.themes.all() if themes is None else themes))
    now = timezone.now()
    rows = {name: kept_at(_asked, place, page.pk, themes, now, shape=(name,)) for name in _ASKED}
    read_together(*rows.values())
    found = {
        name: visibility.nearest_first({row.pk: row for row in few}.values(), place)[:COUNT]
        for name, few in rows.items()
    }
    visibility.present([row for few in found.values() for row in few], place)
    return found | {"related_events": _model("EventPage").on_next_dates(found["related_events"])}


def _asked(place: Place, name: str, number: int, themes: tuple[int, ...], now: dt.datetime) -> QuerySet:
    """Items on some themes shown at a place, without the page of that number.

    A page with two of the themes would come twice: take a few more, to keep the first of each.
    """
    shown = visibility.visible(_ASKED[name](place, now), place)
    return shown.filter(themes__in=themes).exclude(pk=number)[: COUNT * 4]


def _events(place: Place, now: dt.datetime) -> QuerySet:
    return _model("EventPage").objects.soonest_first(now).defer("body").order_by("next_starts_at")


def _contacts(place: Place, now: dt.datetime) -> QuerySet:
    """A place's own only."""
    contacts = _model("ContactPage").objects.filter(path__startswith=place.home.path)
    return contacts.only(*_SHOWN, "commune").order_by("sort_key")


def _partners(place: Place, now: dt.datetime) -> QuerySet:
    return _model("PartnerPage").objects.only(*_SHOWN).order_by("sort_key")


def _resources(place: Place, now: dt.datetime) -> QuerySet:
    return _model("ResourcePage").objects.only(*_SHOWN, "kind", "shared_with").order_by("sort_key")


def _model(name: str):
    """A model by its name: the slices never import each other."""
    return apps.get_model("resources", name)


_ASKED: dict[str, Callable[[Place, dt.datetime], QuerySet]] = {
    "related_events": _events,
    "related_contacts": _contacts,
    "related_partners": _partners,
    "related_resources": _resources,
}

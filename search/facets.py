"""Facets and chosen filters as plain links: what a template shows around the results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from resources.index.query import Facet
from search.addresses import SearchAddress
from search.forms import SearchForm

SHOWN_VALUES = 8
# The facet of which several values may be chosen at once.
SEVERAL = "kind"


@dataclass(frozen=True)
class FacetLink:
    """One value of a facet: following the link chooses it, or takes it back."""

    label: str
    count: int
    selected: bool
    url: str


@dataclass(frozen=True)
class FacetBox:
    """One facet: the first values at once, the others behind one click."""

    name: str
    label: str
    first: list[FacetLink]
    others: list[FacetLink]


@dataclass(frozen=True)
class Chosen:
    """A filter in force, and the address of the same search without it."""

    name: str
    label: str
    url: str


def boxes(facets: Iterable[Facet], address: SearchAddress) -> list[FacetBox]:
    """The facets that leave a choice, each value with its link.

    A facet of one value that is not chosen narrows nothing: it is left out.
    """
    found = []
    for facet in facets:
        links = [_link(facet.name, value, address) for value in facet.values if value.count or value.selected]
        if len(links) < 2 and not any(link.selected for link in links):
            continue
        links.sort(key=lambda link: not link.selected)
        found.append(FacetBox(facet.name, facet.label, links[:SHOWN_VALUES], links[SHOWN_VALUES:]))
    return found


def _link(name: str, value, address: SearchAddress) -> FacetLink:
    if value.selected:
        target = address.without_value(name, value.code)
    elif name == SEVERAL:
        target = address.adding(name, value.code)
    else:
        target = address.replacing(name, value.code)
    return FacetLink(value.label, value.count, value.selected, str(target))


def chosen(form: SearchForm, address: SearchAddress, near: str = "") -> list[Chosen]:
    """The filters in force, in the order of the form, each removable by its link.

    Args:
        near: the name of the commune that was understood.
    """
    found = []
    for name in form.FILTERS:
        value = form.chosen(name)
        if not value:
            continue
        if name == SEVERAL:
            labels = dict(form.fields[name].choices)
            found += [Chosen(name, str(labels[one]), str(address.without_value(name, one))) for one in value]
        elif name == "near":
            label = _("Near %(town)s") % {"town": near or value}
            found.append(Chosen(name, label, str(address.without("near", "sort"))))
        else:
            choices = dict(getattr(form.fields[name], "choices", ())) if isinstance(value, str) else {}
            found.append(Chosen(name, str(choices.get(value, value)), str(address.without(name))))
    return found

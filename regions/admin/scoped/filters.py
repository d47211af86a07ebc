"""Filters of listings that name nobody from elsewhere."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from wagtail.admin.views.pages.listing import GenericPageFilterSet, PageFilterSet
from wagtail.models import Page, Site, Task, Workflow

from regions.models import Groupement, GroupementRecord
from regions.reach import Reach, reach_of

# Filters whose rows are the same for everyone: page types and languages.
SHARED = frozenset({"ContentType", "Locale"})


# Beyond that many sites, one walks to a site rather than tick it in a list.
MOST_SITES = 30


class ScopedFilters:
    """Narrows the choices of every filter to the person's reach; a kind of row nobody thought of has none."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        reach = reach_of(self.request.user)
        if "site" in self.filters and len(reach.sites.values("pk")[: MOST_SITES + 1]) > MOST_SITES:
            del self.filters["site"]
        if reach.everything:
            return
        for filter_ in self.filters.values():
            queryset = getattr(filter_, "queryset", None)
            if queryset is None:
                continue
            rows = queryset(self.request) if callable(queryset) else queryset
            # Both: the field is made from `extra`, and remade from `queryset`.
            filter_.queryset = filter_.extra["queryset"] = narrowed(rows, reach)


def narrowed(rows, reach: Reach):
    """The rows among which a person may choose; a kind of row that nobody thought of has none."""
    if reach.everything:
        return rows
    model = rows.model
    if model.__name__ in SHARED:
        return rows
    if issubclass(model, get_user_model()):
        return rows.filter(pk__in=reach.people.values("pk"))
    if model is Groupement:
        return rows.filter(pk__in=reach.groupement_ids | reach.answered_groupement_ids)
    if issubclass(model, GroupementRecord):
        return rows.filter(pk__in=model._default_manager.for_user(reach.user).values("pk"))
    if issubclass(model, Page):
        return rows.filter(pk__in=reach.pages.order_by().values("pk"))
    if model is Site:
        return rows.filter(pk__in=reach.sites.values("pk"))
    if model is Workflow:
        return rows.filter(pk__in=reach.workflows.values("pk"))
    if issubclass(model, Task):
        return rows.filter(pk__in=reach.tasks.values("pk"))
    return rows.none()


class ScopedPageFilterSet(ScopedFilters, PageFilterSet):
    """Filters of a listing of one page type."""

    class Meta(PageFilterSet.Meta):
        pass


class ScopedGenericPageFilterSet(ScopedFilters, GenericPageFilterSet):
    """Filters of a listing of pages of all types."""

    class Meta(GenericPageFilterSet.Meta):
        pass

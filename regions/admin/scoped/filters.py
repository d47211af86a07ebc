"""Filters of listings that name nobody from elsewhere."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from wagtail.admin.views.pages.listing import GenericPageFilterSet, PageFilterSet
from wagtail.models import Site, Task, Workflow

from regions.reach import Reach, reach_of

# Filters whose rows are the same for everyone: page types and languages.
SHARED = frozenset({"ContentType", "Locale"})


class ScopedFilters:
    """Narrows the choices of every filter to the person's reach; a kind of row nobody thought of has none."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        reach = reach_of(self.request.user)
        if reach.everything:
            return
        for filter_ in self.filters.values():
            queryset = getattr(filter_, "queryset", None)
            if queryset is None:
                continue
            rows = queryset(self.request) if callable(queryset) else queryset
            # Both: the field is made from `extra`, and remade from `queryset`.
            filter_.queryset = filter_.extra["queryset"] = _narrowed(rows, reach)


def _narrowed(rows, reach: Reach):
    model = rows.model
    if model.__name__ in SHARED:
        return rows
    if issubclass(model, get_user_model()):
        return rows.filter(pk__in=reach.people.values("pk"))
    if model is Site:
        return rows.filter(root_page__path__in=reach.paths)
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

"""What every section has in common: bind the filters, ask for the items, page them, say where each comes from."""

from __future__ import annotations

from typing import ClassVar

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import QuerySet

from regions import visibility

PAGE_SIZE = 24
DEEP = 200  # items before a page


def page_number(raw: str | None, paginator: Paginator) -> int:
    """Read a page number from an address; rubbish is the first page, too far is the last."""
    if raw is None or not raw.isascii() or not raw.isdigit() or len(raw) > 6:
        return 1
    return min(max(1, int(raw)), paginator.num_pages)


def querystring(request, *leave_out: str) -> str:
    """Return the address's parameters, url-encoded, without some of them (``page`` always)."""
    parameters = request.GET.copy()
    for name in ("page", *leave_out):
        parameters.pop(name, None)
    return parameters.urlencode()


class DeepPaginator(Paginator):
    """Pages of which the far ones are chosen by their keys alone: whole rows are long to sort."""

    def page(self, number):
        first = (self.validate_number(number) - 1) * self.per_page
        items = self.object_list
        if first < DEEP or not isinstance(items, QuerySet):
            return super().page(number)
        keys = items.prefetch_related(None).select_related(None).values("pk")[first : first + self.per_page]
        return self._get_page(items.filter(pk__in=keys), number, self)


def paginate(items, request, page_size: int = PAGE_SIZE) -> PaginatorPage:
    """Cut a queryset or list into pages and return the one asked for."""
    paginator = DeepPaginator(items, page_size)
    return paginator.page(page_number(request.GET.get("page"), paginator))


class ListingMixin:
    """A section's listing. The section names its ``filter_form`` and gives its items with ``get_items``."""

    filter_form: ClassVar[type]
    page_size: ClassVar[int] = PAGE_SIZE

    def get_items(self, place, form):
        """Return the items shown at a place for these filters: a queryset, ordered."""
        raise NotImplementedError

    def present_items(self, rows, place) -> list:
        """Give the rows of one page of the list what their cards show."""
        return visibility.present(rows, place)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        place = context["place"]
        form = self.filter_form(request.GET)
        items = paginate(self.get_items(place, form), request, self.page_size)
        items.object_list = self.present_items(items.object_list, place)
        return context | {
            "filters": form,
            "items": items,
            "result_count": items.paginator.count,
            "page_url": self.href,
            "querystring": querystring(request),
        }

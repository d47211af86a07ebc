"""Where new pages go in the tree, and their rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import connections, router
from django.db.models import F, Max, Q
from django.db.models.functions import Left
from django.db.models.sql import InsertQuery
from django.utils.translation import gettext
from wagtail.models import Page

COLUMNS = [column.attname for column in Page._meta.concrete_fields if not column.primary_key]
TAKEN = "The slug '%(page_slug)s' is already in use within the parent page at '%(parent_url_path)s'."  # Wagtail's


def place(pages: Sequence[tuple[Page, Page]]) -> None:
    """Give new pages their places, each after the last of its parent's children.

    Args:
        pages: each with its parent, which is in the tree or is an earlier one of them.

    Raises:
        ValidationError: when an address is taken.
    """
    parents = {parent.path for _page, parent in pages if not parent._state.adding}
    # As treebeard does: whoever adds a page there meanwhile waits, and then reads which is the last.
    list(Page.objects.select_for_update().filter(path__in=parents).order_by("path").values_list("pk"))
    below = Q()
    for path in parents:
        below |= Q(path__startswith=path, depth=len(path) // Page.steplen + 1)
    children = Page.objects.filter(below).order_by()
    above = children.annotate(above=Left("path", (F("depth") - 1) * Page.steplen)).values_list("above")
    last = {path: Page._str2int(child[-Page.steplen :]) for path, child in above.annotate(last=Max("path"))}
    taken = set(children.filter(slug__in={page.slug for page, _ in pages}).values_list("url_path", flat=True))
    for page, parent in pages:
        last[parent.path] = last.get(parent.path, 0) + 1
        page.depth, page.numchild = parent.depth + 1, 0
        page.path = Page._get_path(parent.path, page.depth, last[parent.path])
        page._cached_parent_obj = parent
        page.set_url_path(parent)
        if page.url_path in taken:
            names = {"page_slug": page.slug, "parent_url_path": parent.url_path}
            raise ValidationError({"slug": gettext(TAKEN) % names})
        taken.add(page.url_path)
    _count(parents, pages)


def _count(parents: set[str], pages: Sequence[tuple[Page, Page]]) -> None:
    """Have the parents that are in the tree know how many children they have."""
    added = {path: sum(parent.path == path for _page, parent in pages) for path in parents}
    for count in set(added.values()):
        paths = [path for path, number in added.items() if number == count]
        Page.objects.filter(path__in=paths).update(numchild=F("numchild") + count)


def insert(pages: Sequence[Page]) -> None:
    """Insert pages whose every column is set; afterwards they have their keys. Django does not, for several tables.

    As Django does for one page: the rows of ``wagtailcore_page`` first, then those of each page type.
    """
    rows = Page.objects.bulk_create(
        [Page(**{name: getattr(page, name) for name in COLUMNS}) for page in pages], batch_size=500
    )
    for row, page in zip(rows, pages, strict=True):
        page.id = page.page_ptr_id = row.pk
        page._state.adding, page._state.db = False, row._state.db
    for model, typed in by_type(pages).items():
        query = InsertQuery(model)
        query.insert_values(model._meta.local_concrete_fields, typed)
        query.get_compiler(connection=connections[router.db_for_write(model)]).execute_sql()


def by_type(pages: Iterable[Page]) -> dict[type[Page], list[Page]]:
    """The pages of each type."""
    found: dict[type[Page], list[Page]] = {}
    for page in pages:
        found.setdefault(type(page), []).append(page)
    return found

"""Listings of pages whose rows are drawn once for each kind of row, and filled in for each page.

Wagtail draws each row of the explorer with fifty templates, and its hooks and wagtail-localize's make two or three
queries for each (https://github.com/wagtail/wagtail/pull/12226 mended some others). Here a stand-in is drawn by
Wagtail, by its own templates, columns and hooks: it answers what decides how a row looks as the pages of that kind do,
and gives marks for what differs from one to the next, which are then replaced. When anything asks it for something
else, or the database for a mark, or when a mark did not come back whole, Wagtail draws the whole table itself.

To remove when a row of Wagtail's listing costs a tenth of what it does. ``tests/regions/test_rows.py`` compares both.
"""

from __future__ import annotations

import datetime
import re
import uuid
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import connection
from django.template.defaultfilters import capfirst
from django.template.defaultfilters import date as date_filter
from django.urls import reverse
from django.utils.formats import get_format
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.timezone import template_localtime
from wagtail.admin.templatetags.wagtailadmin_tags import timesince_simple
from wagtail.admin.ui.tables.pages import PageTable
from wagtail.models import Page

from regions.admin.scoped.row_facts import RIGHTS, Screen

# What stands for a text in a stand-in: nothing that anybody writes, and numbers that the database would look for.
PK, ALIAS, PARENT_PK, RANK = 2073105621, 2073105622, 2073105623, 2073105624
TITLE, PARENT_TITLE, URL, HERE = "\ue7a1aZ\ue7a1", "\ue7a2aZ\ue7a2", "\ue7a3aZ\ue7a3", "\ue7a4aZ\ue7a4"
DATE = datetime.datetime(1987, 6, 5, 4, 3, 2, tzinfo=datetime.UTC)
# A mark that was shortened, coded, shown by its code, or written with separators.
LEFT_OVER = re.compile(r"[\ue7a1-\ue7a4]|%EE%9E%A|\\ue7a|2\D?073\D?105\D?62|(?<!\d)1987(?!\d)")
NOBODYS = uuid.uuid4()
LOCALIZES = '"wagtail_localize_'
ROW = re.compile(r"<tr[ >]")


class Kind(NamedTuple):
    """All that decides how a row looks, apart from its texts. Rows of one kind are drawn once."""

    model: type
    locale: int
    live: bool
    is_root: bool
    is_leaf: bool
    is_navigable: bool
    is_site_root: bool
    is_reserved: bool
    is_previewable: bool
    has_unpublished_changes: bool
    locked: bool
    locked_by: int | None
    status: str
    page_type: str
    has_url: bool
    has_address_here: bool
    has_date: bool
    has_source: bool
    is_alias: bool
    languages: frozenset | None
    parents: tuple[bool, bool]
    rights: tuple[bool, ...]


@dataclass
class Listed:
    """A page of the screen: its kind, and the texts of its row."""

    page: Page
    kind: Kind
    texts: dict[str, str]


def listed(page: Page, screen: Screen, rank: int) -> Listed:
    """Read a page of the screen, the ``rank``th where ranks are shown."""
    url, here = screen.roots.addresses(page)
    source = screen.sources.get((page.translation_key, page.locale_id))
    parent, elsewhere = getattr(page, "_parent_page", None), getattr(page, "annotated_parent_page", None)
    kind = Kind(
        model=type(page),
        locale=page.locale_id,
        live=page.live,
        is_root=page.is_root(),
        is_leaf=page.is_leaf(),
        is_navigable=page.is_navigable(),
        is_site_root=bool(page.is_site_root()),
        is_reserved=screen.is_reserved(page),
        is_previewable=bool(page.has_unpublished_changes and page.is_previewable()),
        has_unpublished_changes=page.has_unpublished_changes,
        locked=page.locked,
        locked_by=page.locked_by_id,
        status=str(page.status_string),
        page_type=screen.type_name(page),
        has_url=url is not None,
        has_address_here=here is not None,
        has_date=page.latest_revision_created_at is not None,
        has_source=source is not None,
        is_alias=page.alias_of_id is not None,
        languages=frozenset(screen.languages[page.translation_key]) if screen.translates else None,
        parents=(parent is not None, elsewhere is not None),
        rights=screen.rights(page),
    )
    texts = {
        "pk": str(page.pk),
        "alias": str(page.alias_of_id),
        "rank": escape(intcomma(rank)) if rank else "",
        "title": escape(page.get_admin_display_title()),
        "url": escape(url),
        "here": escape(here),
        **dates(page.latest_revision_created_at),
    }
    if above := elsewhere or parent:
        texts |= {"parent": str(above.pk), "parent_title": escape(above.specific_deferred.get_admin_display_title())}
    if source:
        texts["source"] = reverse("wagtail_localize:update_translations", args=[source])
    return Listed(page, kind, texts)


def dates(moment: datetime.datetime | None) -> dict[str, str]:
    """A moment in the three ways in which Wagtail's tag ``human_readable_date`` writes it."""
    if moment is None:
        return {}
    local = template_localtime(moment)
    return {
        "day": escape(date_filter(local, get_format("DATETIME_FORMAT") or "N j, Y, P")),
        "moment": escape(date_filter(local, "c")),
        "ago": escape(capfirst(timesince_simple(moment))),
    }


class StandIn:
    """Drawn by Wagtail instead of all the pages of a kind. It passes for a page as Django's lazy objects do.

    Attributes:
        asked: what it could not answer for all of them.
    """

    def __init__(self, row: Listed) -> None:
        page, kind = row.page, row.kind
        parent = _parent() if any(kind.parents) else None
        answers: dict[str, Any] = {
            "pk": PK,
            "id": PK,
            "get_admin_display_title": lambda: TITLE,
            "url": URL if kind.has_url else None,
            "get_url": lambda request=None: _one_address(kind, request),
            "latest_revision_created_at": DATE if kind.has_date else None,
            "alias_of_id": ALIAS if kind.is_alias else None,
            "_parent_page": parent if kind.parents[0] else None,
            "annotated_parent_page": parent if kind.parents[1] else None,
            "live": kind.live,
            "is_root": lambda: kind.is_root,
            "is_leaf": lambda: kind.is_leaf,
            "is_navigable": lambda: kind.is_navigable,
            "is_site_root": lambda: kind.is_site_root,
            "path": SimpleNamespace(startswith=lambda start: kind.is_reserved),
            "is_previewable": lambda: kind.is_previewable,
            "has_unpublished_changes": kind.has_unpublished_changes,
            "locked": kind.locked,
            "locked_by_id": kind.locked_by,
            "status_string": kind.status,
            "page_type_display_name": kind.page_type,
            "locale": page.locale,
            "locale_id": kind.locale,
            "permissions_for_user": lambda user: _Rights(kind, self),
            "translation_key": page.translation_key if kind.has_source else NOBODYS,
            "get_translation_model": page.get_translation_model,
        }
        if kind.languages is not None:
            answers["get_translations"] = lambda inclusive: _Versions(sorted(kind.languages))
        self.__dict__.update(answers, asked=[], _model=kind.model)

    __class__ = property(lambda self: self._model)

    def __getattr__(self, name: str):
        self.__dict__["asked"].append(name)
        raise AttributeError(name)


def _one_address(kind: Kind, request) -> str | None:
    if request is None:
        return URL if kind.has_url else None
    return HERE if kind.has_address_here else None


def _parent() -> SimpleNamespace:
    parent = SimpleNamespace(id=PARENT_PK, pk=PARENT_PK, get_admin_display_title=lambda: PARENT_TITLE)
    parent.specific_deferred = parent
    return parent


class _Rights:
    """The rights that are the same for the pages of a kind."""

    def __init__(self, kind: Kind, stand_in: StandIn) -> None:
        self.__dict__.update({name: lambda may=may: may for name, may in zip(RIGHTS, kind.rights, strict=True)})
        self._stand_in = stand_in

    def __getattr__(self, name: str):
        return getattr(self._stand_in, f"permissions.{name}")  # which it does not know, and says so


class _Versions(list):
    """The languages of a page that was translated, as wagtail-localize asks for them, and not otherwise."""

    def exclude(self, *, alias_of__isnull: bool) -> _Versions:
        return self

    def values_list(self, field: str, *, flat: bool) -> _Versions:
        return self


class OnceDrawnTable(PageTable):
    """Wagtail's table of pages, the same to the letter."""

    drawn: list | None = None

    @property
    def rows(self):
        if self.drawn is None:
            yield from super().rows
        else:
            yield from (self.Row(self, one, RANK - 1) for one in self.drawn)

    def render_html(self, parent_context=None):
        pages, request = list(self.data), parent_context.get("request")
        # Among results, what leads back to the page of the screen itself is written otherwise.
        is_among = self.parent_page and any(page.pk == self.parent_page.pk for page in pages)
        if len(pages) < 2 or request is None or is_among:
            return super().render_html(parent_context)
        screen = Screen(pages, request)
        rows = [listed(page, screen, rank if self.reorder_url else 0) for rank, page in enumerate(pages, start=1)]
        return self._filled(rows, parent_context) or super().render_html(parent_context)

    def _filled(self, rows: list[Listed], parent_context) -> str | None:
        kinds = {row.kind: row for row in rows}
        drawn = self._draw([StandIn(row) for row in kinds.values()], parent_context)
        if drawn is None:
            return None
        before, between, after, texts = drawn
        patterns = {kind: _pattern(text, kinds[kind]) for kind, text in zip(kinds, texts, strict=False)}
        if not all(patterns.values()):
            return None
        filled = between.join(_filled(patterns[row.kind] or [], row.texts) for row in rows)
        return mark_safe(before + filled + after)  # Wagtail's own, and texts that are escaped

    def _draw(self, stand_ins: list[StandIn], parent_context) -> tuple[str, str, str, list[str]] | None:
        # Two at least: what is between two rows is Wagtail's too.
        self.drawn = stand_ins if len(stand_ins) > 1 else stand_ins * 2
        try:
            with connection.execute_wrapper(_Watch(stand_ins)):
                html = super().render_html(parent_context)
        except AttributeError:
            if not any(one.asked for one in stand_ins):
                raise
            return None
        else:
            return None if any(one.asked for one in stand_ins) else _cut(html, len(self.drawn))
        finally:
            self.drawn = None


class _Watch:
    """Sees what is asked of the database while stand-ins are drawn: with their marks, it answers of no page.

    Their key leads nowhere, or to one of them: only wagtail-localize asks with it, of which the kinds know.
    """

    def __init__(self, stand_ins: list[StandIn]) -> None:
        self.stand_ins = stand_ins
        self.keys = [str(one.translation_key) for one in stand_ins]

    def __call__(self, execute, sql, params, many, context):
        given = repr(params)
        by_key = LOCALIZES not in sql and any(key in given for key in self.keys)
        if by_key or LEFT_OVER.search(given):
            self.stand_ins[0].asked.append(sql)
        return execute(sql, params, many, context)


def _cut(html: str, count: int) -> tuple[str, str, str, list[str]] | None:
    """A table cut in what is before its rows, between two, after them, and the rows."""
    body = html.find("<tbody>")
    starts = [found.start() for found in ROW.finditer(html, max(body, 0))]
    end = html.rfind("</tr>") + len("</tr>")
    if body < 0 or len(starts) != count:
        return None
    cells = [html[start:stop] for start, stop in zip(starts, [*starts[1:], end], strict=True)]
    rows = [text.rstrip() for text in cells]
    between = cells[0][len(rows[0]) :]
    return html[: starts[0]], between, html[end:], rows


def _pattern(text: str, row: Listed) -> list[str] | None:
    """A row cut at its marks: a text, the name of what comes there, a text… ``None`` when a mark is not whole."""
    moments = dates(DATE) if row.kind.has_date else {}
    marks = {
        str(PK): "pk",
        str(ALIAS): "alias",
        escape(intcomma(RANK)): "rank",
        str(PARENT_PK): "parent",
        TITLE: "title",
        PARENT_TITLE: "parent_title",
        URL: "url",
        HERE: "here",
        **{mark: name for name, mark in moments.items()},
    }
    if row.kind.has_source:
        marks[row.texts["source"]] = "source"
    any_mark = "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True))
    pieces = re.split(f"({any_mark})", text)
    names = [marks[mark] for mark in pieces[1::2]]
    is_whole = not any(LEFT_OVER.search(piece) for piece in pieces[::2])
    if not is_whole or len(moments.keys() & set(names)) not in {0, len(moments)}:
        return None
    pieces[1::2] = names
    return pieces


def _filled(pattern: list[str], texts: dict[str, str]) -> str:
    pieces = list(pattern)
    pieces[1::2] = [texts[name] for name in pattern[1::2]]
    return "".join(pieces)

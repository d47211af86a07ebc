"""Finding one groupement among a thousand: by a part of its name, fifty on a page."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.utils.text import slugify

from regions.models import Groupement

PER_PAGE = 50


def named(rows: QuerySet[Groupement], words: str) -> QuerySet[Groupement]:
    """Those of which the name holds these words, with or without its accents: by the code too, which has none."""
    code = slugify(words)
    return rows.filter(Q(name__icontains=words) | (Q(code__contains=code) if code else Q(pk=None)))


def page_of(rows: QuerySet[Groupement], number: str | None):
    """One page of them; the first or the last when there is no such page."""
    return Paginator(rows, PER_PAGE).get_page(number)


def asked_beside_page(query) -> str:
    """The question of an address without its page, to lead to another."""
    asked = query.copy()
    asked.pop("page", None)
    return asked.urlencode()

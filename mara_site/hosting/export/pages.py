"""The pages of a groupement as texts: every field with its label, as HTML that links to the files beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from modelcluster.models import get_all_child_relations
from wagtail.blocks.stream_block import StreamValue
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.rich_text import RichText

from regions.models import Groupement

# Of what Wagtail keeps about every page, what says something to a reader; the rest is in the JSON.
_TOLD_OF_EVERY_PAGE = frozenset({"seo_title", "search_description", "first_published_at", "last_published_at"})
_NOTHING = SafeString()
_MEDIA = re.compile(rf'(?P<before>(?:src|href|srcset)="){re.escape(settings.MEDIA_URL)}(?P<name>[^"?\s]+)')


@dataclass(frozen=True)
class Field:
    """One field of a page: its label and its value as HTML."""

    label: str
    html: SafeString


def pages_of(groupement: Groupement) -> Iterator[Page]:
    """Every page of a groupement, drafts included, in each language, as its own type, in the order of the tree."""
    for root in groupement.roots.order_by("path"):
        yield from Page.objects.descendant_of(root, inclusive=True).order_by("path").specific().iterator()


def fields_of(page: Page) -> list[Field]:
    """The fields of a page that hold something, then the rows that belong to it."""
    own = [field for field in page._meta.concrete_fields if not _is_technical(field)]
    found = [Field(_label(field), _html(page, field)) for field in own]
    for field in page._meta.many_to_many:
        found.append(
            Field(_label(field), format_html_join("", "<p>{}</p>", ((name,) for name in _names(page, field))))
        )
    for relation in get_all_child_relations(type(page)):
        found += _rows(page, relation)
    return [field for field in found if field.html]


def names_of(page: Page) -> dict[str, list[str]]:
    """What a page is filed under, by the name of the field: its data hold the numbers of these only."""
    return {field.name: _names(page, field) for field in page._meta.many_to_many}


def with_local_files(html: str) -> tuple[str, set[str]]:
    """The HTML with its uploaded files as links beside it, and the names of those files."""
    names = {match["name"] for match in _MEDIA.finditer(html)}
    return _MEDIA.sub(lambda match: f"{match['before']}../fichiers/{match['name']}", html), names


def _names(page: Page, field: models.ManyToManyField) -> list[str]:
    return [str(one) for one in getattr(page, field.name).all()]


def _rows(page: Page, relation: Any) -> list[Field]:
    label = capfirst(str(relation.related_model._meta.verbose_name))
    found = []
    for row in getattr(page, relation.get_accessor_name()).all():
        own = [field for field in row._meta.concrete_fields if not _is_technical(field) and not field.is_relation]
        cells = [(_label(field), html) for field in own if (html := _html(row, field))]
        found.append(Field(label, format_html_join("", "<p>{} :</p>{}", cells)))
    return found


def _is_technical(field: models.Field) -> bool:
    if field.model is Page:
        return field.name not in _TOLD_OF_EVERY_PAGE
    return field.primary_key or not field.editable or isinstance(field, models.UUIDField)


def _label(field: models.Field) -> str:
    return capfirst(str(field.verbose_name))


def _html(row: models.Model, field: models.Field) -> SafeString:
    value = getattr(row, field.name)
    if value in (None, "", [], {}) or value is False:
        return _NOTHING
    if isinstance(value, StreamValue):
        return format_html("{}", value.render_as_block())
    if isinstance(field, RichTextField):
        return format_html("{}", RichText(value))
    if isinstance(value, FieldFile):
        return format_html('<a href="{}">{}</a>', value.url, value.name) if value else _NOTHING
    if field.choices:
        value = getattr(row, f"get_{field.name}_display")()
    lines = str(formats.localize(value)).splitlines()
    return format_html_join("", "<p>{}</p>", ((line,) for line in lines))

"""What a form may point at: its author's own things, and what the nation offers to all.

Choosers list no more than that; forms hold the same rule, whatever they are sent. Each compares what it is
sent with what the page held already, and refuses what is new and out of reach, in fields, streams and rich
text alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import ForeignKey, ManyToManyField, Model
from wagtail.documents import get_document_model
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model
from wagtail.models import Page

if TYPE_CHECKING:
    from regions.reach import Reach

# Closed national lists, and what is the same for everyone.
FREE = frozenset(
    {
        "resources.Theme",
        "resources.Audience",
        "resources.ContactCategory",
        "core.NationalTag",
        "wagtailcore.Locale",
        "contenttypes.ContentType",
    }
)
_ENTITIES = "a[id], embed[id]"


@dataclass(frozen=True)
class Reference:
    """One thing that a value points at, and where in the value: ``place`` is a path of block ids and names."""

    model: type[Model]
    pk: str
    place: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Pages of all types are known by the same number."""
        model = Page if issubclass(self.model, Page) else self.model
        return model._meta.label, self.pk


def is_within(reach: Reach, reference: Reference) -> bool:
    """Whether a person may point at a thing; a kind of thing nobody thought of is refused."""
    model, pk = reference.model, reference.pk
    if reach.everything or model._meta.label in FREE:
        return True
    rows = _allowed(reach, model)
    return rows is not None and pk.isdigit() and rows.filter(pk=pk).exists()


def _allowed(reach: Reach, model: type[Model]):
    if issubclass(model, Page):
        return reach.linkable
    if issubclass(model, get_image_model()):
        return reach.images()
    if issubclass(model, get_document_model()):
        return reach.documents()
    if issubclass(model, get_user_model()):
        return reach.people
    return reach.groups if model is Group else None


def of_value(field, value) -> Iterator[Reference]:
    """What the value of a model's field points at; ``value`` as the form was sent it."""
    if isinstance(field, RichTextField | StreamField):
        if not value:
            return
        if isinstance(field, StreamField):
            value.get_prep_value()  # gives an identifier to the blocks that have none
        for model, pk, _model_path, content_path in field.extract_references(value):
            yield Reference(model, str(pk), tuple(content_path.split(".")) if content_path else ())
    elif isinstance(field, ManyToManyField):
        for row in value or ():
            yield Reference(field.related_model, str(getattr(row, "pk", row)))
    elif isinstance(field, ForeignKey) and value not in (None, ""):
        yield Reference(field.related_model, str(getattr(value, "pk", value)))


def without(field, value, refused: list[Reference], initial):
    """The value without what was refused: the text stays, the choice is empty again."""
    if isinstance(field, RichTextField):
        return _text_without(value, refused)
    if isinstance(field, StreamField):
        blocks = value.get_prep_value()
        for reference in refused:
            _empty(blocks, reference.place, refused)
        return field.stream_block.to_python(blocks)
    return initial


def _empty(value, place: tuple[str, ...], refused: list[Reference]) -> None:
    """Empty the choice, or clean the text, at a place of a stream."""
    name, *rest = place
    holder, key = value, name
    if isinstance(value, list):
        holder, key = next((block for block in value if block.get("id") == name), None), "value"
    if holder is None:
        return
    inner = holder.get(key)
    if isinstance(inner, list | dict) and rest:
        _empty(inner, tuple(rest), refused)
    else:
        holder[key] = _text_without(inner, refused) if isinstance(inner, str) else None


def _text_without(html: str, refused: list[Reference]) -> str:
    soup = BeautifulSoup(html, "html.parser")
    numbers = {reference.pk for reference in refused}
    for entity in soup.select(_ENTITIES):
        if entity["id"] in numbers:
            entity.unwrap() if entity.name == "a" else entity.decompose()
    return str(soup)

"""Writes hostile texts wherever somebody may write a text, as the forms would let them through.

What a field's own validators refuse is not stored by any form, and not written here; rich text goes through the
editor's own conversion. Everything else is written as it is.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.test import override_settings
from wagtail import blocks
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.rich_text import features
from wagtail_localize.models import StringSegment, StringTranslation

from core.blocks import StoryBlock
from tests.stored_xss.payloads import PAYLOADS

# Rows that the software writes by itself, or that say who somebody is.
UNTOUCHED_APPS = frozenset({"contenttypes", "sessions", "mfa", "usersessions", "account", "wagtailsearch"})
UNTOUCHED_MODELS = frozenset(
    {"IndexEntry", "EventPublication", "ReferenceIndex", "EditingSession", "Template", "String"}
)
# What is computed, an address, or a rule that its form reads before it keeps it.
UNTOUCHED = frozenset(
    {
        *("path", "url_path", "folded", "sort_key", "language_code", "hostname", "password", "code", "recurrence"),
        *("contentpath", "content_path", "position", "action", "codename", "file", "locale", "key", "key_hash"),
        *("object_id", "field_path", "content_json", "schema_version", "data_json", "attrs", "old_path", "uid"),
        *("redirect_page_route_path", "etag", "last_modified"),
    }
)
LONGEST = 40_000


class Poison:
    """Takes the payloads in turn, so that each is written in many places and each place holds as many as it can.

    Attributes:
        written: how many texts of each field were written.
        closed: the fields whose validators refuse every payload.
    """

    def __init__(self, start: int = 0) -> None:
        self.written: Counter[str] = Counter()
        self.closed: set[str] = set()
        self.stored: set[str] = set()
        # No form lets the null character in, nor does PostgreSQL.
        texts = [text.replace("\x00", "") for text in (*PAYLOADS[start:], *PAYLOADS[:start])]
        self._turn = cycle(texts)

    def pour(self) -> None:
        """Write in every row of every table."""
        for model in apps.get_models():
            if model._meta.app_label not in UNTOUCHED_APPS and model.__name__ not in UNTOUCHED_MODELS:
                self._pour_in(model)
        self._translate()
        # No screen that is opened asks the administration's search: its index would take most of the time.
        unsearched = {
            name: {**backend, "AUTO_UPDATE": False} for name, backend in settings.WAGTAILSEARCH_BACKENDS.items()
        }
        with override_settings(WAGTAILSEARCH_BACKENDS=unsearched):
            for page in Page.objects.specific().iterator():
                # What the editing screens open.
                page.save_revision(clean=False)

    def _translate(self) -> None:
        """What whoever translates types for each passage: it is judged when it is saved."""
        for segment in StringSegment.objects.select_related("context", "source"):
            for translation in segment.source.translations.all():
                StringTranslation.objects.update_or_create(
                    translation_of=segment.string,
                    locale=translation.target_locale,
                    context=segment.context,
                    defaults={"data": next(self._turn), "translation_type": "manual"},
                )
                self.written["wagtail_localize.StringTranslation.data"] += 1

    def _pour_in(self, model: type[models.Model]) -> None:
        fields = [field for field in model._meta.local_concrete_fields if self._takes_text(field)]
        for row in model._base_manager.all() if fields else ():
            for field in fields:
                if (value := self._for(field, row)) is not None:
                    self._write(model, row.pk, field, value)

    @staticmethod
    def _takes_text(field: models.Field) -> bool:
        if isinstance(field, StreamField):
            return True
        return (
            isinstance(field, models.CharField | models.TextField)
            and not (field.choices or field.primary_key or field.remote_field)
            and field.name not in UNTOUCHED
            and field.editable
        )

    def _for(self, field: models.Field, row: models.Model):
        if isinstance(field, StreamField):
            return self._stream(field.stream_block, list(getattr(row, field.attname).raw_data))
        if isinstance(field, RichTextField):
            return self._rich_text(field.features)
        return self._text(f"{row._meta.label}.{field.name}", field.max_length, field)

    def _write(self, model, pk, field: models.Field, value) -> None:
        try:
            with transaction.atomic():
                model._base_manager.filter(pk=pk).update(**{field.attname: value})
        except DatabaseError as error:  # a rule of the table's: no form writes it either
            self.closed.add(f"{model._meta.label}.{field.name}: {str(error).splitlines()[0]}")
        else:
            self.written[f"{model._meta.label}.{field.name}"] += 1

    def _text(self, name: str, longest: int | None, field) -> str | None:
        """As many payloads as fit and are let through; the ones that follow next time."""
        room, chosen = min(longest or LONGEST, LONGEST), []
        for payload in islice(self._turn, len(PAYLOADS)):
            if sum(map(len, chosen)) + len(chosen) + len(payload) <= room:
                if self._passes(field, " ".join([*chosen, payload])):
                    chosen.append(payload)
            elif chosen:
                break
        if not chosen:
            self.closed.add(f"{name}: its validators")
            return None
        self.stored.update(chosen)
        return " ".join(chosen)

    @staticmethod
    def _passes(field, value: str) -> bool:
        try:
            field.run_validators(value)
            if hasattr(field, "widget"):  # a form's field, which is a block's
                field.clean(value)
        except ValidationError:
            return False
        return True

    def _rich_text(self, wanted: list[str] | None) -> str:
        """What the editor sends back, with the payloads as its text, its links and its titles."""
        wanted = wanted or features.get_default_features()
        texts = list(islice(self._turn, len(PAYLOADS)))
        entities = {
            str(number): {"type": "LINK", "mutability": "MUTABLE", "data": {"url": text}}
            for number, text in enumerate(texts)
        }
        lines = [
            {
                "key": f"b{number:04}",
                "text": text,
                "type": "unstyled",
                "depth": 0,
                "inlineStyleRanges": [],
                "entityRanges": [{"offset": 0, "length": 3, "key": number}],
            }
            for number, text in enumerate(texts)
        ]
        return ContentstateConverter(wanted).to_database_format(json.dumps({"blocks": lines, "entityMap": entities}))

    def _stream(self, block: blocks.StreamBlock, raw: list) -> list:
        if isinstance(block, StoryBlock):
            raw = [*raw, *_samples(block, {child["type"] for child in raw})]
        return [
            {**child, "value": self._block(block.child_blocks[child["type"]], child["value"])}
            for child in raw
            if child["type"] in block.child_blocks
        ]

    def _block(self, block: blocks.Block, raw):
        name = f"{type(block).__name__} {block.name}"
        if isinstance(block, blocks.BaseStructBlock):
            known = block.child_blocks
            return {key: self._block(known[key], value) for key, value in raw.items() if key in known}
        if isinstance(block, blocks.BaseStreamBlock):
            return self._stream(block, raw)
        if isinstance(block, blocks.ListBlock):
            items = [item if isinstance(item, dict) and "value" in item else {"value": item} for item in raw]
            return [{"type": "item", **item, "value": self._block(block.child_block, item["value"])} for item in items]
        if isinstance(block, blocks.RichTextBlock):
            self.written[name] += 1
            return self._rich_text(block.features)
        if isinstance(raw, str) and isinstance(block, blocks.CharBlock | blocks.TextBlock | blocks.URLBlock):
            self.written[name] += 1
            return self._text(name, getattr(block.field, "max_length", None), block.field) or raw
        return raw


def _samples(block: blocks.StreamBlock, present: set[str]) -> Iterator[dict]:
    """A block of each kind that a body lacks, but for those that need a file or a page."""
    for name, child in block.child_blocks.items():
        value = child.meta.preview_value
        whole = not isinstance(value, dict) or None not in value.values()
        if name not in present and value and whole:
            yield {"type": name, "value": child.get_prep_value(child.normalize(value)), "id": f"x-{name}"}

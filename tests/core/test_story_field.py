"""The body of a page stays out of migrations, and a migration loses nothing of it."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from wagtail.fields import StreamField

from core.blocks import StoryBlock
from core.fields import StoryField
from resources.frames.blocks import AnswersBlock
from tests.factories import catalogue, pages

STORY = [
    {"type": "heading_block", "value": {"text": "Avant", "level": "h2"}, "id": "11111111-0000-4000-8000-000000000001"},
    {"type": "rich_text", "value": "<p>Bonjour.</p>", "id": "11111111-0000-4000-8000-000000000002"},
    {
        "type": "steps",
        "value": {
            "title": "",
            "steps": [
                {"type": "item", "value": {"title": "Un", "text": ""}, "id": "11111111-0000-4000-8000-000000000003"}
            ],
        },
        "id": "11111111-0000-4000-8000-000000000004",
    },
]


def fields() -> list[tuple[str, str]]:
    """Every field of the project that holds blocks, by model and name."""
    return [
        (model._meta.label, field.name)
        for model in apps.get_models()
        if model._meta.app_label in catalogue.PROJECT_APPS
        for field in model._meta.local_fields
        if isinstance(field, StreamField)
    ]


def test_story_fields__of_every_model__are_ours():
    assert len(fields()) >= 6
    for label, name in fields():
        field = apps.get_model(label)._meta.get_field(name)
        assert isinstance(field, StoryField), f"{label}.{name}"
        # Bodies are stories; what groupements answer to one is no body.
        assert isinstance(field.stream_block, AnswersBlock if name == "answers" else StoryBlock)


def test_story_field__written_in_a_migration__names_no_block():
    _name, path, args, kwargs = StoryField(StoryBlock(), blank=True).deconstruct()
    assert path == "core.fields.StoryField"
    assert args == [[]]
    assert kwargs == {"blank": True}


def raw_body(page) -> list:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM resources_standardpage WHERE page_ptr_id = %s", [page.pk])
        return json.loads(cursor.fetchone()[0])


@pytest.mark.parametrize("save", ["whole", "one field"])
def test_story_field__saved_by_a_historical_model__loses_nothing(world, save):
    page = pages.standard(world.national, "Mentions", body=STORY)
    before = raw_body(page)
    assert [block["type"] for block in before] == ["heading_block", "rich_text", "steps"]
    historical = MigrationLoader(connection).project_state().apps.get_model("resources", "StandardPage")
    old = historical.objects.get(pk=page.pk)
    old.summary = "Revu par une migration"
    old.save() if save == "whole" else old.save(update_fields=["summary", "body"])
    assert raw_body(page) == before
    fresh = type(page).objects.get(pk=page.pk)
    assert fresh.summary == "Revu par une migration"
    assert "Bonjour." in str(fresh.body)

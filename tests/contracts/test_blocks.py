"""Every block of a page's body: named, explained by a sample, and harmless whatever is typed into it."""

from __future__ import annotations

import json
import re

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.template.loader import get_template
from wagtail import blocks
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.rich_text import expand_db_html

from core.blocks import StoryBlock
from core.blocks.text import RICH_TEXT_FEATURES
from tests.factories import catalogue, pages

STORY = StoryBlock()
NAMES = sorted(STORY.child_blocks)
every_block = pytest.mark.parametrize("name", NAMES)

ATTACK = '<script>alert(1)</script><img src=x onerror="alert(2)"><a href="javascript:alert(3)">ici</a>'


def sample(world, name: str):
    """A block's sample, with a real image, file or contact where only the library could give one."""
    raw = STORY.child_blocks[name].meta.preview_value
    if isinstance(raw, dict):
        real = {
            "image": lambda: catalogue.image(alt_text="Une rade").pk,
            "document": lambda: pages.document().pk,
            "contact": lambda: pages.contact(world.home(world.a)).pk,
        }
        raw = {key: real[key]() if value is None else value for key, value in raw.items()}
    return raw


def render(name: str, raw) -> str:
    story = STORY.to_python([{"type": name, "value": raw, "id": "b1"}])
    return story.stream_block.render(story)


def leaves(block) -> list:
    """The simple blocks inside a block, at any depth."""
    if isinstance(block, blocks.BaseStructBlock | blocks.BaseStreamBlock):
        return [leaf for child in block.child_blocks.values() for leaf in leaves(child)]
    return leaves(block.child_block) if isinstance(block, blocks.ListBlock) else [block]


@every_block
def test_block__its_definition__is_complete(name):
    block = STORY.child_blocks[name]
    assert str(block.label)
    assert block.meta.icon not in {"", "placeholder"}
    assert str(block.meta.group), f"{name} is in no group of the block chooser"
    assert block.meta.preview_value, f"{name} has no sample"
    assert block.meta.template.startswith("blocks/")
    assert get_template(block.meta.template)


def test_blocks__their_names_and_templates__differ():
    labels = [str(STORY.child_blocks[name].label) for name in NAMES]
    templates = [STORY.child_blocks[name].meta.template for name in NAMES]
    assert len(set(labels)) == len(labels)
    assert len(set(templates)) == len(templates)


@every_block
def test_block__its_sample__is_valid_and_rendered(world, name):
    raw = sample(world, name)
    value = STORY.child_blocks[name].to_python(raw)
    STORY.child_blocks[name].clean(value)
    rendered = render(name, raw)
    text = BeautifulSoup(rendered, "html.parser").get_text(" ", strip=True)
    if name == "image_block":
        assert re.search(r'<img [^>]*alt=""', rendered)
    else:
        assert text
    assert "None" not in text
    assert "{{" not in rendered
    assert not BeautifulSoup(rendered, "html.parser").select("h1, script, iframe, [style], [onclick]")


@every_block
def test_block__emptied_of_what_it_showed__renders_without_it(name):
    raw = STORY.child_blocks[name].meta.preview_value
    rendered = render(name, raw)
    assert "None" not in rendered
    assert "src=" not in rendered


@every_block
def test_block__markup_typed_into_a_field__is_shown_as_text(world, name):
    raw = sample(world, name)

    def poison(value, block):
        if isinstance(block, blocks.StructBlock):
            return {key: poison(value.get(key), child) for key, child in block.child_blocks.items()}
        if isinstance(block, blocks.ListBlock):
            return [poison(item, block.child_block) for item in value]
        is_words = isinstance(block, blocks.CharBlock | blocks.TextBlock) and not isinstance(block, blocks.URLBlock)
        return ATTACK if is_words else value

    block = STORY.child_blocks[name]
    soup = BeautifulSoup(render(name, poison(raw, block)), "html.parser")
    assert not soup.select("script, [onerror], a[href^='javascript:'], img[src='x']")


@every_block
def test_block__its_fields__let_no_markup_through(name):
    for leaf in leaves(STORY.child_blocks[name]):
        assert not isinstance(leaf, blocks.RawHTMLBlock)
        if isinstance(leaf, blocks.RichTextBlock):
            assert set(leaf.features) == set(RICH_TEXT_FEATURES)


def test_rich_text__dangerous_content_posted_by_an_editor__is_dropped():
    posted = {
        "blocks": [
            {
                "key": "a",
                "type": "header-one",
                "text": "Titre",
                "depth": 0,
                "inlineStyleRanges": [],
                "entityRanges": [],
            },
            {
                "key": "b",
                "type": "unstyled",
                "text": f"Voir ici {ATTACK}",
                "depth": 0,
                "inlineStyleRanges": [{"offset": 0, "length": 4, "style": "CODE"}],
                "entityRanges": [{"key": 0, "offset": 5, "length": 3}],
            },
        ],
        "entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(3)"}}},
    }
    stored = ContentstateConverter(RICH_TEXT_FEATURES).to_database_format(json.dumps(posted))
    shown = BeautifulSoup(expand_db_html(stored), "html.parser")
    assert not shown.select("script, img, h1, code, [onerror], a[href]")
    assert "Voir ici" in shown.get_text()


def test_image_block__neither_described_nor_decorative__is_refused(db):
    block = STORY.child_blocks["image_block"]
    picture = catalogue.image()
    value = block.to_python({"image": picture.pk, "alt_text": " ", "decorative": False, "caption": ""})
    with pytest.raises(ValidationError):
        block.clean(value)
    described = block.to_python({"image": picture.pk, "alt_text": "La rade", "decorative": False, "caption": ""})
    assert 'alt="La rade"' in block.render(block.clean(described))

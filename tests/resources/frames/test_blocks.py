"""The blocks of a frame: their samples, and what they refuse."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from resources.frames.answers import read_raw, write
from resources.frames.blocks import FRAME_BLOCKS, FrameStoryBlock
from tests.factories import frames

STORY = FrameStoryBlock()


@pytest.mark.parametrize("name", sorted(FRAME_BLOCKS))
def test_frame_block__its_sample__is_valid_and_in_a_group(db, name):
    block = STORY.child_blocks[name]
    block.clean(block.to_python(block.meta.preview_value))
    assert str(block.meta.group)
    assert str(block.label)


def test_slot_of_contacts__without_a_category__is_refused(db):
    block = STORY.child_blocks["local_slot"]
    with pytest.raises(ValidationError):
        block.clean(block.to_python(frames.slot("c", kind="contacts")["value"]))


def test_slot__its_question__is_not_searched():
    story = STORY.to_python([frames.slot("s1"), frames.text("t1", "Visible.")])
    assert STORY.get_searchable_content(story) == ["Visible."]


def test_answers__written_and_read_back__are_the_same():
    given = frames.given({"s1": "Un", "s2": "Deux"}, left_out={"o1": "Sans objet"}, revision=7, digest="abc")
    again = read_raw(write(given))
    assert again == given
    assert write(again) == write(given), "identifiers are steady: the history recognises each answer"

"""The texts of a block, each as one types it in an ordinary field, and the block with some of them typed again."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from wagtail import blocks

from exchanges.corrections import texts
from resources.frames.blocks import SLOT, FrameStoryBlock


@dataclass(frozen=True)
class Passage:
    """One text of a block.

    Attributes:
        path: where it is in the block's value; empty for the whole value.
        label: what the national editor's form calls it.
        text: its words, as one types them.
        is_line: it holds on one line, without paragraphs.
        is_rich: it keeps links and bold where it was not touched.
        is_required: the block may not go without it.
        max_length: in characters; ``None`` where there is no limit.
    """

    path: str
    label: str
    text: str
    is_line: bool = False
    is_rich: bool = False
    is_required: bool = False
    max_length: int | None = None

    @property
    def field_name(self) -> str:
        """Of the field in which it is typed."""
        return f"passage_{self.path.replace('/', '_')}"


@cache
def _story() -> FrameStoryBlock:
    return FrameStoryBlock()


def passages(block: Mapping) -> list[Passage]:
    """The texts of a raw block in reading order, empty ones included; none for what has no text of its own."""
    definition = _story().child_blocks.get(block.get("type", ""))
    if definition is None or block["type"] == SLOT:
        return []
    return list(_walk(definition, block["value"], "", ""))


def revised(block: Mapping, typed: Mapping[str, str]) -> Any:
    """The value of a raw block with some of its texts typed again.

    Args:
        typed: the new texts, by ``path``; what is not in the block any more is left out.
    """
    value = copy.deepcopy(block["value"])
    for passage in passages(block):
        if passage.path not in typed:
            continue
        words = typed[passage.path]
        if passage.path == "":
            return texts.to_html(value, words)
        *above, last = passage.path.split("/")
        holder = value
        for step in above:
            holder = _item(holder, step)["value"] if isinstance(holder, list) else holder[step]
        if isinstance(holder, list):
            holder, last = _item(holder, last), "value"
        holder[last] = texts.to_html(holder[last], words) if passage.is_rich else _plain(passage, words)
    return value


def _plain(passage: Passage, words: str) -> str:
    return " ".join(words.split()) if passage.is_line else words.replace("\r\n", "\n").strip()


def _item(rows: list, key: str) -> dict:
    return next(row for row in rows if row.get("id") == key)


def _walk(definition, value, path: str, label: str) -> Iterator[Passage]:
    if isinstance(definition, blocks.RichTextBlock):
        yield Passage(path, label, texts.of_html(value or ""), is_rich=True, is_required=definition.required)
    elif isinstance(definition, blocks.CharBlock | blocks.TextBlock):
        is_line = isinstance(definition, blocks.CharBlock)
        limit = definition.field.max_length
        yield Passage(path, label, value or "", is_line, False, definition.required, limit)
    elif isinstance(definition, blocks.BaseStructBlock) and isinstance(value, dict):
        for name, child in definition.child_blocks.items():
            if name in value:
                yield from _walk(child, value[name], _join(path, name), _named(label, str(child.label)))
    elif isinstance(definition, blocks.ListBlock | blocks.BaseStreamBlock) and isinstance(value, list):
        yield from _items(definition, value, path)


def _items(definition, rows: list, path: str) -> Iterator[Passage]:
    """The texts of each item of a list or of a stream, under its name and its number."""
    counts: Counter[str] = Counter()
    for row in rows:
        if not isinstance(row, dict) or not row.get("id"):
            continue
        if isinstance(definition, blocks.ListBlock):
            child = definition.child_block
        else:
            child = definition.child_blocks.get(row.get("type"))
        if child is not None:
            name = str(child.label)
            counts[name] += 1
            yield from _walk(child, row.get("value"), _join(path, row["id"]), f"{name} {counts[name]}")


def _join(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name


def _named(above: str, label: str) -> str:
    """“Step 2 – Text”; “Step 2” alone for its own title."""
    if not above or above.rpartition(" ")[0] == label:
        return above or label
    return f"{above} – {label}"

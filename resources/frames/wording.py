"""The words of a raw block as lines to read, and what differs between two of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bs4 import BeautifulSoup

from resources.frames.blocks import OPTIONAL, SLOT

SAME, ADDED, REMOVED = "same", "added", "removed"
UNREAD = frozenset({"id", "type", "tone", "level", "kind", "categories", "theme", "required", "minimum", "decorative"})
LINE_TAGS = ("p", "li", "h2", "h3", "h4")
LIST_MARK = "• "
_WORDS = re.compile(r"\S+\s*")


@dataclass(frozen=True)
class Piece:
    """Some words of a line. ``kind``: ``same``, ``added`` or ``removed``."""

    kind: str
    text: str


def lines_of(block: dict | None) -> list[str]:
    """The words of a raw block of a story, a line for each paragraph; none for no block."""
    if block is None:
        return []
    value = block["value"]
    if block["type"] == OPTIONAL:
        inner = [line for part in value.get("body") or [] for line in lines_of(part)]
        return [line for line in [value.get("title") or "", *inner] if line]
    if block["type"] == SLOT:
        words = (value.get("title"), value.get("prompt"), value.get("example"))
        return [line.strip() for text in words for line in (text or "").splitlines() if line.strip()]
    return list(_lines_in(value))


def lines_of_html(html: str) -> list[str]:
    """The words of a rich text, a line for each paragraph and each item of a list."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all("br"):
        tag.replace_with("\n")
    found = []
    for tag in soup.find_all(LINE_TAGS):
        mark = LIST_MARK if tag.name == "li" else ""
        found += [mark + words for line in tag.get_text().split("\n") if (words := " ".join(line.split()))]
    return found or [words for line in soup.get_text().split("\n") if (words := " ".join(line.split()))]


def _lines_in(value) -> Iterator[str]:
    if isinstance(value, str):
        yield from lines_of_html(value) if "<" in value else filter(None, (row.strip() for row in value.splitlines()))
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in UNREAD:
                yield from _lines_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from _lines_in(part)


def compare(before: Sequence[str], after: Sequence[str]) -> list[list[Piece]]:
    """The lines of both texts in one sequence: what was taken out, what was added, word by word."""
    found: list[list[Piece]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [[Piece(SAME, line)] for line in after[j1:j2]]
            continue
        old, new = before[i1:i2], after[j1:j2]
        both = min(len(old), len(new))
        found += [_words(a, b) for a, b in zip(old[:both], new[:both], strict=True)]
        found += [[Piece(REMOVED, line)] for line in old[both:]]
        found += [[Piece(ADDED, line)] for line in new[both:]]
    return found


def _words(before: str, after: str) -> list[Piece]:
    """One line in place of another; two that have little in common are shown one after the other."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(None, [word.strip() for word in old], [word.strip() for word in new], autojunk=False)
    if matcher.ratio() < 0.3:
        return [Piece(REMOVED, before), Piece(ADDED, after)]
    pieces = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece(SAME, "".join(new[j1:j2])))
            continue
        if i1 < i2:
            pieces.append(Piece(REMOVED, "".join(old[i1:i2])))
        if j1 < j2:
            pieces.append(Piece(ADDED, "".join(new[j1:j2])))
    return pieces

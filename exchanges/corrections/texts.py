"""A rich text as one types it in an ordinary field, and back: what was not touched keeps its links and its bold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import Tag
from django.utils.html import escape

BULLET, NUMBER = "- ", "1. "
_BULLET = re.compile(r"^\s*[-•*]\s+")
_NUMBER = re.compile(r"^\s*\d{1,2}[.)]\s+")
_LISTS = {"ul": BULLET, "ol": NUMBER}


def of_html(html: str) -> str:
    """The words of a rich text.

    Paragraphs are set apart by an empty line; items of lists begin with “- ” or “1. ”.
    """
    rows: list[str] = []
    former = ""
    for kind, text, _html in _parts(html):
        if rows and not (kind and kind == former):
            rows.append("")
        rows.append(kind + text)
        former = kind
    return "\n".join(rows)


def to_html(before: str, text: str) -> str:
    """A rich text from what was typed, instead of another."""
    known = {(kind, _flat(words)): html for kind, words, html in _parts(before)}
    found, open_list = [], ""
    for kind, words in _rows(text):
        name = {BULLET: "ul", NUMBER: "ol"}.get(kind, "")
        if open_list and name != open_list:
            found.append(f"</{open_list}>")
        if name and name != open_list:
            found.append(f"<{name}>")
        open_list = name
        inner = known.get((kind, _flat(words))) or "<br/>".join(map(escape, words.split("\n")))
        found.append(f"<li>{inner}</li>" if name else f"<p>{inner}</p>")
    if open_list:
        found.append(f"</{open_list}>")
    return "".join(found)


def says_the_same(one: str, other: str) -> bool:
    """Whether two typed texts are the same but for spaces."""
    return [(kind, _flat(words)) for kind, words in _rows(one)] == [
        (kind, _flat(words)) for kind, words in _rows(other)
    ]


def _rows(text: str) -> Iterator[tuple[str, str]]:
    """The paragraphs and items that were typed."""
    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines: list[str] = []
        for line in filter(None, map(str.strip, paragraph.split("\n"))):
            kind = BULLET if _BULLET.match(line) else NUMBER if _NUMBER.match(line) else ""
            if not kind:
                lines.append(line)
                continue
            if lines:
                yield "", "\n".join(lines)
                lines = []
            yield kind, (_BULLET if kind == BULLET else _NUMBER).sub("", line)
        if lines:
            yield "", "\n".join(lines)


def _parts(html: str) -> Iterator[tuple[str, str, str]]:
    """What a rich text is made of: how the line begins, its words, its own marks."""
    for child in BeautifulSoup(html, "html.parser").children:
        if isinstance(child, Tag) and child.name in _LISTS:
            for item in child.find_all("li"):
                yield _LISTS[child.name], _words(item).replace("\n", " "), item.decode_contents()
        elif words := _words(child):
            yield "", words, child.decode_contents() if isinstance(child, Tag) else escape(str(child))


def _words(node) -> str:
    if not isinstance(node, Tag):
        return " ".join(str(node).split())
    copied = BeautifulSoup(node.decode(), "html.parser")
    for tag in copied.find_all("br"):
        tag.replace_with("\n")
    return "\n".join(" ".join(line.split()) for line in copied.get_text().split("\n") if line.strip())


def _flat(words: str) -> str:
    return " ".join(words.split())

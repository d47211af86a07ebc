"""Turns the demonstration's Markdown into what Wagtail stores: rich text, and the blocks of a story.

Besides paragraphs, lists, bold, italic and links, a text may hold directives:

    :::conseil Un titre
    …
    :::
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from demo.errors import ContentError
from demo.richtext import RichTextWriter, plain_text, show

NAMESPACE = uuid.UUID("6d617261-2d64-4d65-8d6f-2d636f6e7465")
TONES = {"info": "info", "attention": "attention", "conseil": "tip"}
DIRECTIVE = re.compile(r"^:::(?P<name>[a-z]+)(?:\s+(?P<title>.+?))?\s*$")
CLOSING = ":::"

Raw = dict[str, Any]
_parser = MarkdownIt("commonmark", {"html": False})


@dataclass
class _Part:
    """A stretch of text, or the inside of a directive, with the line where it begins."""

    name: str
    title: str
    text: str
    line: int


class StoryParser:
    """Parses one text. ``key`` makes the blocks' identifiers: the same text always gives the same ones.

    Args:
        key: the name of the text, the same in every language.
        resolve: gives the identifier of the page that an internal target (``guide:…``) points at.
        source: the file, for error messages.
        typography: what is done to every stretch of text before it is stored.
    """

    def __init__(
        self,
        *,
        key: str,
        resolve: Callable[[str], int],
        source: str = "",
        typography: Callable[[str], str] = str,
    ) -> None:
        self.key, self.resolve, self.source, self.typography = key, resolve, source or key, typography
        self._blocks = 0

    def story(self, text: str, *, first_line: int = 1) -> list[Raw]:
        """Return the raw data of a ``StoryBlock``.

        Raises:
            ContentError: when something is not allowed in a text, or leads nowhere; it says the line.
        """
        self._blocks = 0
        blocks: list[Raw] = []
        for part in self._parts(text, first_line):
            blocks += [self._directive(part)] if part.name else self._prose(part)
        return blocks

    def rich_text(self, text: str, *, first_line: int = 1) -> str:
        """Return the HTML of a rich text field: paragraphs and lists only."""
        tokens = _parser.parse(text)
        for token in tokens:
            if token.type == "heading_open":
                raise ContentError(self.source, _line(token, first_line), "a heading is not allowed here")
        return self._writer(first_line, self.key).write(tokens)

    # --- Parts ----------------------------------------------------------------------------------

    def _parts(self, text: str, first_line: int) -> Iterator[_Part]:
        part = _Part("", "", "", first_line)
        for number, line in enumerate(text.splitlines(), start=first_line):
            if line.strip() == CLOSING:
                if not part.name:
                    raise ContentError(self.source, number, "“:::” closes no directive")
                yield part
                part = _Part("", "", "", number + 1)
            elif line.startswith(CLOSING):
                found = DIRECTIVE.match(line)
                if part.name or not found:
                    raise ContentError(self.source, number, f"unexpected directive “{line.strip()}”")
                if part.text.strip():
                    yield part
                part = _Part(found["name"], (found["title"] or "").strip(), "", number + 1)
            else:
                part.text += line + "\n"
        if part.name:
            raise ContentError(self.source, part.line - 1, f"the directive “{part.name}” is never closed")
        if part.text.strip():
            yield part

    def _prose(self, part: _Part) -> list[Raw]:
        blocks: list[Raw] = []
        pending: list[Token] = []

        def flush() -> None:
            if pending:
                writer = self._writer(part.line, self._next_key())
                blocks.append(self._block("rich_text", writer.write(pending)))
                pending.clear()

        tokens = iter(_parser.parse(part.text))
        for token in tokens:
            if token.type != "heading_open":
                pending.append(token)
                continue
            flush()
            if token.tag not in {"h2", "h3"}:
                raise ContentError(self.source, _line(token, part.line), "only ## and ### headings are allowed")
            self._next_key()
            heading = self.typography(plain_text(next(tokens)))
            blocks.append(self._block("heading_block", {"text": heading, "level": token.tag}))
            next(tokens)
        flush()
        return blocks

    # --- Directives -----------------------------------------------------------------------------

    def _directive(self, part: _Part) -> Raw:
        key = self._next_key()
        tokens = _parser.parse(part.text)
        title = self.typography(part.title)
        if part.name in TONES:
            text = self._writer(part.line, key).write(tokens)
            return self._block("callout", {"tone": TONES[part.name], "title": title, "text": text})
        if part.name == "citation":
            author, _, role = part.title.partition(",")
            words = [self.typography(plain_text(token)) for token in tokens if token.type == "inline"]
            value = {"text": "\n\n".join(words), "author": author.strip(), "role": self.typography(role.strip())}
            return self._block("quote", value)
        if part.name == "etapes":
            items = self._steps(part, tokens, key)
            return self._block("steps", {"title": title, "steps": items})
        if part.name == "questions":
            items = self._questions(part, tokens, key)
            return self._block("accordion", {"title": title, "items": items})
        raise ContentError(self.source, part.line - 1, f"there is no directive “{part.name}”")

    def _steps(self, part: _Part, tokens: list[Token], key: str) -> list[Raw]:
        """Each item of the numbered list: ``**Title** : text``."""
        if not tokens or tokens[0].type != "ordered_list_open":
            raise ContentError(self.source, part.line, "steps are a numbered list")
        items = []
        for token in (token for token in tokens if token.type == "inline"):
            children = list(token.children or [])
            kinds = [child.type for child in children]
            kinds = kinds[1:] if kinds[:1] == ["text"] and not children[0].content else kinds
            children = children[-len(kinds) :]
            if kinds[:1] != ["strong_open"] or "strong_close" not in kinds:
                raise ContentError(self.source, _line(token, part.line), "a step begins with its title in bold")
            end = kinds.index("strong_close")
            rest = children[end + 1 :]
            if rest and rest[0].type == "text":
                rest[0].content = rest[0].content.lstrip(" :\u00a0")
            number = len(items)
            text = self._writer(part.line, f"{key}.{number}").paragraph(rest, _line(token, part.line))
            name = self.typography("".join(show(child) for child in children[1:end]).strip())
            items.append(self._item(f"{key}.{number}", {"title": name[:1].upper() + name[1:], "text": text}))
        return items

    def _questions(self, part: _Part, tokens: list[Token], key: str) -> list[Raw]:
        """Each ``### Question ?`` and what follows it."""
        found: list[tuple[str, list[Token]]] = []
        stream = iter(tokens)
        for token in stream:
            if token.type == "heading_open" and token.tag == "h3":
                found.append((self.typography(plain_text(next(stream))), []))
                next(stream)
            elif not found:
                raise ContentError(self.source, _line(token, part.line), "an answer comes before any “### question”")
            else:
                found[-1][1].append(token)
        items = []
        for number, (question, answer) in enumerate(found):
            if not answer:
                raise ContentError(self.source, part.line, f"the question “{question}” has no answer")
            text = self._writer(part.line, f"{key}.{number}").write(answer)
            items.append(self._item(f"{key}.{number}", {"question": question, "answer": text}))
        if not items:
            raise ContentError(self.source, part.line, "questions are headings “### …”, each with its answer")
        return items

    # --- Pieces ---------------------------------------------------------------------------------

    def _writer(self, first_line: int, key: str) -> RichTextWriter:
        return RichTextWriter(
            key=key, resolve=self.resolve, source=self.source, first_line=first_line, typography=self.typography
        )

    def _next_key(self) -> str:
        self._blocks += 1
        return f"{self.key}#{self._blocks}"

    def _block(self, kind: str, value: Any) -> Raw:
        return {"type": kind, "value": value, "id": str(uuid.uuid5(NAMESPACE, f"{self.key}#{self._blocks}"))}

    def _item(self, key: str, value: Raw) -> Raw:
        return {"type": "item", "value": value, "id": str(uuid.uuid5(NAMESPACE, key))}


def _line(token: Token, first_line: int) -> int:
    return first_line + (token.map[0] if token.map else 0)

"""Writes Markdown tokens as the HTML that Wagtail stores for rich text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from html import escape

from markdown_it.token import Token

from demo.errors import ContentError

BLOCKS = {
    "paragraph_open": "<p{key}>",
    "paragraph_close": "</p>",
    "bullet_list_open": "<ul>",
    "bullet_list_close": "</ul>",
    "ordered_list_open": "<ol>",
    "ordered_list_close": "</ol>",
    "list_item_open": "<li{key}>",
    "list_item_close": "</li>",
}
INLINES = {
    "strong_open": "<b>",
    "strong_close": "</b>",
    "em_open": "<i>",
    "em_close": "</i>",
    "link_close": "</a>",
    "hardbreak": "<br/>",
}
INTERNAL = ("guide:", "section:")
EXTERNAL = ("https://", "mailto:")


def show(token: Token) -> str:
    """The words of one inline token."""
    return " " if token.type in {"softbreak", "hardbreak"} else token.content


def plain_text(token: Token) -> str:
    """The words of an inline token and its children, without their markup."""
    return "".join(show(child) for child in token.children or [])


class RichTextWriter:
    """Writes one rich text value; see :class:`demo.markdown.StoryParser` for the arguments."""

    def __init__(
        self,
        *,
        key: str,
        resolve: Callable[[str], int],
        source: str,
        first_line: int,
        typography: Callable[[str], str],
    ) -> None:
        self.key, self.resolve, self.source = key, resolve, source
        self.first_line, self.typography = first_line, typography
        self._written = 0

    def write(self, tokens: Sequence[Token]) -> str:
        """Return the HTML of block tokens: paragraphs and lists."""
        html: list[str] = []
        inside_item = 0
        for token in tokens:
            line = self.first_line + (token.map[0] if token.map else 0)
            if token.type == "inline":
                html.append(self._inline(token.children or [], line))
                continue
            if token.type not in BLOCKS:
                raise ContentError(self.source, line, f"“{token.type}” is not allowed in a text")
            inside_item += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
            # A list item holds its text directly, whether or not a blank line separates the items.
            if not (inside_item and token.type.startswith("paragraph")):
                html.append(BLOCKS[token.type].format(key=self._block_key(token.type)))
        return "".join(html)

    def paragraph(self, children: Sequence[Token], line: int) -> str:
        """Return one paragraph made of inline tokens; nothing when there is nothing to say."""
        inside = self._inline(children, line).strip()
        if not inside:
            return ""
        # A list item goes on where its title ended: what is left is a sentence of its own.
        inside = inside[0].upper() + inside[1:]
        return f"<p{self._block_key('paragraph_open')}>{inside}</p>"

    def _inline(self, children: Sequence[Token], line: int) -> str:
        html: list[str] = []
        for token in children:
            if token.type == "text":
                html.append(escape(self.typography(token.content), quote=False))
            elif token.type == "softbreak":
                html.append(" ")
            elif token.type == "link_open":
                html.append(self._link(str(token.attrGet("href")), line))
            elif token.type in INLINES:
                html.append(INLINES[token.type])
            else:
                raise ContentError(self.source, line, f"“{token.type}” is not allowed in a text")
        return "".join(html)

    def _link(self, target: str, line: int) -> str:
        if target.startswith(INTERNAL):
            try:
                return f'<a id="{self.resolve(target)}" linktype="page">'
            except LookupError as error:
                raise ContentError(self.source, line, f"the link “{target}” leads nowhere") from error
        if not target.startswith(EXTERNAL):
            raise ContentError(self.source, line, f"the link “{target}” is neither internal nor https")
        return f'<a href="{escape(target)}">'

    def _block_key(self, kind: str) -> str:
        """The five letters by which Wagtail's editor knows a paragraph again."""
        if not kind.endswith("_open"):
            return ""
        self._written += 1
        digest = hashlib.sha256(f"{self.key}/{self._written}".encode()).hexdigest()
        return f' data-block-key="{digest[:5]}"'

"""The passage of a page that answers a question, with its words marked: made for the results shown only."""

from __future__ import annotations

import re
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.text import fold
from resources.index.analysis import parts, stem
from resources.index.asking import Asked

LENGTH = 220  # characters of a passage
MAX_MATCHES = 60
_VARIANTS = {"a": "aàâäáã", "c": "cç", "e": "eéèêë", "i": "iîïí", "o": "oôöóœ", "u": "uùûüú", "n": "nñ", "y": "yÿ"}


def extract(text: str, asked: Asked) -> SafeString:
    """Return the best passage of a text as safe HTML; its beginning when no word is found in it."""
    text = " ".join(text[:60_000].split())
    spans = _spans(text, asked)
    start, end = _window(text, spans)
    # Everything is escaped piece by piece: only our own <mark> is HTML.
    pieces = ["… " if start else ""]
    here = start
    for first, last in spans:
        if first >= here and last <= end:
            pieces += [escape(text[here:first]), "<mark>", escape(text[first:last]), "</mark>"]
            here = last
    pieces += [escape(text[here:end]), " …" if end < len(text) else ""]
    return mark_safe("".join(pieces))


def _spans(text: str, asked: Asked) -> list[tuple[int, int]]:
    """Where the words of the question are, in order."""
    wanted = asked.stems
    if not wanted:
        return []
    pattern = _pattern(frozenset(word[:3] for word in wanted if word))
    found = []
    for match in pattern.finditer(text):
        word = match.group()
        folded = parts(fold(word))
        if any(stem(piece, asked.language) in wanted for piece in folded) or "".join(folded) in wanted:
            found.append(match.span())
            if len(found) == MAX_MATCHES:
                break
    return found


@lru_cache(maxsize=512)
def _pattern(beginnings: frozenset[str]) -> re.Pattern:
    """Words that begin like one of the stems, whatever their accents: few enough to be read one by one."""
    options = sorted("".join(f"[{_VARIANTS.get(letter, letter)}]" for letter in word) for word in beginnings)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(options)})[^\W_]*", re.IGNORECASE)


def _window(text: str, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """The passage that holds the most different words, between two spaces."""
    if len(text) <= LENGTH:
        return 0, len(text)
    best, score = 0, -1
    for first, _last in spans:
        words = {text[a:b].lower()[:5] for a, b in spans if first <= a and b <= first + LENGTH - 40}
        if len(words) > score:
            best, score = first, len(words)
    start = max(0, best - 40)
    if start:
        start = text.find(" ", start, best) + 1 or best
    end = start + LENGTH
    if end >= len(text):
        return start, len(text)
    return start, max(text.rfind(" ", start, end), start + 1)

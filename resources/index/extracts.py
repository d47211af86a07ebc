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
NEAR = 150  # characters between the beginning of a passage and the first word found
MAX_MATCHES = 60
SEPARATOR = " · "  # between two facts of a page
_STARTS = re.compile(r"[.!?…] +(?=[^\W\d_a-z])| · (?=[^\W\d_])")
_VARIANTS = {"a": "aàâäáã", "c": "cç", "e": "eéèêë", "i": "iîïí", "o": "oôöóœ", "u": "uùûüú", "n": "nñ", "y": "yÿ"}


def extract(text: str, asked: Asked) -> SafeString:
    """Return the best passage of a text as safe HTML; its beginning when no word is found in it."""
    text = _in_one_line(text[:60_000])
    spans = _spans(text, asked)
    start, end = _window(text, spans)
    # Everything is escaped piece by piece: only our own <mark> is HTML.
    pieces = ["… " if start and not _begins(text, start) else ""]
    here = start
    for first, last in spans:
        if first >= here and last <= end:
            pieces += [escape(text[here:first]), "<mark>", escape(text[first:last]), "</mark>"]
            here = last
    pieces += [escape(text[here:end]), " …" if end < len(text) else ""]
    return mark_safe("".join(pieces))


def _in_one_line(text: str) -> str:
    """The texts of a page one after the other: nothing after a sentence, a point in the middle between two facts."""
    pieces: list[str] = []
    for line in text.split("\n"):
        if words := line.split():
            if pieces:
                pieces.append(" " if pieces[-1][-1] in ".!?…:;" else SEPARATOR)
            pieces.append(" ".join(words))
    return "".join(pieces)


def _begins(text: str, here: int) -> bool:
    """Whether a sentence, or another text of the page, begins here."""
    return text[:here].endswith((". ", "! ", "? ", "… ", SEPARATOR))


def _spans(text: str, asked: Asked) -> list[tuple[int, int]]:
    """Where the words of the question are, in order."""
    wanted = asked.stems
    if not wanted:
        return []
    pattern = _pattern(frozenset(word[:3] for word in wanted if word))
    found = []
    for match in pattern.finditer(text):
        if not wanted.isdisjoint(_read_as(match.group(), asked.language)):
            found.append(match.span())
            if len(found) == MAX_MATCHES:
                break
    return found


@lru_cache(maxsize=20_000)
def _read_as(word: str, language: str) -> tuple[str, ...]:
    """What a word of a text is found by: the stems of its parts, and its parts in one."""
    folded = parts(fold(word))
    return (*(stem(piece, language) for piece in folded), "".join(folded))


@lru_cache(maxsize=512)
def _pattern(beginnings: frozenset[str]) -> re.Pattern:
    """Words that begin like one of the stems, whatever their accents: few enough to be read one by one."""
    options = sorted("".join(f"[{_VARIANTS.get(letter, letter)}]" for letter in word) for word in beginnings)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(options)})[^\W_]*", re.IGNORECASE)


def _window(text: str, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """The passage that holds the most different words: from the beginning of a sentence where one is near."""
    if len(text) <= LENGTH:
        return 0, len(text)
    starts = {0} | {found.end() for found in _STARTS.finditer(text)}
    starts |= {_before(text, first) for first, _last in spans if not any(0 <= first - at <= NEAR for at in starts)}
    best, score = 0, -1
    for start in sorted(starts):
        words = {text[a:b].lower()[:5] for a, b in spans if start <= a and b <= start + LENGTH - 10}
        if len(words) > score or (len(words) == score and best):  # the beginning of the text, or else the nearest
            best, score = start, len(words)
    end = best + LENGTH
    if end >= len(text):
        return best, len(text)
    return best, max(text.rfind(" ", best, end), best + 1)


def _before(text: str, here: int) -> int:
    """A little before a word, where another word begins."""
    start = max(0, here - 40)
    return start and (text.find(" ", start, here) + 1 or here)

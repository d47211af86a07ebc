"""From what somebody typed to the words looked for: phrases, joined words, acronyms, synonyms.

The result is the same whichever engine answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.text import fold
from resources.index.analysis import analyse, compact, is_stop_word, parts, stem

MAX_LENGTH, MAX_WORDS = 200, 12
_PHRASE = re.compile(r"[\"“”«»]\s*([^\"“”«»]+?)\s*[\"“”«»]")
_SPELT = re.compile(r"(?<!\S)(?:[^\W_]\s+){1,5}[^\W_](?!\S)")
SYNONYM_WEIGHT, JOINED_WEIGHT = 0.75, 0.9


@dataclass(frozen=True)
class Alternative:
    """One way of satisfying a part of the question: words side by side, or one word."""

    stems: tuple[str, ...]
    weight: float = 1.0
    joined: bool = False  # a compound, looked for among those written in one word


@dataclass(frozen=True)
class Part:
    """One word or phrase of the question, with all that may stand for it."""

    typed: str  # folded, as typed
    alternatives: tuple[Alternative, ...]
    is_phrase: bool = False


@dataclass(frozen=True)
class Asked:
    """A question, read."""

    parts: tuple[Part, ...] = ()
    language: str = "fr"

    @property
    def stems(self) -> set[str]:
        """All the stems that an extract marks."""
        return {word for part in self.parts for option in part.alternatives for word in option.stems}

    @property
    def enough(self) -> int:
        """How many parts a page must hold when none holds them all: one of two, two of three, three of five."""
        return max(1, len(self.parts) - max(1, int(len(self.parts) * 0.4)))


def read(text: str, language: str = "fr", synonyms=None) -> Asked:
    """Read what somebody typed; anything is accepted, what is too long is cut."""
    text = compact(text.replace("\x00", " ").replace("’", "'")[:MAX_LENGTH])
    found: list[Part] = []
    for phrase in _PHRASE.findall(text):
        words = tuple(analyse(phrase, language).stems)
        if words:
            found.append(Part(fold(phrase), (Alternative(words),), is_phrase=True))
    rest = _SPELT.sub(_acronym, _PHRASE.sub(" ", text))
    found += _words(re.findall(r"[^\W_]+(?:['-][^\W_]+)*", fold(rest)), language, synonyms)
    return Asked(tuple(found[:MAX_WORDS]), language)


def _acronym(spelt: re.Match) -> str:
    """``v a e`` and ``2 c`` in one word; not “5 à 7”, nor figures alone."""
    signs = spelt.group().split()
    figures = [sign for sign in signs if sign.isdigit()]
    if len(figures) == len(signs) or (figures and not {"a", "à", "y", "ou", "et"}.isdisjoint(map(str.lower, signs))):
        return spelt.group()
    return "".join(signs)


def _words(typed: list[str], language: str, synonyms) -> list[Part]:
    """The parts of a question out of its folded words: the longest known expression first."""
    # Each piece with the number of pieces left in its word: a hyphenated word is looked for whole.
    tokens = [
        (piece, len(pieces) - rank) for word in typed for pieces in [parts(word)] for rank, piece in enumerate(pieces)
    ]
    result: list[Part] = []
    here = 0
    while here < len(tokens):
        length, expansions = synonyms.longest([piece for piece, _left in tokens[here:]]) if synonyms else (0, ())
        length = max(length, tokens[here][1])
        pieces = [piece for piece, _left in tokens[here : here + length]]
        here += length
        words = tuple(stem(piece, language) for piece in pieces if not is_stop_word(piece, language))
        if not words and not expansions:
            continue
        alternatives = [Alternative(words)] if words else []
        alternatives += [Alternative(expansion, weight) for expansion, weight in expansions if expansion != words]
        alternatives.append(Alternative(("".join(pieces),), JOINED_WEIGHT, joined=True))
        result.append(Part(" ".join(pieces), tuple(alternatives)))
    return result

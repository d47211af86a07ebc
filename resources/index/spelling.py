"""“Vouliez-vous dire”: corrections from the index's own words, offered only when they find something here.

The words of all pages are compared, those that this visitor may not read among them; a correction is only
ever offered once the question so corrected has found something in the visitor's scope.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import log

from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.text import fold
from resources.index import analysis, asking
from resources.index.asking import Asked, Part
from resources.index.documents import field_terms
from resources.index.local import LocalIndex
from resources.index.sounds import sound_of

REFRESH_SECONDS = 30
MIN_LENGTH, CANDIDATES = 3, 12
MIN_DOUBTED = 6  # shorter words have too many neighbours to doubt one that finds something
MANY_MORE = 3
SURE = 0.75  # a correction less near than this is offered only
CLOSE = 0.12  # two candidates nearer than this leave a doubt
SAME_BEGINNING, SAME_SOUND, FREQUENCY = 0.08, 0.15, 0.012  # what makes a candidate likelier


@dataclass
class Correction:
    """A question corrected; ``is_obvious`` when there is one way of reading it."""

    text: str
    asked: Asked
    is_obvious: bool


@dataclass
class Vocabulary:
    """The words of an index: folded, with how often and how they are written."""

    version: int
    read_at: float
    frequency: dict[str, int] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    by_length: dict[int, list[str]] = field(default_factory=dict)


_known: dict[str, Vocabulary] = {}


def vocabulary(index: LocalIndex) -> Vocabulary:
    """The words of this index; read again at most every half minute."""
    known = _known.get(index.generation)
    fresh = known and (known.version == index.version or time.monotonic() - known.read_at < REFRESH_SECONDS)
    if known and fresh and index.folder is not None:
        return known
    found = Vocabulary(index.version, time.monotonic())
    best: dict[str, int] = {}
    for word, frequency in index.vocabulary():
        folded = fold(word)
        found.frequency[folded] = found.frequency.get(folded, 0) + frequency
        if frequency > best.get(folded, 0):
            best[folded], found.written[folded] = frequency, word
    for word in found.frequency:
        found.by_length.setdefault(len(word), []).append(word)
    _known.clear()
    _known[index.generation] = found
    return found


def correct(text: str, asked: Asked, index: LocalIndex, synonyms, count: Callable[[Asked], int]) -> Correction | None:
    """Return the best correction of a question that finds nothing.

    Args:
        count: how many pages a question finds in the visitor's scope.
    """
    words = vocabulary(index)
    doubted = [part for part in asked.parts if _is_doubted(part, words, count, asked.language)]
    sure = tuple(part for part in asked.parts if part not in doubted)
    replaced: dict[str, str] = {}
    obvious = True
    for part in doubted:
        readings = _readings(part.typed, sure, words, asked.language, synonyms, count)
        if readings:
            replaced[part.typed] = readings[0].written
            obvious &= _is_obvious(readings)
    if not replaced:
        return None
    corrected = _replace(text, replaced)
    again = asking.read(corrected, asked.language, synonyms)
    return Correction(corrected, again, obvious) if count(again) else None


@dataclass
class Reading:
    """One way of reading a mistyped word: how it is written, how near it is, how many pages it finds here."""

    written: str
    score: float
    found: int


def _is_doubted(part: Part, words: Vocabulary, count: Callable[[Asked], int], language: str) -> bool:
    """Whether a part of a question that finds nothing may be mistyped: it finds nothing, or nobody wrote it so."""
    if part.is_phrase or " " in part.typed or len(part.typed) < MIN_LENGTH:
        return False
    unheard = len(part.typed) >= MIN_DOUBTED and part.typed not in words.frequency
    return unheard or not count(Asked((part,), language))


def _readings(typed: str, sure: tuple[Part, ...], words: Vocabulary, language: str, synonyms, count) -> list[Reading]:
    """The ways of reading a word beside those that are sure, the best first; one for each stem."""
    found: dict[str, Reading] = {}
    for word, score in _candidates(typed, words, synonyms.written if synonyms else {}):
        stem = analysis.stem(word, language)
        if stem in found or word == typed:
            continue
        meant = asking.read(word, language, synonyms).parts
        if number := count(Asked((*sure, *meant), language)):
            written = words.written.get(word) or synonyms.written[word]
            found[stem] = Reading(written, score, number)
    return list(found.values())


def better(text: str, asked: Asked, index: LocalIndex, synonyms, count: Callable[[Asked], int]) -> str:
    """Return the question as it was probably meant, or an empty text, when what was typed does find something.

    “Reconvertion” has the stem of *reconvertis*: it finds a few pages, and misses those about *reconversion*.
    Only a word that nobody wrote so is doubted, and only for one that finds several times more.

    Args:
        count: how many pages a question finds in the visitor's scope.
    """
    if all(index.searcher.doc_freq(field_terms, word) for word in analysis.written_words(text)):
        return ""  # written so by somebody: the usual question, and the words of the index need not be read
    words = vocabulary(index)
    replaced: dict[str, str] = {}
    for part in asked.parts:
        typed = part.typed
        if part.is_phrase or " " in typed or len(typed) < MIN_DOUBTED or typed in words.frequency:
            continue
        near = [word for word, _score in _candidates(typed, words) if OSA.distance(typed, word) == 1]
        if near:
            replaced[typed] = words.written[near[0]]
    if not replaced:
        return ""
    corrected = _replace(text, replaced)
    wanted = count(asked) * MANY_MORE
    return corrected if count(asking.read(corrected, asked.language, synonyms)) >= wanted else ""


def _candidates(word: str, words: Vocabulary, more: dict[str, str] | None = None) -> list[tuple[str, float]]:
    """Words near a misspelt one, the best first: those of the pages, and ``more``, which the editors' list knows."""
    reach = 1 if len(word) <= 4 else 2 if len(word) <= 9 else 3
    lengths = range(len(word) - reach, len(word) + reach + 1)
    near = {other for length in lengths for other in words.by_length.get(length, ())}
    near.update(other for other in more or () if len(other) in lengths)
    found = process.extract(word, sorted(near), scorer=OSA.distance, score_cutoff=reach, limit=200)
    sound = sound_of(word)
    scored = []
    for other, distance, _rank in found:
        score = 1 - distance / max(len(word), len(other))
        score += SAME_BEGINNING * (other[0] == word[0]) + SAME_SOUND * (sound_of(other) == sound)
        scored.append((other, score + FREQUENCY * log(1 + words.frequency.get(other, 0))))
    # What is being typed and not finished: one long word that begins so.
    if len(word) >= 5:
        longer = [other for other in words.frequency if other.startswith(word)]
        scored += [(other, 0.75 + FREQUENCY * log(1 + words.frequency[other])) for other in longer[:CANDIDATES]]
    return sorted(scored, key=lambda row: (-row[1], row[0]))[:CANDIDATES]


def _is_obvious(readings: list[Reading]) -> bool:
    """Whether the first reading stands out: nothing as near finds nearly as much."""
    first = readings[0]
    rivals = [other for other in readings[1:] if other.found * MANY_MORE > first.found]
    return first.score >= SURE and all(first.score - other.score >= CLOSE for other in rivals)


def _replace(text: str, replaced: dict[str, str]) -> str:
    """The text as it was typed, with the corrected words in the place of the others."""
    pieces, here = [], 0
    for found in analysis.WORD.finditer(text):
        whole = fold(found.group())
        new = replaced.get(whole) or replaced.get("-".join(analysis.parts(whole)))
        if new:
            pieces += [text[here : found.start()], new]
            here = found.end()
    return "".join([*pieces, text[here:]])


def forget() -> None:
    """Read the words again at the next correction."""
    _known.clear()

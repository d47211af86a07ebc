"""From French or English text to the words that are compared: the same path for pages and for questions.

Folding (accents, ligatures, capitals), elision, hyphens and dotted acronyms, stop words, stemming
(Snowball, by PyStemmer), numbers in one word whether or not their thousands are parted. Snowball's French
expects accents, which people leave out: the endings that it would no longer recognise are brought to a
common form first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import Stemmer

from core.text import fold

# To be raised with any change below: entries written before are then read again by themselves (following.look).
VERSION = 2
MAX_WORD_LENGTH = 40

WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}[^\W\d_]?")
_THOUSANDS = re.compile(r"(?<![\w.,+-])[1-9]\d{0,2}(?:[ \u00a0\u202f]\d{3})+(?!\w)")
_ELISIONS = frozenset(("l", "d", "j", "n", "s", "t", "m", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu"))
_FRENCH = """a ai ait as au aux avec c ca ce cela ces cet cette ceux d dans de des du elle elles en est et eu
etre etait etaient ete eux fait faire faut il ils j je l la le les leur leurs lui m ma mais me mes mon
meme moi n ne nos notre nous on ont ou par pas pour qu que quel quelle quelles quels qui quoi s sa
sans se sera ses si son sont sur t ta te tes ton toi tu un une vos votre vous y comment combien
donc dont lors afin ainsi comme peut peux dois doit puis"""
_ENGLISH = """a an and are as at be but by can do does for from had has have he her his how i if in into is it its
me my no not of on or our she so that the their them then there these they this to was we were what
when where which who will with you your"""
_STOP_WORDS = {"fr": frozenset(_FRENCH.split()), "en": frozenset(_ENGLISH.split())}
_ENDINGS = (
    (re.compile(r"ieres?$"), "ier"),
    (re.compile(r"(?<=\w\w)ees?$"), "e"),
    (re.compile(r"(?<=[a-z]{3})elles?$"), "el"),
    (re.compile(r"(?<=\w\w)trices?$"), "teur"),
    (re.compile(r"(?<=\w\w)euses?$"), "eur"),
    (re.compile(r"(?<=[a-z]{3})ennes?$"), "en"),
    (re.compile(r"(?<=[a-z]{3})aux$"), "al"),
)
_PLURAL = re.compile(r"(?<=[^s])s$")
_STEMMERS = {"fr": Stemmer.Stemmer("french"), "en": Stemmer.Stemmer("english")}


@dataclass
class Words:
    """The words of a text.

    Attributes:
        stems: in order; what is compared.
        joined: compounds in one word (``rendezvous``), which have no place in the order.
        spellings: each word as it is written, in lower case: what a correction may suggest.
    """

    stems: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    spellings: list[str] = field(default_factory=list)


def analysed_language(code: str) -> str:
    """The language whose rules apply to a language code; French by default."""
    return "en" if code.startswith("en") else "fr"


@lru_cache(maxsize=200_000)
def stem(word: str, language: str = "fr") -> str:
    """The stem of one folded word."""
    if len(word) <= 3 or not word.isalpha():
        return word  # acronyms
    if language == "fr" and len(word) > 4:
        word = _PLURAL.sub("", word)
        for ending, common in _ENDINGS:
            word, changed = ending.subn(common, word)
            if changed:
                break
    return _STEMMERS[language].stemWord(word)


def is_stop_word(word: str, language: str = "fr") -> bool:
    """Whether a folded word is too common to be looked for."""
    return word in _STOP_WORDS[language]


def compact(text: str) -> str:
    """``V.A.E.`` and ``60 000`` as one word each."""
    text = _DOTTED.sub(lambda found: found.group().replace(".", ""), text)
    return _THOUSANDS.sub(lambda found: "".join(found.group().split()), text)


def parts(word: str) -> list[str]:
    """The parts of a folded word as it is written: without its elision, hyphens and other apostrophes parting it."""
    pieces = word.split("'")
    while len(pieces) > 1 and pieces[0] in _ELISIONS:
        pieces.pop(0)
    return [part for part in "-".join(pieces).split("-") if part]


def written_words(text: str) -> Iterator[str]:
    """The words of a text as they are written, acronyms and numbers in one; in lower case, accents kept."""
    for found in WORD.finditer(compact(text.replace("’", "'").replace("\x00", " "))):
        yield found.group().lower()


def analyse(text: str, language: str = "fr") -> Words:
    """Return the words of a text."""
    words = Words()
    for written in written_words(text):
        pieces = parts(fold(written))
        for piece in pieces:
            if len(piece) <= MAX_WORD_LENGTH and piece not in _STOP_WORDS[language]:
                words.stems.append(stem(piece, language))
        if len(pieces) > 1:
            words.joined.append("".join(pieces)[:MAX_WORD_LENGTH])
        words.spellings += _spellings(written, language)
    return words


def _spellings(written: str, language: str) -> Iterator[str]:
    pieces = written.split("'")
    while len(pieces) > 1 and fold(pieces[0]) in _ELISIONS:
        pieces.pop(0)
    for piece in "-".join(pieces).split("-"):
        if 2 < len(piece) <= MAX_WORD_LENGTH and piece.isalpha() and fold(piece) not in _STOP_WORDS[language]:
            yield piece


def stems(text: str, language: str = "fr") -> list[str]:
    """Return the stems of a text, in order."""
    return analyse(text, language).stems

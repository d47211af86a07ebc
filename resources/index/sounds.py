"""How a French word sounds, roughly: two words with the same key are pronounced alike, whatever their letters.

A mistyped word is most often one written as it is heard (*reconvertion*, *parain*).
"""

from __future__ import annotations

import re
from functools import lru_cache

_RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"),
        (r"(?<=[a-z])(?:ss|t|x|s|c)ion", "sion"),
        (r"sc(?=[eiy])|c(?=[eiy])|z|x$", "s"),
        (r"qu?|ck?|ch(?=[rl])", "k"),
        (r"g(?=[eiy])", "j"),
        (r"gu(?=[eiy])", "g"),
        (r"h", ""),
        (r"y", "i"),
        (r"eaux?|aux?", "o"),
        (r"(?:ai|ei|i|u)[nm](?![aeiou])", "in"),
        (r"[ea][nm](?![aeiou])", "an"),
        (r"om(?=[bp])", "on"),
        (r"ai|ei", "e"),
        (r"(.)\1+", r"\1"),
        (r"(?<=[a-z]{3})(?:ent|es|e|s|t|d|p)$", ""),
    )
)


@lru_cache(maxsize=200_000)
def sound_of(word: str) -> str:
    """A key of how a folded word sounds; only good for comparing two."""
    for pattern, sound in _RULES:
        word = pattern.sub(sound, word)
    return word

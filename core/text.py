"""Small pieces of text handling for French readers."""

from __future__ import annotations

import math
import re
import unicodedata

WORDS_PER_MINUTE = 200
TAG = re.compile(r"<[^>]*>")  # in rich text, where "<" is an entity anywhere else
UNREAD = frozenset({"local_slot"})  # blocks whose words are for editors
_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "’": "'", "\x00": " ", "\u00a0": " ", "\u202f": " "}
)


def fold(text: str) -> str:
    """Return ``text`` in lower case, without accents, ligatures and typographic apostrophes.

    Used wherever French text is compared or sorted: PostgreSQL offers neither everywhere without an
    extension.
    """
    decomposed = unicodedata.normalize("NFD", text.translate(_LIGATURES))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def word_count(value) -> int:
    """Count the words of a text, or of everything that a block's raw value holds."""
    if isinstance(value, str):
        return len(TAG.sub(" ", value).split())
    if isinstance(value, dict):
        if value.get("type") in UNREAD:
            return 0
        return sum(word_count(part) for key, part in value.items() if key not in {"id", "type", "tone", "level"})
    if isinstance(value, list):
        return sum(word_count(part) for part in value)
    return 0


def story_minutes(story) -> int:
    """Return how many minutes an average reader needs for a StreamField's text, at least one."""
    return max(1, math.ceil(word_count(story.get_prep_value()) / WORDS_PER_MINUTE))

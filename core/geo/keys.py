"""The form under which names of communes are compared: what a person types, less what nobody types alike."""

from __future__ import annotations

import re

from core.text import fold

_WORD = re.compile(r"[a-z0-9]+")
_SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_ARTICLES = frozenset({"l", "le", "la", "les"})


def words(text: str) -> list[str]:
    """The words of ``text``, folded: no case, accents, ligatures, hyphens or apostrophes; ``s/`` is *sur*."""
    return _WORD.findall(fold(text).replace("s/", "sur "))


def key(text: str) -> str:
    """The words of ``text`` run together, *st* and *ste* in full: ``St-Malo`` gives ``saintmalo``."""
    return "".join(_SHORT.get(word, word) for word in words(text))


def keys_of_name(name: str) -> set[str]:
    """The keys by which a commune of this name is found: as written, and without its leading article."""
    found = words(name)
    keys = {key(name)}
    if len(found) > 1 and found[0] in _ARTICLES:
        keys.add(key(" ".join(found[1:])))
    return keys


def keys_of_question(text: str) -> list[str]:
    """The keys that what was typed may mean, likeliest first.

    ``ste`` may be *sainte* or the beginning of *Stenay*; ``stmalo``, typed in one word, *Saint-Malo*;
    an article may have been left out or put in.
    """
    found = words(text)
    variants = [key(text), "".join(found)]
    joined = variants[1]
    for short, full in (("ste", "sainte"), ("st", "saint")):
        if joined.startswith(short) and len(joined) > len(short):
            variants.append(full + joined[len(short) :])
    if len(found) > 1 and found[0] in _ARTICLES:
        variants.append(key(" ".join(found[1:])))
    return list(dict.fromkeys(variant for variant in variants if variant))

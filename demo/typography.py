"""The spaces that French typography does not let break."""

from __future__ import annotations

import re

NBSP = "\u00a0"
_BREAKABLE = re.compile(r" (?=[:;!?»])|(?<=«) ")


def french(text: str) -> str:
    """Return ``text`` with unbreakable spaces before double punctuation and inside guillemets."""
    return _BREAKABLE.sub(NBSP, text)


def without_elision(text: str) -> str:
    """Return ``text`` with its words apart, for an address: ``l'emploi`` gives ``l-emploi``, not ``lemploi``."""
    return text.replace("'", " ").replace("’", " ")

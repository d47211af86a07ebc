"""What stands before “Être rappelé” besides :mod:`core.antispam`: a request that only looks strange is kept and
marked for whoever reads it."""

from __future__ import annotations

import hashlib
import re

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from core.antispam import FormDoor

SALT = "exchanges.callback"
LIMIT = 10
DOOR = FormDoor(SALT, limit=LIMIT)
SAME_TEXT = 2

DOUBTS = {
    "links": _("several links"),
    "name": _("a link in the name"),
    "markup": _("code of a web page"),
    "script": _("another alphabet"),
    "same": _("the same text came several times"),
}
_LINK = re.compile(
    r"https?://|www\.|\b[a-z0-9-]+\.(?:com|net|org|ru|cn|xyz|top|info|biz|site|online)\b", re.IGNORECASE
)
_MARKUP = re.compile(r"\[(?:url|link)|<\s*(?:a|script|iframe|img)\b", re.IGNORECASE)
_FOREIGN = re.compile(r"[\u0400-\u04ff\u0590-\u06ff\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


def doubts_about(*, name: str, about: str) -> list[str]:
    """Why a request looks like a robot's: codes of ``DOUBTS``, none for an ordinary one."""
    found = []
    if _LINK.search(name):
        found.append("name")
    if len(_LINK.findall(about)) > 1:
        found.append("links")
    if _MARKUP.search(about):
        found.append("markup")
    letters = [char for char in about if char.isalpha()]
    if letters and len(_FOREIGN.findall(about)) > 0.3 * len(letters):
        found.append("script")
    if _seen_often(about):
        found.append("same")
    return found


def _seen_often(about: str) -> bool:
    """Whether the same words came several times today; counted by their print, in the cache."""
    words = " ".join(about.casefold().split())
    name = f"callback-text:{hashlib.sha256(words.encode('utf-8', 'replace')).hexdigest()[:32]}"
    times = int(cache.get(name) or 0)
    cache.set(name, times + 1, 24 * 3600)
    return times >= SAME_TEXT

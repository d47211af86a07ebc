"""Reads opening hours that somebody wrote, in French or in OpenStreetMap's syntax; never guesses.

A part that is not wholly understood (« l'après-midi sur rendez-vous ») is left as words.
"""

from __future__ import annotations

import datetime as dt
import re

from core.text import fold
from resources.contacts.hours import Slot

LONGEST = 500
_DAYS = {
    "lundi": 1, "lun": 1, "lu": 1, "mo": 1,
    "mardi": 2, "mar": 2, "ma": 2, "tu": 2,
    "mercredi": 3, "mer": 3, "me": 3, "we": 3,
    "jeudi": 4, "jeu": 4, "je": 4, "th": 4,
    "vendredi": 5, "ven": 5, "ve": 5, "fr": 5,
    "samedi": 6, "sam": 6, "sa": 6,
    "dimanche": 7, "dim": 7, "di": 7, "su": 7,
}  # fmt: skip
_TOKEN = re.compile(
    r"(?P<time>(?<!\d)\d{1,2}\s*(?:h|:)\s*(?:\d{2}(?!\d))?|\bmidi\b|\bminuit\b)"
    r"|(?P<every>\btous les jours\b|\b7\s?j?\s?/\s?7\b)"
    r"|(?P<day>\b(?:" + "|".join(sorted(_DAYS, key=len, reverse=True)) + r")s?\b)"
    r"|(?P<to>-|–|—|\bau\b|\ba\b|\bto\b)"
    r"|(?P<and>,|/|\bet\b|\bpuis\b)"
    r"|(?P<word>\b(?:du|de|des|le|les|la|ouvert|ouverture|accueil|permanences?)\b|:)"
    r"|(?P<space>[\s.()]+)"
    r"|(?P<other>\S+?(?=\s|$)|\S)"
)  # fmt: skip
_SPLIT = re.compile(r"[;\n|]+")


def read(text: str) -> tuple[list[Slot], str]:
    """The slots that a text says, and what of it was not understood.

    >>> read("Du lundi au jeudi, 9 h – 12 h ; l'après-midi sur rendez-vous")[1]
    "l'après-midi sur rendez-vous"
    """
    slots: list[Slot] = []
    rest = []
    for part in _SPLIT.split(text[:LONGEST]):
        words = part.strip()
        if not words or fold(words) in {"ph off", "su off", "sa off", "ferme le dimanche"}:
            continue
        found = _read_part(fold(words))
        if found is None:
            rest.append(words)
        else:
            slots += found
    return slots, " ; ".join(rest)


def _read_part(text: str) -> list[Slot] | None:
    """« lundi et mardi, 9 h – 12 h, 14 h – 17 h »; ``None`` when a word of it is not understood."""
    if text == "24/7":
        return [Slot(1, 7, dt.time(0), dt.time(0))]
    days: list[tuple[int, int]] = []
    spans: list[tuple[dt.time, dt.time]] = []
    slots: list[Slot] = []
    opened: dt.time | None = None
    ranging = False
    for match in _TOKEN.finditer(text):
        kind, value = match.lastgroup, match.group()
        if kind in {"space", "word", "and"}:
            continue
        if kind == "to":
            ranging = True
            continue
        if kind in {"day", "every"}:
            if opened is not None:
                return None
            if spans:  # « lundi 9 h – 12 h, mardi 14 h – 17 h »
                slots += _slots(days, spans)
                days, spans = [], []
            if kind == "every":
                days.append((1, 7))
            elif ranging and days:
                first, last = days[-1][0], _day(value)
                if last <= first:
                    return None
                days[-1] = first, last
            else:
                days.append((_day(value),) * 2)
        elif kind == "time":
            time = _time(value)
            if time is None or not days:
                return None
            if opened is None:
                opened = time
            elif ranging and (opened < time or time == dt.time(0)):
                spans.append((opened, time))
                opened = None
            else:
                return None
        else:
            return None
        ranging = False
    if opened is not None or not days or not spans:
        return None
    return slots + _slots(days, spans)


def _slots(days: list[tuple[int, int]], spans: list[tuple[dt.time, dt.time]]) -> list[Slot]:
    return [Slot(first, last, opens, closes) for first, last in days for opens, closes in spans]


def _day(word: str) -> int:
    return _DAYS.get(word) or _DAYS[word.removesuffix("s")]


def _time(word: str) -> dt.time | None:
    if word in {"midi", "minuit"}:
        return dt.time(12 if word == "midi" else 0)
    hour, minute = (int(part or 0) for part in re.split(r"\s*[h:]\s*", word.strip(), maxsplit=1))
    if (hour, minute) == (24, 0):
        return dt.time(0)
    return dt.time(hour, minute) if hour < 24 and minute < 60 else None

"""Reads the place of an event, as other calendars write it: one text."""

from __future__ import annotations

import re

from core.geo import communes
from core.geo.keys import key

_POSTCODE = re.compile(r"\b(?P<code>[0-9]{5})\b", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_COUNTRY = frozenset({"france", "fr"})
MAX_PARTS = 12


def place(text: str) -> dict[str, str]:
    """What a place says: ``place_name address postcode commune insee_code online_url``, those that it holds.

    A commune is taken when there is no doubt: its postcode with it, or a name that only one commune has.
    """
    found: dict[str, str] = {}
    if match := _ADDRESS.search(text):
        found["online_url"] = match[0].rstrip(".,;)")[:200]
        text = text.replace(match[0], " ")
    parts = [" ".join(part.split())[:200] for part in re.split(r"[,\n;]| - ", text)]
    parts = [part for part in parts if part and part.casefold() not in _COUNTRY][:MAX_PARTS]
    for index in range(len(parts) - 1, -1, -1):
        town = _town(parts[index])
        if town is None:
            continue
        commune, postcode, before = town
        found |= {"commune": commune.name[:120], "insee_code": commune.code, "postcode": postcode}
        parts[index : index + 1] = [before] if before else []
        break
    if parts:
        found["place_name"] = parts[0][:150]
        if address := ", ".join(parts[1:])[:255]:
            found["address"] = address
    return {name: value for name, value in found.items() if value}


def _town(part: str):
    """The commune that a part names, its postcode, and what stands before it; ``None`` when one may doubt."""
    if match := _POSTCODE.search(part):
        name = key(part[match.end() :]) or key(part[: match.start()])
        there = communes.by_postcode(match["code"])
        same = [commune for commune in there if name and key(commune.name) == name]
        chosen = same or (there if len(there) == 1 else [])
        before = part[: match.start()].strip(" ,-") if key(part[match.end() :]) else ""
        return (chosen[0], match["code"], before) if chosen else None
    same = [commune for commune in communes.find(part, limit=3) if key(commune.name) == key(part)] if key(part) else []
    if len(same) != 1:
        return None
    return same[0], same[0].postcodes[0] if len(same[0].postcodes) == 1 else "", ""

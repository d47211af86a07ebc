"""Near which town: what a visitor typed, as a commune with its point."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.geo import communes
from core.text import fold

MAX_OTHERS = 5


@dataclass(frozen=True)
class Town:
    """What was understood of a town. ``others``: the communes that may have been meant instead."""

    label: str = ""
    point: tuple[float, float] | None = None
    others: list[communes.Commune] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def find_town(text: str) -> Town:
    """Read a commune's name or postcode; a sentence says when it is not known, or not on the map."""
    if not text:
        return Town()
    found = communes.find(text, MAX_OTHERS + 1)
    if not found:
        return Town(notices=[_("We do not know the town “%(text)s”. Try its postcode.") % {"text": text}])
    first, *rest = found
    by_postcode = text[:2].isdigit()
    others = [other for other in rest if by_postcode or fold(other.name) == fold(first.name)]
    if first.latitude is None or first.longitude is None:
        notice = _("We do not know where %(town)s is on the map: nothing is sorted by distance.")
        return Town(label=first.label, others=others, notices=[notice % {"town": first.label}])
    return Town(label=first.label, point=(first.latitude, first.longitude), others=others)

"""What rooms above add to pages and screens of the rooms below, which do not know them.

A room registers in its ``apps.py`` a function that says what it adds at a spot for a groupement; the template of the
room below includes each part with ``part`` as its only variable.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from regions.models import Groupement


class Spot(StrEnum):
    """Where something may be added."""

    HOME = "home"  # the public home of a groupement, under its title
    FRAMES = "frames"  # above the frames of a groupement, in the administration


@dataclass(frozen=True)
class Part:
    """Something added: a template, and what it shows."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)


Provider = Callable[..., Part | None]
_PROVIDERS: dict[Spot, list[Provider]] = defaultdict(list)


def add(spot: Spot, provider: Provider) -> None:
    """Have ``provider(groupement, **given)`` asked at a spot; it answers ``None`` when it has nothing to show."""
    if provider not in _PROVIDERS[spot]:
        _PROVIDERS[spot].append(provider)


def parts(spot: Spot, groupement: Groupement, **given) -> list[Part]:
    """What is added at a spot for a groupement.

    Args:
        given: what the page has read already, so that nobody asks the database twice.
    """
    found = (provider(groupement, **given) for provider in _PROVIDERS[spot])
    return [part for part in found if part is not None]

"""What rooms above add to pages and screens of the rooms below, which do not know them.

A room registers with Wagtail's hooks, in its ``wagtail_hooks.py``, a function ``(groupement, **given)`` that says
what it adds at a spot for a groupement; the template of the room below includes each part with ``part`` as its only
variable.
The screens of the frames have two hooks more, of the same kind: ``resources.frames.admin.beside``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from wagtail import hooks

from regions.models import Groupement


class Spot(StrEnum):
    """Where something may be added: the names of the hooks."""

    HOME = "groupement_home_parts"  # the public home of a groupement, under its title
    FRAMES = "frame_list_parts"  # above the frames of a groupement, in the administration


@dataclass(frozen=True)
class Part:
    """Something added: a template, and what it shows."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)


def parts(spot: Spot, groupement: Groupement, **given) -> list[Part]:
    """What is added at a spot for a groupement.

    Args:
        given: what the page has read already, so that nobody asks the database twice.
    """
    found = (provider(groupement, **given) for provider in hooks.get_hooks(spot))
    return [part for part in found if part is not None]

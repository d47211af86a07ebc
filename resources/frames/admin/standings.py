"""Where groupements stand with the frames, read once for all that the first screen says of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from regions.models import Groupement
from resources.frames import completeness
from resources.frames.admin.views import groupements_of
from resources.frames.models import FrameChange, Importance

MOST_PLACES = 12  # whoever writes for more groupements reads of them on the board


class Standings:
    """One matrix for the panels of a person's first screen; each asks of the groupements that it speaks of.

    Args:
        user: whose screen it is.
    """

    def __init__(self, user) -> None:
        self.user = user
        self._matrix = completeness.Matrix([], [], {})

    @cached_property
    def told_of_news(self) -> list[Groupement]:
        """The groupements of which it is said what is to be read again: the person's, unless there are many."""
        if not FrameChange.objects.filter(importance=Importance.REVIEW).exists():
            return []
        places = list(groupements_of(self.user)[: MOST_PLACES + 1])
        return places if len(places) <= MOST_PLACES else []

    def of(self, groupements: Iterable[Groupement]) -> completeness.Matrix:
        """A matrix that has these groupements, among others."""
        asked = list(groupements)
        if not set(asked) <= set(self._matrix.groupements):
            self._matrix = completeness.matrix({*asked, *self.told_of_news})
        return self._matrix

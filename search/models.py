from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.models import GroupementRecord, RecordQuerySet
from regions.reach import reach_of
from resources.filters import MAX_TEXT_LENGTH


class QueryCountQuerySet(RecordQuerySet):
    """Reads of counts."""

    def for_user(self, user) -> "QueryCountQuerySet":
        """A référent's groupement, a zone référent's zone; all for whoever keeps the nation.

        It is national editors who write what was not found anywhere; counts name nobody.
        """
        if user.is_authenticated and user.is_active and reach_of(user).holds_nation:
            return self.all()
        return super().for_user(user)


class QueryCount(GroupementRecord):
    """How often a question was asked at a place on one day, and with what success.

    Nothing in it tells who asked: no account, address, session, browser or time of the day. Written by
    :mod:`search.recording`, erased after thirteen months by ``purge_search_counts``.
    """

    day = models.DateField(_("day"))
    language = models.CharField(_("language"), max_length=10)
    words = models.CharField(_("words"), max_length=MAX_TEXT_LENGTH * 2)  # folding a ligature makes two letters
    asked = models.PositiveIntegerField(_("times asked"), default=0)
    unanswered = models.PositiveIntegerField(_("times without result"), default=0)
    found = models.PositiveIntegerField(_("results, the last time"), default=0)

    objects = QueryCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("search count")
        verbose_name_plural = _("search counts")
        constraints: ClassVar[list] = [
            models.UniqueConstraint(
                fields=["day", "groupement", "language", "words"],
                name="search_querycount_unique",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words} ({self.asked})"

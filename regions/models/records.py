"""What a groupement owns and that is not a page: requests, registrations, logs of what was sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regions.models.network import Groupement


class RecordQuerySet(models.QuerySet["GroupementRecord"]):
    """Reads of records. Every screen, export and mail begins with :meth:`for_user` or :meth:`held_at`."""

    def for_user(self, user) -> RecordQuerySet:
        """The records of the places that a person answers for; none for visitors and former holders."""
        # Here, not above: reach reads the models of this package.
        from regions.reach import reach_of

        if not user.is_authenticated or not user.is_active:
            return self.none()
        reach = reach_of(user)
        if reach.everything:
            return self.all()
        ids = reach.groupement_ids if self.model.contributors_see_it else reach.answered_groupement_ids
        mine = Q(groupement_id__in=ids)
        if reach.holds_nation:
            mine |= Q(groupement__isnull=True)
        return self.filter(mine)

    def held_at(self, groupement: Groupement | None) -> RecordQuerySet:
        """The records of one groupement, or of the nation (``None``)."""
        return self.filter(groupement=groupement)


class GroupementRecord(models.Model):
    """Base of a record that belongs to one groupement, or to the nation when it names none.

    Its screens extend :class:`regions.admin.records.RecordViewSet`, which answers 404 out of scope.
    """

    # A référent's work by default, for it is often about people; true for what the whole team works on.
    contributors_see_it: ClassVar[bool] = False

    groupement = models.ForeignKey(
        Groupement,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("groupement"),
        help_text=_("Empty: the nation."),
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

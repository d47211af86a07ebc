from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from regions.models import Groupement, GroupementRecord, Mandate
from regions.models.records import RecordQuerySet

NOTE_LENGTH = 1000


class CheckRoundQuerySet(RecordQuerySet):
    """Reads of rounds."""

    def for_user(self, user) -> CheckRoundQuerySet:
        """Those of the person's places, and those that they answer in the stead of a vacant groupement."""
        from regions.reach import reach_of

        own = super().for_user(user)
        if not user.is_authenticated or not user.is_active or reach_of(user).everything:
            return own
        instead = Q(stand_in_id__in=reach_of(user).answered_groupement_ids)
        return self.filter(Q(pk__in=own.values("pk")) | instead)

    def open(self) -> CheckRoundQuerySet:
        """Those that are still answered."""
        return self.filter(expires_on__gte=timezone.localdate())

    def counted(self) -> CheckRoundQuerySet:
        """Each with how many items it has (``total``), wait (``waiting``), and ask for a correction (``notes``)."""
        waiting = Q(items__state=CheckItem.State.WAITING)
        notes = Q(items__state=CheckItem.State.NOTE, items__handled_at__isnull=True)
        return self.annotate(
            total=Count("items"), waiting=Count("items", filter=waiting), notes=Count("items", filter=notes)
        )


class CheckRound(GroupementRecord):
    """What one groupement is asked to confirm in one half-year.

    Attributes:
        half: ``2026-2`` for the second half of 2026.
        level: who was asked.
        stand_in: the groupement that answers for a vacant one.
        told_at, reminded_at, escalated_at: when whoever answers was written to, reminded, and the zone told.
    """

    class Level(models.TextChoices):
        GROUPEMENT = "groupement", _("the groupement")
        STAND_IN = "stand_in", _("the stand-in groupement")
        ZONE = "zone", _("the zone")
        NATION = "nation", _("the national cell")

    half = models.CharField(_("half-year"), max_length=6)
    opened_on = models.DateField(_("asked on"), default=timezone.localdate)
    expires_on = models.DateField(_("until"), db_index=True)
    level = models.CharField(_("asked of"), max_length=10, choices=Level, default=Level.GROUPEMENT)
    stand_in = models.ForeignKey(
        Groupement, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("stand-in")
    )
    told_at = models.DateTimeField(null=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)
    escalated_at = models.DateTimeField(null=True, editable=False)

    objects = CheckRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of checks")
        verbose_name_plural = _("rounds of checks")
        ordering: ClassVar[list[str]] = ["-opened_on", "-pk"]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(
                fields=["groupement", "half"], name="exchanges_checkround_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.place_label}, {self.half_label}"

    @property
    def place_label(self) -> str:
        return self.groupement.name if self.groupement else gettext("National cell")

    @property
    def half_label(self) -> str:
        """“first half of 2026”."""
        year, _dash, number = self.half.partition("-")
        words = gettext("first half of %(year)s") if number == "1" else gettext("second half of %(year)s")
        return words % {"year": year}

    @property
    def asked_label(self) -> str:
        return date_format(self.opened_on, "j F Y")

    @property
    def until_label(self) -> str:
        return date_format(self.expires_on, "j F Y")

    @property
    def is_open(self) -> bool:
        return self.expires_on >= timezone.localdate()


class CheckItem(models.Model):
    """One thing that visitors read, and whether it is still right: a contact, a partner's branch, a local text.

    Attributes:
        page: the groupement's page that holds it.
        slot: for a local text, identifier of the national block that it answers; else empty.
        title: what it is called in the mail.
        note: what is to be corrected, in the words of whoever answered.
        handled_at: when somebody said that the correction is made.
        before: what “undo” puts back.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("to confirm")
        EXACT = "exact", _("still right")
        NOTE = "note", _("to correct")
        GONE = "gone", _("does not exist any more")

    round = models.ForeignKey(CheckRound, on_delete=models.CASCADE, related_name="items")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+", verbose_name=_("page"))
    slot = models.CharField(max_length=64, blank=True)
    title = models.CharField(_("title"), max_length=255)
    state = models.CharField(_("answer"), max_length=10, choices=State, default=State.WAITING)
    note = models.TextField(_("what is to be corrected"), max_length=NOTE_LENGTH, blank=True)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    by_link = models.BooleanField(default=False, editable=False)
    handled_at = models.DateTimeField(null=True, editable=False)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    before = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("thing to confirm")
        verbose_name_plural = _("things to confirm")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["round", "page", "slot"], name="exchanges_checkitem_once")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def awaits_correction(self) -> bool:
        return self.state == self.State.NOTE and self.handled_at is None


class CheckLink(models.Model):
    """What opens a round, without signing in, to one person as long as their mandate runs. The key is not kept."""

    round = models.ForeignKey(CheckRound, on_delete=models.CASCADE, related_name="links")
    mandate = models.ForeignKey(Mandate, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("link to a round of checks")
        verbose_name_plural = _("links to rounds of checks")

    def __str__(self) -> str:
        return f"{self.round_id}"


def half_of(day: dt.date) -> tuple[str, dt.date]:
    """The half-year of a day, as rounds name it, and its first day."""
    number = 1 if day.month <= 6 else 2
    return f"{day.year}-{number}", dt.date(day.year, 1 if number == 1 else 7, 1)

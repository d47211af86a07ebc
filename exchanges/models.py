from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.phones import PhoneField
from regions.models import Groupement, GroupementRecord
from regions.models.records import RecordQuerySet

ABOUT_LENGTH = 1500


class CallbackQuerySet(RecordQuerySet):
    """Reads of requests."""

    def for_user(self, user) -> CallbackQuerySet:
        """Those of the person's places, and those that they answer in the stead of somebody else."""
        from regions.reach import reach_of

        own = super().for_user(user)
        if not user.is_authenticated or not user.is_active:
            return own
        reach = reach_of(user)
        if reach.everything:
            return own
        instead = Q(stand_in_id__in=reach.answered_groupement_ids)
        if reach.holds_nation:
            instead |= Q(level=CallbackRequest.Level.NATION)
        return self.filter(Q(pk__in=own.values("pk")) | instead)

    def waiting(self) -> CallbackQuerySet:
        """Those that nobody has taken."""
        return self.filter(state=CallbackRequest.State.RECEIVED)


class CallbackRequest(GroupementRecord):
    """A visitor asks to be called back. ``groupement`` is the one they asked, whoever answers in its stead."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        TAKEN = "taken", _("taken")
        CLOSED = "closed", _("closed")

    class Level(models.TextChoices):
        """Who is expected to answer now."""

        GROUPEMENT = "groupement", _("the groupement")
        STAND_IN = "stand_in", _("the stand-in groupement")
        ZONE = "zone", _("the zone")
        NATION = "nation", _("the national cell")

    # One page of the form, sent with the same words, makes one request however often it is sent.
    key = models.UUIDField(unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    phone = PhoneField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    about = models.TextField(_("what about"), max_length=ABOUT_LENGTH)
    language = models.CharField(_("language"), max_length=10, default="fr")
    consent_version = models.CharField(_("consent"), max_length=20)
    doubts = models.JSONField(_("to be checked"), default=list, blank=True)

    received_at = models.DateTimeField(_("received on"), default=timezone.now, db_index=True)
    level = models.CharField(_("expected from"), max_length=10, choices=Level, default=Level.GROUPEMENT)
    stand_in = models.ForeignKey(
        Groupement,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stand-in groupement"),
    )
    told_at = models.DateTimeField(null=True, editable=False)
    reminders = models.PositiveSmallIntegerField(default=0, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVED)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken by"),
    )
    taken_at = models.DateTimeField(_("taken on"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    closed_at = models.DateTimeField(_("closed on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, max_length=2000)

    objects = CallbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering: ClassVar[list[str]] = ["-received_at", "-pk"]
        indexes: ClassVar[list] = [
            models.Index(fields=["groupement", "state", "-received_at"], name="exchanges_callback_place"),
            models.Index(fields=["stand_in", "state"], name="exchanges_callback_stand_in"),
        ]

    def __str__(self) -> str:
        # Written in journals that outlive the request: nobody is named.
        return gettext("Request no. %(number)s") % {"number": self.pk}

    @property
    def place_label(self) -> str:
        return self.groupement.name if self.groupement else gettext("National cell")

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.RECEIVED

    @property
    def days_waiting(self) -> int:
        """Whole days since it was received, while nobody has taken it."""
        return (timezone.now() - self.received_at).days if self.is_waiting else 0


from exchanges.checking.models import CheckItem, CheckLink, CheckRound  # noqa: E402, F401
from exchanges.corrections.models import Correction  # noqa: E402, F401
from exchanges.registrations.models import Registration  # noqa: E402, F401

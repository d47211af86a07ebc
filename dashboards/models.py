from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.models import Groupement


class OfGroupementsQuerySet(models.QuerySet):
    """Reads of what is kept about groupements. Screens begin with :meth:`for_user`."""

    def for_user(self, user) -> OfGroupementsQuerySet:
        """Those of the groupements that a person pilots, or for which they answer."""
        from dashboards.piloting import piloted_groupements
        from regions.reach import reach_of

        if not user.is_authenticated or not user.is_active:
            return self.none()
        piloted = piloted_groupements(user).order_by().values("pk")
        return self.filter(Q(groupement__in=piloted) | Q(groupement__in=reach_of(user).answered_groupement_ids))


class LabelRules(models.Model):
    """What the label asks: one row for the network, changed by those who keep the nation."""

    name = models.CharField(
        _("name of the label"), max_length=60, default="Groupement à jour", help_text=_("Shown to visitors.")
    )
    share = models.PositiveSmallIntegerField(
        _("share of the pages that are complete (%)"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Among the national pages that ask for an answer. What is left out with a reason counts as done."),
    )
    months = models.PositiveSmallIntegerField(
        _("nothing older than (months)"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("The oldest of the answers, and the oldest check of a contact."),
    )
    needs_referent = models.BooleanField(
        _("a référent is in place"), default=True, help_text=_("A mandate of référent runs today.")
    )
    grace_days = models.PositiveSmallIntegerField(
        _("delay before the label is lost (days)"),
        default=60,
        validators=[MinValueValidator(7), MaxValueValidator(365)],
        help_text=_("The référent is told on the first day of the delay."),
    )

    class Meta:
        verbose_name = _("rules of the label")
        verbose_name_plural = _("rules of the label")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def load(cls) -> LabelRules:
        """The rules of today."""
        return cls.objects.get_or_create(pk=1)[0]


class Label(models.Model):
    """Where a groupement stands with the label; no row before it has earned it once. Written by the clock only.

    Attributes:
        awarded_on: the day from which it is held without a break; kept once lost, for the history.
        grace_ends_on: the last day of the delay, during which the label is still shown.
        reasons: what is no longer met, as :func:`dashboards.rules.failures` gives it.
    """

    class State(models.TextChoices):
        HELD = "held", _("held")
        GRACE = "grace", _("held, to be confirmed")
        PAUSED = "paused", _("set aside")
        LOST = "lost", _("lost")

    groupement = models.OneToOneField(
        Groupement, on_delete=models.CASCADE, related_name="label", verbose_name=_("groupement")
    )
    state = models.CharField(_("state"), max_length=6, choices=State)
    awarded_on = models.DateField(_("since"))
    grace_ends_on = models.DateField(_("until"), null=True, blank=True)
    reasons = models.JSONField(default=list, blank=True)

    objects = OfGroupementsQuerySet.as_manager()

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        ordering: ClassVar[list[str]] = ["groupement__name"]

    def __str__(self) -> str:
        return f"{self.groupement} – {self.get_state_display()}"

    @property
    def is_shown(self) -> bool:
        """Whether visitors see it: held, delay included."""
        return self.state in {self.State.HELD, self.State.GRACE}


class LabelEvent(models.Model):
    """One change of a label, and why. Never changed, never deleted while the groupement exists."""

    class Kind(models.TextChoices):
        AWARDED = "awarded", _("earned")
        GRACE = "grace", _("delay begun")
        RESTORED = "restored", _("confirmed")
        PAUSED = "paused", _("set aside: nobody in place, or asleep")
        RESUMED = "resumed", _("taken up again")
        LOST = "lost", _("lost")

    groupement = models.ForeignKey(
        Groupement, on_delete=models.CASCADE, related_name="+", verbose_name=_("groupement")
    )
    kind = models.CharField(_("change"), max_length=8, choices=Kind)
    happened_on = models.DateField(_("day"), default=timezone.localdate)
    reasons = models.JSONField(default=list, blank=True)

    objects = OfGroupementsQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a label")
        verbose_name_plural = _("changes of labels")
        ordering: ClassVar[list[str]] = ["-happened_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.groupement} – {self.get_kind_display()}"

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.models.network import Groupement, Zone
from regions.roles import ROLES, Level, RoleCode


def level_constraint(name: str) -> models.CheckConstraint:
    """A row names a groupement, a zone, or neither (the nation); never both."""
    return models.CheckConstraint(condition=Q(groupement__isnull=True) | Q(zone__isnull=True), name=name)


def place_fields(place: Groupement | Zone | None) -> dict:
    """The fields by which a row names a place: a groupement, a zone, or the nation."""
    return {
        "groupement": place if isinstance(place, Groupement) else None,
        "zone": place if isinstance(place, Zone) else None,
    }


class RoleGroup(models.Model):
    """Ties a Wagtail group to the role and the place it stands for."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="role_group")
    role = models.CharField(max_length=20, choices=RoleCode)
    groupement = models.ForeignKey(
        Groupement, on_delete=models.CASCADE, null=True, blank=True, related_name="role_groups"
    )
    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, null=True, blank=True, related_name="role_groups")

    class Meta:
        verbose_name = _("group of a role")
        verbose_name_plural = _("groups of a role")
        constraints: ClassVar[list] = [
            models.UniqueConstraint(
                fields=["role", "groupement", "zone"], name="regions_rolegroup_unique", nulls_distinct=False
            ),
            level_constraint("regions_rolegroup_level"),
        ]

    def __str__(self) -> str:
        return self.group.name


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Reads of mandates."""

    def current(self, on=None) -> "MandateQuerySet":
        """The mandates that run on a day (a date; today by default). The last day is included."""
        on = on or timezone.localdate()
        return self.filter(starts_on__lte=on, ended_at__isnull=True).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on)
        )

    def not_over(self) -> "MandateQuerySet":
        """The mandates that run today or will begin."""
        return self.filter(ended_at__isnull=True).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=timezone.localdate())
        )

    def ending_within(self, days: int) -> "MandateQuerySet":
        """The mandates of today whose last day comes within so many days, the nearest first."""
        limit = timezone.localdate() + dt.timedelta(days=days)
        return self.current().filter(ends_on__lte=limit).order_by("ends_on", "pk")

    def held_at(self, place) -> "MandateQuerySet":
        """The mandates of one place: a groupement, a zone, or the nation (``None``)."""
        return self.filter(**place_fields(place))


class Mandate(models.Model):
    """Who holds which role, where, from when to when."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mandates", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=RoleCode)
    groupement = models.ForeignKey(
        Groupement,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="mandates",
        verbose_name=_("groupement"),
        help_text=_("For the roles of a groupement."),
    )
    zone = models.ForeignKey(
        Zone,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="mandates",
        verbose_name=_("zone"),
        help_text=_("For the zone référent."),
    )
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(
        _("to"), null=True, blank=True, help_text=_("The last day. Empty: until further notice.")
    )
    # Somebody ended it before its last day: access stopped at that moment.
    ended_at = models.DateTimeField(_("ended on"), null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering: ClassVar[list[str]] = ["-starts_on", "pk"]
        constraints: ClassVar[list] = [level_constraint("regions_mandate_level")]

    def __str__(self) -> str:
        place = self.groupement or self.zone
        return f"{self.person} – {self.get_role_display()}" + (f" – {place}" if place else "")

    def clean(self) -> None:
        role = ROLES.get(self.role)
        if role is None:
            return
        errors = {}
        if (role.level == Level.GROUPEMENT) != bool(self.groupement_id):
            errors["groupement"] = (
                _("Choose the groupement of this mandate.")
                if role.level == Level.GROUPEMENT
                else _("This role is not held in a groupement.")
            )
        if (role.level == Level.ZONE) != bool(self.zone_id):
            errors["zone"] = (
                _("Choose the zone of this mandate.")
                if role.level == Level.ZONE
                else _("This role is not held in a zone.")
            )
        if self.ends_on and self.starts_on and self.ends_on < self.starts_on:
            errors["ends_on"] = _("The mandate cannot end before it starts.")
        if errors:
            raise ValidationError(errors)

    @property
    def is_current(self) -> bool:
        """Whether the mandate runs today."""
        today = timezone.localdate()
        return self.ended_at is None and self.starts_on <= today and (self.ends_on is None or self.ends_on >= today)

    @property
    def place(self) -> Groupement | Zone | None:
        """Where it is held; ``None`` for the nation."""
        return self.groupement or self.zone

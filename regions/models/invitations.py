from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.models.network import Groupement, Zone
from regions.models.people import level_constraint, place_fields
from regions.roles import RoleCode


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Reads of invitations."""

    def open(self) -> "InvitationQuerySet":
        """Those that may still be accepted."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=timezone.now())

    def held_at(self, place) -> "InvitationQuerySet":
        """Those to one place: a groupement, a zone, or the nation (``None``)."""
        return self.filter(**place_fields(place))


class Invitation(models.Model):
    """A role offered by e-mail, through a link that works once and for seven days.

    The link's secret is not kept, only its hash: reading the database does not open an account.
    """

    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=20, choices=RoleCode)
    groupement = models.ForeignKey(
        Groupement, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations")
    ends_on = models.DateField(_("to"), null=True, blank=True)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="invitations_sent"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="invitations_accepted",
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        constraints: ClassVar[list] = [
            level_constraint("regions_invitation_level"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="regions_invitation_one_outcome",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def place(self) -> Groupement | Zone | None:
        """Where the role would be held; ``None`` for the nation."""
        return self.groupement or self.zone

from __future__ import annotations

import hashlib
import secrets

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.models import Mandate
from regions.roles import ROLES

TOKEN_BYTES = 32
LONGEST_TOKEN = 64


def digest_of(token: str) -> str:
    """How a token is kept: 256 random bits need no salt, and nobody reads them back from the database."""
    return hashlib.sha256(token.encode()).hexdigest()


def mandates_of(user) -> models.QuerySet[Mandate]:
    """The mandates of today by which a person belongs to a team."""
    with_team = [code for code, role in ROLES.items() if role.has_group]
    held = Mandate.objects.current().filter(person=user, role__in=with_team)
    return held.select_related("groupement", "zone").order_by("starts_on", "pk")


class TeamCalendarKeyQuerySet(models.QuerySet["TeamCalendarKey"]):
    """Reads of keys."""

    def for_user(self, user) -> TeamCalendarKeyQuerySet:
        """One's own, whatever one's role: nobody sees or stops another's."""
        return self.filter(mandate__in=mandates_of(user))

    def opened_by(self, token: str) -> TeamCalendarKey | None:
        """The key of an address; ``None`` when there is none, and from the moment when its mandate is over."""
        if len(token) > LONGEST_TOKEN:
            return None
        found = self.filter(digest=digest_of(token), mandate__person__is_active=True)
        key = found.select_related("mandate__groupement", "mandate__zone").first()
        return key if key is not None and key.mandate.is_current else None


class TeamCalendarKey(models.Model):
    """What opens the calendar of a team to one of its people, as long as their mandate runs. The token is not kept."""

    mandate = models.OneToOneField(Mandate, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    last_read_on = models.DateField(null=True, blank=True)

    objects = TeamCalendarKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("key of a team’s calendar")
        verbose_name_plural = _("keys of teams’ calendars")

    def __str__(self) -> str:
        return f"{self.mandate_id}"

    def note_reading(self) -> None:
        """Remember the day of the last reading, so that its holder sees whether a device still asks."""
        today = timezone.localdate()
        if self.last_read_on != today:
            type(self).objects.filter(pk=self.pk).update(last_read_on=today)


@transaction.atomic
def make_key(mandate: Mandate) -> str:
    """Give a mandate a new address, which ends the former one; return the token, which is shown once."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    TeamCalendarKey.objects.update_or_create(
        mandate=mandate, defaults={"digest": digest_of(token), "made_at": timezone.now(), "last_read_on": None}
    )
    return token


def stop_key(mandate: Mandate) -> bool:
    """End the address of a mandate; returns whether there was one."""
    return bool(TeamCalendarKey.objects.filter(mandate=mandate).delete()[0])


def forget_ended_keys() -> int:
    """Delete the keys of mandates that are over: they opened nothing any more. For the clock."""
    current = Mandate.objects.current().values("pk")
    return TeamCalendarKey.objects.exclude(mandate__in=current).delete()[0]

"""The address by which one person answers a round without signing in."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from exchanges.checking.holders import may_answer
from exchanges.checking.models import CheckLink, CheckRound
from regions.models import Groupement, Mandate
from resources.team_calendar.models import LONGEST_TOKEN, TOKEN_BYTES, digest_of


def make(round_: CheckRound, mandate: Mandate) -> str:
    """Give a person an address for a round, and return it: nobody reads it back from the database."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    CheckLink.objects.create(round=round_, mandate=mandate, digest=digest_of(token))
    site = round_.groupement.site if round_.groupement else None
    with translation.override(settings.LANGUAGE_CODE):
        return (site.root_url if site else "") + reverse("check_page", args=[token])


def opened_by(token: str, groupement: Groupement | None) -> CheckLink | None:
    """The link of an address on the site of a groupement; ``None`` for any that opens nothing, whatever the cause."""
    if groupement is None or len(token) > LONGEST_TOKEN:
        return None
    rows = CheckLink.objects.filter(digest=digest_of(token), round__groupement=groupement)
    rows = rows.filter(round__expires_on__gte=timezone.localdate())
    found = rows.select_related("round", "mandate__person").first()
    if found is None or not may_answer(found.mandate, groupement):
        return None
    found.round.groupement = groupement
    return found


def forget() -> int:
    """Delete the links that open nothing any more; returns how many. For the clock."""
    current = Mandate.objects.current().values("pk")
    over = CheckLink.objects.exclude(mandate__in=current) | CheckLink.objects.filter(
        round__expires_on__lt=timezone.localdate()
    )
    return over.delete()[0]

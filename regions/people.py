"""Who holds what today, read from the mandates."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from regions.models import Mandate
from regions.roles import RoleCode


def holders(role: str, *, groupement=None, zone=None) -> QuerySet:
    """The active people who hold a role in a place today; in the nation when no place is given."""
    mandates = Mandate.objects.current().filter(role=role, groupement=groupement, zone=zone)
    return get_user_model().objects.filter(pk__in=mandates.values("person"), is_active=True)


def administrators() -> QuerySet:
    """The national administrators of today."""
    return holders(RoleCode.NATIONAL_ADMIN)

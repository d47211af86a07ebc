"""Who may give which role where, and whose team one sees. Nobody gives what they do not hold.

Asked of the mandates that run today, never of groups: what the database says now is what counts.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from regions.models import Groupement, Mandate, Zone
from regions.permissions import user_can_manage_network
from regions.roles import ROLES, Level, RoleCode

Place = Groupement | Zone | None

LOCAL_ROLES = (RoleCode.REFERENT, RoleCode.CONTRIBUTOR)
NATIONAL_ROLES = (RoleCode.NATIONAL_EDITOR, RoleCode.NATIONAL_ADMIN)


def level_of(place: Place) -> Level:
    """The level of a place."""
    if isinstance(place, Groupement):
        return Level.GROUPEMENT
    return Level.ZONE if isinstance(place, Zone) else Level.NATION


def roles_at(place: Place) -> tuple[RoleCode, ...]:
    """The roles that make the team of a place; a member is part of no team."""
    level = level_of(place)
    return tuple(role.code for role in ROLES.values() if role.level == level and role.has_group)


def _holds(user, role: RoleCode, **place) -> bool:
    return Mandate.objects.current().filter(person=user, role=role, **place).exists()


def givable_roles(user, place: Place) -> tuple[RoleCode, ...]:
    """The roles of a place that a person may give, change and end.

    A référent: those of their own groupement. A zone référent: those of the zone's groupements.
    A national administrator: all. Anybody else: none.
    """
    if not user.is_active:
        return ()
    if user_can_manage_network(user):
        return roles_at(place)
    if not isinstance(place, Groupement):
        return ()
    if _holds(user, RoleCode.REFERENT, groupement=place):
        return LOCAL_ROLES
    if place.zone_id and _holds(user, RoleCode.ZONE_REFERENT, zone_id=place.zone_id):
        return LOCAL_ROLES
    return ()


def can_give(user, role: str, place: Place) -> bool:
    """Whether a person may give this role in this place."""
    return user is not None and role in givable_roles(user, place)


def team_groupements(user) -> QuerySet[Groupement]:
    """The groupements whose team a person keeps: a référent's, a zone référent's, or all."""
    if not user.is_active:
        return Groupement.objects.none()
    if user_can_manage_network(user):
        return Groupement.objects.all()
    held = Mandate.objects.current().filter(person=user)
    return Groupement.objects.filter(
        Q(pk__in=held.filter(role=RoleCode.REFERENT).values("groupement"))
        | Q(zone__in=held.filter(role=RoleCode.ZONE_REFERENT).values("zone"))
    )


def team_zones(user) -> QuerySet[Zone]:
    """The zones whose team a person sees: a zone référent's own, or all."""
    if not user.is_active:
        return Zone.objects.none()
    if user_can_manage_network(user):
        return Zone.objects.all()
    held = Mandate.objects.current().filter(person=user, role=RoleCode.ZONE_REFERENT)
    return Zone.objects.filter(pk__in=held.values("zone"))

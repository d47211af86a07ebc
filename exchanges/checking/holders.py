"""Who answers for a groupement today, by which mandate: its référents, else its stand-in's, its zone's, the nation."""

from __future__ import annotations

from dataclasses import dataclass

from exchanges.checking.models import CheckRound
from regions.models import Groupement, Mandate
from regions.roles import RoleCode

Level = CheckRound.Level


@dataclass(frozen=True)
class Holders:
    """Who is asked, one mandate for each person."""

    level: str
    mandates: tuple[Mandate, ...]
    stand_in: Groupement | None = None


def _current(**where) -> tuple[Mandate, ...]:
    rows = Mandate.objects.current().filter(person__is_active=True, **where).select_related("person")
    return tuple({mandate.person_id: mandate for mandate in rows.order_by("-pk")}.values())


def _is_vacant(groupement: Groupement) -> bool:
    return groupement.status == Groupement.Status.VACANT


def holders_of(groupement: Groupement) -> Holders:
    """Who answers for a groupement today."""
    if not _is_vacant(groupement) and (own := _current(role=RoleCode.REFERENT, groupement=groupement)):
        return Holders(Level.GROUPEMENT, own)
    fallback = groupement.fallback
    if fallback and not _is_vacant(fallback) and (own := _current(role=RoleCode.REFERENT, groupement=fallback)):
        return Holders(Level.STAND_IN, own, fallback)
    return guardians_of(groupement)


def guardians_of(groupement: Groupement) -> Holders:
    """The référents of the zone; the administrators when it has none."""
    zone = groupement.zone_id
    if zone and (own := _current(role=RoleCode.ZONE_REFERENT, zone=zone)):
        return Holders(Level.ZONE, own)
    return Holders(Level.NATION, _current(role=RoleCode.NATIONAL_ADMIN))


def may_answer(mandate: Mandate, groupement: Groupement) -> bool:
    """Whether a mandate answers for a groupement at this moment: the links of an ended one open nothing."""
    if not mandate.is_current or not mandate.person.is_active:
        return False
    if mandate.role == RoleCode.REFERENT:
        instead = _is_vacant(groupement) and mandate.groupement_id == groupement.fallback_id
        return mandate.groupement_id == groupement.pk or instead
    if mandate.role == RoleCode.ZONE_REFERENT:
        return mandate.zone_id is not None and mandate.zone_id == groupement.zone_id
    return mandate.role == RoleCode.NATIONAL_ADMIN


def mandate_of(user, groupement: Groupement) -> Mandate | None:
    """The mandate by which a person answers for a groupement, if they do."""
    rows = Mandate.objects.current().filter(person=user).select_related("person")
    return next((mandate for mandate in rows if may_answer(mandate, groupement)), None)

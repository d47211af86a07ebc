"""Who calls back: the groupement asked, else its stand-in, its zone, the nation — whoever has an account today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from exchanges.models import CallbackRequest
from regions import people
from regions.models import Groupement
from regions.roles import RoleCode

Level = CallbackRequest.Level


@dataclass(frozen=True)
class Answerer:
    """Who is expected to call back, and their addresses."""

    level: str
    label: str
    emails: tuple[str, ...]
    stand_in: Groupement | None = None


def _emails(found: Iterable) -> tuple[str, ...]:
    return tuple(sorted(person.email for person in found))


def answerer_of(groupement: Groupement | None) -> Answerer:
    """Who answers for a groupement today; for the nation when none is given."""
    if groupement is None:
        return nation()
    if groupement.status != Groupement.Status.VACANT:
        own = _emails(people.holders(RoleCode.REFERENT, groupement=groupement))
        if own:
            return Answerer(Level.GROUPEMENT, groupement.name, own)
    fallback = groupement.fallback
    if fallback and fallback.status != Groupement.Status.VACANT:
        theirs = _emails(people.holders(RoleCode.REFERENT, groupement=fallback))
        if theirs:
            return Answerer(Level.STAND_IN, fallback.name, theirs, fallback)
    return zone_of(groupement)


def zone_of(groupement: Groupement | None) -> Answerer:
    """The référents of a groupement's zone; the nation when it has none."""
    if groupement and groupement.zone:
        found = _emails(people.holders(RoleCode.ZONE_REFERENT, zone=groupement.zone))
        if found:
            return Answerer(Level.ZONE, groupement.zone.name, found)
    return nation()


def nation() -> Answerer:
    return Answerer(Level.NATION, _("National cell"), _emails(people.administrators()))


def answerer_at(request: CallbackRequest) -> Answerer:
    """Whoever a request has been handed to."""
    if request.level == Level.NATION:
        return nation()
    if request.level == Level.ZONE:
        return zone_of(request.groupement)
    return answerer_of(request.groupement)

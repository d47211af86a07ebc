"""Writes of mandates: giving, changing, ending. Access, vacancy and reviewers follow in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from regions import rights, vacancy
from regions.models import Groupement, Mandate, RoleGroup, Zone
from regions.roles import ROLES
from users import audit


@transaction.atomic
def grant_mandate(
    *,
    person,
    role: str,
    groupement: Groupement | None = None,
    zone: Zone | None = None,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    by=None,
) -> Mandate:
    """Give a person a role somewhere, from a day to another (both included); access follows at once.

    Raises:
        ValidationError: when the role is not held at that level, or the dates are reversed.
    """
    mandate = Mandate(person=person, role=role, groupement=groupement, zone=zone, ends_on=ends_on)
    if starts_on:
        mandate.starts_on = starts_on
    mandate.full_clean()
    mandate.save()
    _record("mandate.granted", mandate, by)
    follow(mandate)
    return mandate


@transaction.atomic
def end_mandate(*, mandate: Mandate, on: dt.date, by=None) -> Mandate:
    """Set the last day of a mandate; access ends the night after it."""
    mandate.ends_on = on
    mandate.full_clean()
    mandate.save()
    _record("mandate.last-day", mandate, by)
    follow(mandate)
    return mandate


@transaction.atomic
def end_mandate_now(*, mandate: Mandate, by=None) -> Mandate:
    """End a mandate this minute: open sessions lose it with their next request. Safe to repeat."""
    mandate = Mandate.objects.select_for_update(of=("self",)).select_related("person").get(pk=mandate.pk)
    if mandate.ended_at is None:
        today = timezone.localdate()
        mandate.ended_at, mandate.ended_by = timezone.now(), by
        mandate.ends_on = max(mandate.starts_on, min(today, mandate.ends_on or today))
        mandate.save()
        _record("mandate.ended", mandate, by)
    follow(mandate)
    return mandate


@transaction.atomic
def change_role(*, mandate: Mandate, role: str, by=None) -> Mandate:
    """Give another role in the same place, until the same day; the former one ends at once."""
    if mandate.role == role:
        return mandate
    today = timezone.localdate()
    changed = grant_mandate(
        person=mandate.person,
        role=role,
        groupement=mandate.groupement,
        zone=mandate.zone,
        starts_on=max(mandate.starts_on, today),
        ends_on=mandate.ends_on,
        by=by,
    )
    end_mandate_now(mandate=mandate, by=by)
    return changed


def follow(mandate: Mandate) -> None:
    """Bring access, vacancy and reviewers in line after a mandate was written or deleted."""
    rights.sync_person(mandate.person)
    if mandate.groupement_id:
        vacancy.follow_groupement(mandate.groupement)
    elif mandate.zone_id:
        vacancy.follow_zone(mandate.zone)


def sync_people(people: Iterable) -> None:
    """Bring everybody's groups in line with the mandates that run today."""
    for person in people:
        rights.sync_person(person)


@transaction.atomic
def apply_calendar() -> tuple[int, int]:
    """Start the mandates that begin today and end those whose last day is over. Safe to repeat.

    Returns:
        how many people's access changed, and how many groupements changed state.
    """
    wanted: dict[int, set] = defaultdict(set)
    for person, *key in Mandate.objects.current().values_list("person", "role", "groupement", "zone"):
        if ROLES[key[0]].has_group:
            wanted[person].add(tuple(key))
    held: dict[int, set] = defaultdict(set)
    for person, *key in RoleGroup.objects.filter(group__user__isnull=False).values_list(
        "group__user", "role", "groupement", "zone"
    ):
        held[person].add(tuple(key))
    changed = {person for person in wanted.keys() | held.keys() if wanted[person] != held[person]}
    for person in get_user_model().objects.filter(pk__in=changed).order_by("pk"):
        rights.sync_person(person)
        audit.record("access.follows-calendar", person=person)
    return len(changed), vacancy.follow_calendar()


def _record(event: str, mandate: Mandate, by) -> None:
    audit.record(
        event,
        actor=by,
        person=mandate.person,
        mandate=mandate.pk,
        role=mandate.role,
        groupement=mandate.groupement_id,
        zone=mandate.zone_id,
    )

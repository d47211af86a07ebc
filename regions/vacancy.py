"""Passation: a groupement without référent is vacant, its stand-in answers and reviews; a successor reverses it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse

from regions import people, rights
from regions.models import Groupement, Mandate, Zone
from regions.roles import RoleCode
from users import audit, mail

Status = Groupement.Status


def follow_groupement(groupement: Groupement) -> None:
    """After a change among the référents of a groupement: its status, and who reviews what."""
    groupement = Groupement.objects.select_for_update(of=("self",)).get(pk=groupement.pk)
    _follow_status(groupement)
    # It may review for others; and others' référents may review for it.
    for concerned in Groupement.objects.filter(Q(pk=groupement.pk) | Q(fallback=groupement)):
        rights.sync_reviewers(concerned)


def follow_zone(zone: Zone) -> None:
    """After a change among a zone's référents: who reviews for its groupements without référent."""
    for groupement in zone.groupements.all():
        rights.sync_reviewers(groupement)


def follow_calendar() -> int:
    """Bring every groupement's status in line with today's mandates; returns how many changed."""
    led = Mandate.objects.filter(role=RoleCode.REFERENT)
    concerned = Groupement.objects.filter(pk__in=led.values("groupement"), status__in=(Status.ACTIVE, Status.VACANT))
    current = set(led.current().values_list("groupement", flat=True))
    stale = [row for row in concerned if (row.pk in current) != (row.status == Status.ACTIVE)]
    for groupement in stale:
        follow_groupement(groupement)
    return len(stale)


def _follow_status(groupement: Groupement) -> None:
    """Active and without référent any more: vacant. Vacant and with a référent: active. Otherwise unchanged.

    A groupement being set up, or dormant, is so by an administrator's decision.
    """
    led = Mandate.objects.filter(role=RoleCode.REFERENT, groupement=groupement)
    is_led = led.current().exists()
    if groupement.status == Status.ACTIVE and not is_led and led.exists():
        _set_status(groupement, Status.VACANT)
        tell_stand_ins(groupement)
    elif groupement.status == Status.VACANT and is_led:
        _set_status(groupement, Status.ACTIVE)


def _set_status(groupement: Groupement, status: str) -> None:
    groupement.status = status
    groupement.save(update_fields=["status"])
    audit.record("groupement.status", groupement=groupement.pk, status=status)


def tell_stand_ins(groupement: Groupement) -> None:
    """Write to those who keep a groupement that has just lost its référent: its zone, else the nation."""
    _send("groupement_vacant", _guardians(groupement), groupement)


def _guardians(groupement: Groupement) -> Iterable:
    """The zone's référents; the administrators when the zone has none."""
    zone = people.holders(RoleCode.ZONE_REFERENT, zone=groupement.zone) if groupement.zone_id else None
    return zone if zone and zone.exists() else people.administrators()


def _send(template: str, recipients: Iterable, groupement: Groupement) -> None:
    context = {"groupement": groupement.name, "path": reverse("handover", args=[groupement.pk])}
    mail.send(template, to=[person.email for person in recipients], context=context)

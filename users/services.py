"""Writes about accounts: ending sessions, taking a lost device away with two signatures."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from users import audit
from users.models import DeviceReset


def end_sessions(person) -> None:
    """End every session of a person, on every device, at once."""
    get_user_model().objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])


@transaction.atomic
def ask_for_device_reset(*, person, reason: str, asked_by) -> DeviceReset:
    """Note that a person lost their device. Nothing changes until another administrator approves.

    Raises:
        ValidationError: when one asks for oneself, or when a request is waiting already.
    """
    if person.pk == asked_by.pk:
        raise ValidationError(_("Ask another administrator: nobody does this for themselves."))
    if DeviceReset.objects.filter(person=person, answered_at__isnull=True).exists():
        raise ValidationError(_("A request is waiting already for this person."))
    reset = DeviceReset.objects.create(person=person, reason=reason, asked_by=asked_by)
    audit.record("device-reset.asked", actor=asked_by, person=person, reset=reset.pk)
    return reset


@transaction.atomic
def answer_device_reset(*, reset: DeviceReset, answered_by, approved: bool) -> DeviceReset:
    """Approve or refuse a request. Approving takes every device and code away and ends every session.

    Raises:
        ValidationError: when the one who answers asked, is the person concerned, or comes too late.
    """
    reset = DeviceReset.objects.select_for_update(of=("self",)).select_related("person").get(pk=reset.pk)
    if reset.answered_at:
        raise ValidationError(_("Somebody answered this request already."))
    if approved and answered_by.pk in (reset.asked_by_id, reset.person_id):
        raise ValidationError(_("Two administrators are needed: one asks, another one approves."))
    reset.approved, reset.answered_by, reset.answered_at = approved, answered_by, timezone.now()
    reset.save()
    if approved:
        Authenticator.objects.filter(user=reset.person).delete()
        end_sessions(reset.person)
    event = "device-reset.approved" if approved else "device-reset.refused"
    audit.record(event, actor=answered_by, person=reset.person, reset=reset.pk, asked_by=reset.asked_by_id)
    return reset

"""Inviting somebody to a role: a signed link, good once and for seven days, that makes the mandate start."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from regions import delegation, mandates
from regions.models import Invitation, Mandate
from regions.models.people import place_fields
from users import audit, mail

VALID_FOR = dt.timedelta(days=7)
SALT = "regions.invitation"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def invite(*, email: str, role: str, place, invited_by, ends_on: dt.date | None = None) -> Invitation:
    """Offer a role by e-mail. The same happens whether the address has an account or not.

    An earlier invitation of the same address to the same place no longer works.

    Raises:
        PermissionDenied: when the one who invites may not give this role there.
    """
    if not delegation.can_give(invited_by, role, place):
        raise PermissionDenied
    email = email.strip().lower()
    Invitation.objects.open().held_at(place).filter(email=email).update(withdrawn_at=timezone.now())
    secret = secrets.token_urlsafe(32)
    invitation = Invitation(
        email=email,
        role=role,
        ends_on=ends_on,
        secret_hash=_hash(secret),
        invited_by=invited_by,
        expires_at=timezone.now() + VALID_FOR,
        **place_fields(place),
    )
    invitation.full_clean()
    invitation.save()
    audit.record("invitation.sent", actor=invited_by, invitation=invitation.pk, role=role)
    context = {
        "invited_by": str(invited_by),
        "role": invitation.get_role_display(),
        "place": str(place) if place else "",
        "path": reverse("invitation", args=[signing.dumps(secret, salt=SALT)]),
        "expires_at": invitation.expires_at,
    }
    mail.send("invitation", to=[email], context=context)
    return invitation


def find(token: str) -> Invitation | None:
    """The invitation of a link, while it may be accepted: signed, not used, not too old, its author still entitled."""
    try:
        secret = signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        return None
    invitation = (
        Invitation.objects.open()
        .select_related("groupement", "zone", "invited_by")
        .filter(secret_hash=_hash(str(secret)))
        .first()
    )
    if invitation and delegation.can_give(invitation.invited_by, invitation.role, invitation.place):
        return invitation
    return None


def account_of(invitation: Invitation):
    """The account that the invited address has already, or ``None``."""
    return get_user_model().objects.filter(email__iexact=invitation.email).first()


@transaction.atomic
def accept_with_new_account(*, invitation: Invitation, first_name: str, last_name: str, password: str):
    """Make the account of an invited person; their mandate starts. Returns the person.

    Raises:
        ValidationError: when the invitation has just been used, or the address has got an account meanwhile.
    """
    invitation = _lock(invitation)
    if account_of(invitation):
        raise ValidationError(_("This address has an account already: sign in first."))
    person = get_user_model().objects.create_user(
        invitation.email, password, first_name=first_name, last_name=last_name
    )
    # The link reached the address: it is theirs.
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    _start(invitation, person)
    return person


@transaction.atomic
def accept(*, invitation: Invitation, person) -> Mandate:
    """Start the mandate of an invited person who has an account.

    Raises:
        PermissionDenied: when the invitation was sent to somebody else.
        ValidationError: when it has just been used.
    """
    invitation = _lock(invitation)
    if person.email.lower() != invitation.email.lower():
        raise PermissionDenied
    return _start(invitation, person)


def _lock(invitation: Invitation) -> Invitation:
    """Two clicks at once start one mandate."""
    locked = Invitation.objects.open().select_for_update(of=("self",)).filter(pk=invitation.pk).first()
    if locked is None:
        raise ValidationError(_("This invitation no longer works."))
    return locked


def _start(invitation: Invitation, person) -> Mandate:
    invitation.accepted_at, invitation.accepted_by = timezone.now(), person
    invitation.save()
    audit.record("invitation.accepted", actor=person, person=person, invitation=invitation.pk)
    place = place_fields(invitation.place)
    held = Mandate.objects.current().filter(person=person, role=invitation.role, ends_on=invitation.ends_on, **place)
    return held.first() or mandates.grant_mandate(
        person=person, role=invitation.role, ends_on=invitation.ends_on, by=invitation.invited_by, **place
    )


@transaction.atomic
def withdraw(*, invitation: Invitation, by) -> None:
    """Make an invitation's link stop working.

    Raises:
        PermissionDenied: when the person may not give the role it offers.
    """
    if not delegation.can_give(by, invitation.role, invitation.place):
        raise PermissionDenied
    Invitation.objects.open().filter(pk=invitation.pk).update(withdrawn_at=timezone.now())
    audit.record("invitation.withdrawn", actor=by, invitation=invitation.pk)

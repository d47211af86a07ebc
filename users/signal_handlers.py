"""What follows a sign-in or a change of device: the session's clock, its proof, the journal."""

from __future__ import annotations

import time

from allauth.account.signals import password_changed, password_reset
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db.models.signals import post_save

from users import audit
from users.middleware import SEEN_AT, SIGNED_IN_AT
from users.second_factor import ADDED_KEY, DEVICES


def start_clock(sender, request, user, **kwargs) -> None:
    """A session's age is counted from the sign-in."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = int(time.time())
    audit.record("sign-in", actor=user, person=user)


def note_failure(sender, **kwargs) -> None:
    """Failed tries are counted by allauth; the journal says that there was one, not whose."""
    audit.record("sign-in.failed")


def note_added_device(sender, instance: Authenticator, created: bool, raw: bool = False, **kwargs) -> None:
    """Adding a device proves that it is at hand: the session in which it was done needs no other proof."""
    request = context.request
    if raw or not created or instance.type not in DEVICES or request is None:
        return
    if request.user.is_authenticated and request.user.pk == instance.user_id:
        request.session[ADDED_KEY] = instance.user_id


def journal(event: str):
    """A receiver that writes ``event`` to the journal."""

    def receive(sender, user, **kwargs) -> None:
        device = kwargs.get("authenticator")
        audit.record(event, actor=user, person=user, kind=device.type if device else None)

    return receive


_RECEIVERS = (
    (password_changed, journal("password.changed")),
    (password_reset, journal("password.reset")),
    (authenticator_added, journal("device.added")),
    (authenticator_removed, journal("device.removed")),
    (authenticator_reset, journal("recovery-codes.renewed")),
)


def connect() -> None:
    """Connect the receivers; called once, when the applications are ready."""
    user_logged_in.connect(start_clock, dispatch_uid="users.start_clock")
    user_login_failed.connect(note_failure, dispatch_uid="users.note_failure")
    post_save.connect(note_added_device, sender=Authenticator, dispatch_uid="users.note_added_device")
    for number, (signal, receiver) in enumerate(_RECEIVERS):
        signal.connect(receiver, weak=False, dispatch_uid=f"users.journal.{number}")

"""The second proof: whether a person has one, whether this session gave it, and where to go when it did not."""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

DEVICES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# Set in the session in which a device was added: adding it proved that it is at hand.
ADDED_KEY = "second_factor_added"


def devices_of(user):
    """A person's devices, without the recovery codes, which are no proof by themselves."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=DEVICES)


def given(request: HttpRequest) -> bool:
    """Whether this session gave its second proof."""
    records = get_authentication_records(request, request.user)
    added = request.session.get(ADDED_KEY) == request.user.pk
    return added or any(record.get("method") == "mfa" for record in records)


def is_required(user) -> bool:
    """Whoever enters the administration gives a second proof; only a demonstration relaxes it."""
    return settings.MARA_SECOND_FACTOR and user.has_perm("wagtailadmin.access_admin")


def missing_step(request: HttpRequest) -> str:
    """The address of the page that asks for what this session still lacks; empty when nothing is missing."""
    kinds = set(devices_of(request.user).values_list("type", flat=True))
    if not kinds:
        return reverse("mfa_index")
    if given(request):
        return ""
    name = "mfa_reauthenticate" if Authenticator.Type.TOTP in kinds else "mfa_reauthenticate_webauthn"
    return f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}"

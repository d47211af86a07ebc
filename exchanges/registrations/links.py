"""Signed links by which a person sees and cancels their registration, without an account."""

from __future__ import annotations

from django.core import signing
from django.urls import reverse
from django.utils import translation
from wagtail.models import Site

from exchanges.registrations.models import Registration
from resources.models import EventPage

SALT = "exchanges.registration.link"


def token_of(registration: Registration) -> str:
    return signing.Signer(salt=SALT).sign(str(registration.pk))


def read(token: str) -> Registration | None:
    """The registration of a link; ``None`` when we did not make it, or when it was deleted since."""
    try:
        pk = int(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return Registration.objects.select_related("event", "groupement").filter(pk=pk).first()


def root_of(registration: Registration) -> str:
    """The site of whoever organises the event, without a slash."""
    groupement = registration.groupement
    site = groupement.site if groupement and groupement.site_id else None
    site = site or Site.objects.filter(is_default_site=True).first()
    return site.root_url if site else ""


def manage_url(registration: Registration) -> str:
    """The address of a registration, for its message."""
    with translation.override(registration.language):
        return root_of(registration) + reverse("registration_manage", args=[token_of(registration)])


def event_url(event: EventPage, query: str) -> str:
    """The address of an event, at the site of whoever organises it."""
    return (event.full_url or "") + query

"""Somebody who comes to an event of each owner."""

from __future__ import annotations

import uuid

from exchanges.registrations.models import Registration
from tests.factories import pages
from tests.isolation.matrix.canaries import public, secret


def lay_registration(estate) -> None:
    """A registration, for an event that everybody may read of."""
    event = pages.event(estate.home, public(estate.owner, "registrationevent"), registers_here=True)
    row = Registration.objects.create(
        key=uuid.uuid4(),
        groupement=estate.groupement,
        event=event,
        name=secret(estate.owner, "registrationname"),
        email=f"{secret(estate.owner, 'registrationmail')}@example.org",
        state="seated",
        told_state="seated",
        consent_version="2026-11",
        starts_at=event.starts_at,
        ends_at=event.ends_at,
    )
    estate.ids |= {"registration": row.pk, "registration_event": event.pk}

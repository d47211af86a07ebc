"""Tells those who registered as soon as an event is published again or taken away."""

from __future__ import annotations

from wagtail.signals import page_published, page_unpublished

from exchanges.registrations import services, sessions
from resources.models import EventPage


def follow_published(sender, instance, **kwargs) -> None:
    """An event was published, by hand or by the clock."""
    services.follow_safely(sessions.anchor(instance).pk)


def follow_unpublished(sender, instance, **kwargs) -> None:
    """An event was unpublished, by hand, by the clock, or because it is being deleted."""
    kept = sessions.anchor(instance).pk
    services.follow_safely(kept, gone=kept == instance.pk)


def connect() -> None:
    """Connect the receivers; called once, when the applications are ready."""
    page_published.connect(follow_published, sender=EventPage, dispatch_uid="exchanges.follow_published")
    page_unpublished.connect(follow_unpublished, sender=EventPage, dispatch_uid="exchanges.follow_unpublished")

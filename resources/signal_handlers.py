"""Keeps the columns of contacts that are reckoned from others in line with them."""

from __future__ import annotations

from django.db.models.signals import pre_save

from resources.contacts.position import locate_on_save
from resources.models import ContactPage


def connect() -> None:
    """Connect the receivers; called once, when the applications are ready."""
    pre_save.connect(locate_on_save, sender=ContactPage, dispatch_uid="resources.locate_contact")

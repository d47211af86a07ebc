"""What follows a save or a migration: folded columns, and the triggers that say when something public changes."""

from __future__ import annotations

from django.apps import apps
from django.db.models.signals import post_migrate, pre_save

from core.models import BasePage
from core.page_cache import triggers
from core.text import fold


def fold_text(sender, instance, raw: bool = False, **kwargs) -> None:
    """Fill the folded columns of a page about to be saved."""
    if isinstance(instance, BasePage):
        instance.folded = fold(" ".join(part for part in instance.folded_source() if part))
        instance.sort_key = fold(instance.title)[:255]


def connect() -> None:
    """Connect the receivers; called once, when the applications are ready."""
    pre_save.connect(fold_text, dispatch_uid="core.fold_text")
    post_migrate.connect(triggers.install, sender=apps.get_app_config("core"), dispatch_uid="core.page_cache")

"""Keeps the columns that searches and sorts rest on in line with the text they come from."""

from __future__ import annotations

from django.db.models.signals import pre_save

from core.models import BasePage
from core.text import fold


def fold_text(sender, instance, raw: bool = False, **kwargs) -> None:
    """Fill the folded columns of a page about to be saved."""
    if isinstance(instance, BasePage):
        instance.folded = fold(" ".join(part for part in instance.folded_source() if part))
        instance.sort_key = fold(instance.title)[:255]


def connect() -> None:
    """Connect the receiver; called once, when the applications are ready."""
    pre_save.connect(fold_text, dispatch_uid="core.fold_text")

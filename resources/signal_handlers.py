"""Keeps the columns of contacts that are reckoned from others in line with them."""

from __future__ import annotations

from django.db.models.signals import pre_save
from wagtail.signals import copy_for_translation_done, page_published, page_slug_changed

from resources.contacts.position import locate_on_save
from resources.frames import following
from resources.models import ContactPage


def connect() -> None:
    """Connect the receivers; called once, when the applications are ready."""
    pre_save.connect(locate_on_save, sender=ContactPage, dispatch_uid="resources.locate_contact")
    page_published.connect(following.note_publication, dispatch_uid="resources.frame_change")
    page_slug_changed.connect(following.keep_links, dispatch_uid="resources.frame_links")
    copy_for_translation_done.connect(following.forget_answers, dispatch_uid="resources.frame_translation")

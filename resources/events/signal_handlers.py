"""Keeps the dates laid out in line with the events they come from."""

from __future__ import annotations

from django.apps import apps
from django.db.models.signals import post_delete, post_save

from resources.events import occurrences, publication

# What a save of a draft writes, and of the tree: none of it moves a date.
WITHOUT_DATES = frozenset(
    {
        "latest_revision",
        "latest_revision_created_at",
        "draft_title",
        "has_unpublished_changes",
        "go_live_at",
        "expire_at",
        "approved_schedule",
        "locked",
        "locked_at",
        "locked_by",
        "owner",
        "numchild",
        "url_path",
        "search_description",
    }
)


def follow_event(sender, instance, raw: bool = False, update_fields=None, **kwargs) -> None:
    """Lay the dates of an event out whenever its published version is saved."""
    if raw or (update_fields is not None and set(update_fields) <= WITHOUT_DATES):
        return
    occurrences.lay_out(instance)
    publication.follow(instance)


def follow_deletion(sender, instance, **kwargs) -> None:
    """Calendars are told that it is off."""
    publication.withdraw(instance.pk)


def connect() -> None:
    """Connect the receivers; called once, when the applications are ready."""
    model = apps.get_model("resources", "EventPage")
    post_save.connect(follow_event, sender=model, dispatch_uid="resources.follow_event")
    post_delete.connect(follow_deletion, sender=model, dispatch_uid="resources.follow_event_deletion")

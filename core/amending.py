"""One change to a published page, made at once from a button: through its history, as if somebody had opened it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page


class NotNow(Exception):
    """The page cannot be changed from a button for now; the text says why, and what to do instead."""


@transaction.atomic
def amend(page: Page, change: Callable[[Page], None], *, user, action: str) -> None:
    """Publish a new version of a page that differs from the published one by ``change`` and nothing else.

    A version under way is not published with it: it receives the same change, and goes on waiting.

    Args:
        page: a published page of any type.
        change: called with the page as published, then with the version under way if there is one.
        user: who does it; ``None`` for the clock.
        action: the name under which the history tells it (``register_log_actions``).

    Raises:
        NotNow: somebody locked the page, a version of it waits for its hour, or for somebody's approval.
        PermissionDenied: ``user`` may not publish it.
    """
    live = page.specific_class.objects.select_for_update(of=("self",)).get(pk=page.pk)
    lock = live.get_lock()
    if lock is not None and (user is None or lock.for_user(user)):
        raise NotNow(
            _("This page is locked, or a new version of it waits for its hour. Open it, and make the change there.")
        )
    if live.workflow_in_progress:
        raise NotNow(_("A new version of this page waits for approval. Open it, and make the change there."))
    waiting = live.get_latest_revision_as_object() if live.has_unpublished_changes else None
    change(live)
    # Not cleaned as a whole: what an old page lacks is no reason to let people come for nothing.
    live.save_revision(user=user, clean=False).publish(user=user, log_action=action)
    if waiting is not None:
        change(waiting)
        waiting.save_revision(user=user, clean=False)

"""“Mon texte convient”: a groupement says that its answers still suit a changed national text; and undoes it.

What visitors read never changes by it: only the national version that the answers were read against.
"""

from __future__ import annotations

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.models import Page, Revision

from resources.frames.completeness import outdated, review_changes
from resources.frames.services import confirm, find_complement, may_write, newest, submit

SALT = "resources.frames.confirming"
UNDO_FOR = 14 * 24 * 3600  # seconds during which a confirmation may be undone from its screen


class Waits(Exception):
    """A version of the answers waits for approval or for its hour: it has to be looked at first."""


class Overtaken(Exception):
    """Somebody saved the page since: undoing would lose what they wrote."""


@transaction.atomic
def confirm_reading(*, national, home: Page, user) -> str:
    """Confirm all the answers that a change asked to read again; return what undoes it, empty when there was nothing.

    A draft that waits stays a draft, and what is published is confirmed beside it. Who may not publish leaves a
    draft, sent to whoever approves when nothing else was in it.

    Raises:
        PermissionDenied: the person may not write there.
        Waits: a version waits for approval or for its hour.
    """
    row = find_complement(national, home)
    if row is None:
        return ""
    row = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    page = row.get_latest_revision_as_object()
    if not may_write(page, user):
        raise PermissionDenied
    if row.workflow_in_progress or row.scheduled_revision:
        raise Waits
    changes = review_changes(national)
    late, late_draft = outdated(row.given, changes) if row.live else [], outdated(page.given, changes)
    if not late and not late_draft:
        return ""
    before, live_before, is_published = row.latest_revision_id, None, False
    is_draft = not row.live or row.has_unpublished_changes
    if row.live and page.permissions_for_user(user).can_publish():
        live_before, is_published = row.live_revision_id or before, True
        _publish(row, confirm(row.given, late, national=national), user)
    if is_draft or not is_published:
        _save(page, confirm(page.given, late_draft, national=national), user)
        if not is_published and not is_draft and page.permissions_for_user(user).can_submit_for_moderation():
            submit(type(page).objects.get(pk=page.pk), user)
    after = type(row).objects.values_list("latest_revision_id", flat=True).get(pk=row.pk)
    return signing.dumps([row.pk, before, live_before, is_draft, after], salt=SALT)


@transaction.atomic
def undo(*, token: str, national, home: Page, user) -> None:
    """Put back what was before a confirmation.

    Raises:
        signing.BadSignature: the token is not one of ours for this page, or is too old.
        Overtaken: somebody saved the page since.
        PermissionDenied: the person may not write there.
    """
    pk, before, live_before, was_draft, after = signing.loads(token, salt=SALT, max_age=UNDO_FOR)
    row = find_complement(national, home)
    if row is None or row.pk != pk:
        raise signing.BadSignature
    row = type(row).objects.select_for_update(of=("self",)).get(pk=pk)
    former = Revision.objects.filter(pk=before).first()
    if row.latest_revision_id != after or former is None:
        raise Overtaken
    state = row.current_workflow_state
    if state is not None and state.requested_by_id == user.pk:
        state.cancel(user=user)
    page = newest(national, home)
    if not may_write(page, user):
        raise PermissionDenied
    if live_before:
        published = Revision.objects.filter(pk=live_before).first()
        if published is None or not page.permissions_for_user(user).can_publish():
            raise PermissionDenied
        _publish(row, published.as_object().given, user)
    if was_draft or not live_before:
        _save(page, former.as_object().given, user)


def _publish(row, given, user) -> None:
    row.set_answers(given)
    row.save_revision(user=user, log_action=True).publish(user=user)


def _save(page, given, user) -> None:
    page.set_answers(given)
    page.save_revision(user=user, log_action=True)

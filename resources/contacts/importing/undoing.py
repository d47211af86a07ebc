"""Takes an import back: what nobody has touched since. The rest stays, and is listed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.locks import WorkflowLock
from wagtail.models import ReferenceIndex, Revision

from resources.contacts.importing.applying import may_write
from resources.contacts.importing.models import KEPT, ContactImport, ContactImportRow, Outcome, State
from resources.contacts.models import ContactListingPage, ContactPage

CHUNK = 10
_OUTCOME = ["outcome", "problems", "page"]
DONE = (Outcome.CREATED, Outcome.CHANGED)


def is_possible(origin: ContactImport) -> bool:
    """Whether an import may still be taken back: thirty days, and something that it did."""
    return origin.state == State.DONE and timezone.now() < origin.started_at + KEPT - dt.timedelta(hours=1)


def begin(origin: ContactImport, *, user) -> None:
    """Begin to take an import back. The caller holds its row."""
    origin.acting, origin.state, origin.position, origin.moved_at = user, State.UNDOING, 0, timezone.now()
    origin.save(update_fields=["acting", "state", "position", "moved_at"])


def step(origin: ContactImport) -> Callable[[ContactImport], None]:
    """A step that takes ten lines back, the last ones first."""

    def undo(current: ContactImport) -> None:
        rows = list(current.rows.filter(outcome__in=DONE).order_by("-line")[:CHUNK])
        section = ContactListingPage.objects.get(pk=current.section_id)
        allowed = may_write(current.acting, section)
        for row in rows:
            if allowed:
                _take_back(row, current)
            else:
                _keep(row, _("The right to write here has ended."))
        ContactImportRow.objects.bulk_update(rows, _OUTCOME)
        current.position += len(rows)
        if not rows:
            current.state, current.position = State.UNDONE, 0

    return undo


def _keep(row: ContactImportRow, why: str) -> None:
    row.outcome, row.problems = Outcome.KEPT, [*row.problems, why]


def _take_back(row: ContactImportRow, origin: ContactImport) -> None:
    page = ContactPage.objects.select_for_update(of=("self",)).filter(pk=row.page_id).first()
    if page is None:
        row.outcome = Outcome.UNDONE  # somebody removed it before
        return
    if _is_touched(page, row):
        _keep(row, _("Edited since: it stays as it is."))
        return
    lock = page.get_lock()
    # What waits for a reviewer is closed to its author, who may still take it back.
    awaits_review = row.outcome == Outcome.CREATED and isinstance(lock, WorkflowLock)
    if lock and not awaits_review and lock.for_user(origin.acting):
        _keep(row, _("Somebody has locked this contact: unlock it first."))
        return
    permissions = page.permissions_for_user(origin.acting)
    if row.outcome == Outcome.CREATED:
        if _is_pointed_at(page) and permissions.can_unpublish():
            page.unpublish(user=origin.acting)
            row.problems = [*row.problems, _("Withdrawn, not deleted: another page points at it.")]
        elif permissions.can_delete():
            row.page = None
            page.delete(user=origin.acting)
        else:
            _keep(row, _("You may not delete this contact: tell your référent."))
            return
    else:
        before = Revision.objects.filter(pk=row.revision_before).first()
        if before is None or not permissions.can_edit():
            _keep(row, _("Its former version is no longer kept."))
            return
        revision = before.as_object().save_revision(
            user=origin.acting, log_action=True, clean=False, previous_revision=before
        )
        if row.was_published and permissions.can_publish():
            revision.publish(user=origin.acting)
    row.outcome = Outcome.UNDONE


def _is_touched(page: ContactPage, row: ContactImportRow) -> bool:
    """Whether a person wrote, published or withdrew the contact after the import."""
    if page.latest_revision_id != row.revision_after:
        return True
    if row.outcome == Outcome.CREATED or row.was_published:
        return page.live != row.was_published
    return page.live_revision_id == row.revision_after  # somebody published what was a draft


def _is_pointed_at(page: ContactPage) -> bool:
    """Whether a text shows the contact or links to it."""
    return ReferenceIndex.get_references_to(page).exists()

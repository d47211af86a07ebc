"""Takes an import of events back: drafts that nobody has touched since. The rest stays, and is listed."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Revision

from resources.events.importing import writing
from resources.events.importing.models import (
    KEPT,
    EventImport,
    EventImportRow,
    EventSource,
    ImportedEvent,
    Outcome,
    State,
)
from resources.events.models import EventCalendarPage, EventPage

CHUNK = 10
DONE = (Outcome.CREATED, Outcome.UPDATED)


def is_possible(origin: EventImport) -> bool:
    """Whether an import may still be taken back: thirty days."""
    return origin.state == State.DONE and timezone.now() < origin.started_at + KEPT - dt.timedelta(hours=1)


def begin(origin: EventImport, *, user) -> None:
    """Begin to take an import back. The caller holds its row. Its source is no longer read, or it would come again."""
    origin.acting, origin.state, origin.position, origin.moved_at = user, State.UNDOING, 0, timezone.now()
    origin.save(update_fields=["acting", "state", "position", "moved_at"])
    EventSource.objects.filter(pk=origin.source_id).exclude(address="").update(is_paused=True, read_from=None)


def undo(origin: EventImport, source: EventSource, section: EventCalendarPage, allowed) -> None:
    """Take ten events back, the last ones first."""
    rows = list(origin.rows.filter(outcome__in=DONE).order_by("-number")[:CHUNK])
    right = allowed(origin.acting, section)
    for row in rows:
        if right:
            _take_back(row, origin, source)
        else:
            _keep(row, _("The right to write here has ended."))
    EventImportRow.objects.bulk_update(rows, ["outcome", "problems", "page"])
    origin.position += len(rows)
    if not rows:
        origin.state, origin.position = State.UNDONE, 0


def _keep(row: EventImportRow, why: str) -> None:
    row.outcome, row.problems = Outcome.KEPT, [*row.problems, why]


def _take_back(row: EventImportRow, origin: EventImport, source: EventSource) -> None:
    entry = source.events.filter(key=row.key).first()
    page = EventPage.objects.select_for_update(of=("self",)).filter(pk=row.page_id).first() if row.page_id else None
    if page is None:
        row.outcome = Outcome.UNDONE  # somebody deleted it before; it is still not made again
        return
    if page.live or page.first_published_at or page.latest_revision_id != row.revision_after:
        _keep(row, _("Edited or published since: it stays as it is."))
        return
    lock = page.get_lock()
    if lock and lock.for_user(origin.acting):
        _keep(row, _("Somebody has locked this page: unlock it first."))
        return
    permissions = page.permissions_for_user(origin.acting)
    if row.outcome == Outcome.CREATED:
        if not permissions.can_delete():
            _keep(row, _("You may not delete this draft: tell your référent."))
            return
        row.page = None
        if entry is not None:
            entry.delete()  # the same file, sent again, makes it again
        page.delete(user=origin.acting)
        row.outcome = Outcome.UNDONE
        return
    before = Revision.objects.filter(pk=row.revision_before).first()
    if before is None or not permissions.can_edit():
        _keep(row, _("Its former version is no longer kept."))
        return
    revision = before.as_object().save_revision(
        user=origin.acting, log_action=True, clean=False, previous_revision=before
    )
    if entry is not None:
        ImportedEvent.objects.filter(pk=entry.pk).update(
            values=row.before, revision=revision.pk, ends_on=writing.last_day(row.before)
        )
    row.outcome = Outcome.UNDONE

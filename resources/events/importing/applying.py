"""Carries a reading out, ten events at a time, as an editor does: page, version, journal. Always drafts.

Each step is one transaction with how far it got, under a lock on the import's row and on its source's (see
docs/adr/0048): stopped anywhere, it has happened or it has not.
"""

from __future__ import annotations

import time

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Page

from regions.rights import national_homes
from resources.events.importing import undoing, writing
from resources.events.importing.comparing import is_untouched
from resources.events.importing.models import (
    Action,
    EventImport,
    EventImportRow,
    EventSource,
    ImportedEvent,
    Notice,
    Outcome,
    State,
)
from resources.events.models import EventCalendarPage, EventPage

CHUNK = 10
BUDGET_SECONDS = 1.5
TO_DO = (Action.CREATE, Action.UPDATE, Action.FLAG)
_OUTCOME = ["outcome", "problems", "page", "before", "revision_before", "revision_after"]


def may_write(user, section: Page) -> bool:
    """Whether a person may add events to a calendar."""
    return bool(user and user.is_active and section.permissions_for_user(user).can_add_subpage())


def confirm(origin: EventImport, *, user) -> None:
    """Begin to carry out what waits for it. The caller holds the import's row.

    Args:
        user: in whose name; ``None`` for the clock, of a source that somebody confirmed.
    """
    origin.acting, origin.state, origin.position, origin.moved_at = user, State.APPLYING, 0, timezone.now()
    origin.rows.exclude(action__in=TO_DO).update(outcome=Outcome.NOTHING)
    origin.save(update_fields=["acting", "state", "position", "moved_at"])
    EventSource.objects.filter(pk=origin.source_id, is_confirmed=False).update(is_confirmed=True)


def advance(pk: int, *, seconds: float = BUDGET_SECONDS) -> EventImport:
    """Move an import on for a moment, until it is over; at least one step is made.

    Raises:
        EventImport.DoesNotExist: when it was deleted meanwhile.
    """
    deadline = time.monotonic() + seconds
    origin = EventImport.objects.get(pk=pk)
    while origin.is_running:
        _step(pk, origin.state)
        origin = EventImport.objects.get(pk=pk)
        if time.monotonic() >= deadline:
            break
    return origin


@transaction.atomic
def _step(pk: int, state: str) -> None:
    """Do one step, unless another process has just brought the import into another state."""
    origin = EventImport.objects.select_for_update(of=("self",)).get(pk=pk)
    if origin.state != state:
        return
    source = EventSource.objects.select_for_update(of=("self",)).get(pk=origin.source_id)
    section = EventCalendarPage.objects.get(pk=source.section_id)
    (apply if state == State.APPLYING else undoing.undo)(origin, source, section, may_write)
    origin.moved_at = timezone.now()
    origin.save(update_fields=["state", "position", "moved_at"])


def apply(origin: EventImport, source: EventSource, section: EventCalendarPage, allowed) -> None:
    """Carry out ten events."""
    waiting = origin.rows.filter(outcome=Outcome.WAITING, action__in=TO_DO)
    if not origin.by_itself and not allowed(origin.acting, section):
        waiting.update(outcome=Outcome.SKIPPED, problems=[_("The right to write here has ended.")])
    rows = list(waiting.order_by("number")[:CHUNK])
    if not rows:
        origin.state, origin.position = State.DONE, 0
        return
    writer = Writer(origin, source, section)
    for row in rows:
        writer.carry_out(row)
    EventImportRow.objects.bulk_update(rows, _OUTCOME)
    origin.position += len(rows)


class Writer:
    """Writes the events of one step."""

    def __init__(self, origin: EventImport, source: EventSource, section: EventCalendarPage) -> None:
        self.origin, self.source, self.section, self.user = origin, source, section, origin.acting
        parents = [section.path, *(home.path for home in national_homes() if home.locale_id == section.locale_id)]
        self.taken: set[str] = set()
        for path in parents:
            below = Page.objects.filter(path__startswith=path, depth=section.depth + 1)
            self.taken |= set(below.values_list("slug", flat=True))

    def carry_out(self, row: EventImportRow) -> None:
        """Do what a row asks, or write down why it could not be done."""
        try:
            with transaction.atomic():
                entry = self.source.events.select_related("page").filter(key=row.key).first()
                if entry is None and row.action == Action.CREATE:
                    self._create(row)
                elif entry is None or entry.page is None:
                    row.outcome = Outcome.NOTHING
                elif row.action == Action.CREATE:  # another reading has made it meanwhile
                    row.outcome, row.page = Outcome.NOTHING, entry.page
                elif row.action == Action.UPDATE and is_untouched(entry) and not self._is_locked(entry.page):
                    self._update(row, entry)
                else:
                    _tell(row, entry)
        except (ValidationError, IntegrityError) as error:
            words = " ".join(error.messages) if isinstance(error, ValidationError) else ""
            row.outcome, row.problems = Outcome.SKIPPED, [*row.problems, words or _("This event could not be saved.")]

    def _is_locked(self, page: EventPage) -> bool:
        lock = page.get_lock()
        return bool(lock and (self.user is None or lock.for_user(self.user)))

    def _create(self, row: EventImportRow) -> None:
        page = EventPage(
            locale_id=self.section.locale_id,
            slug=self._free_slug(row.values["title"]),
            owner=self.user,
            live=False,
            has_unpublished_changes=True,
            organiser=self.source.title,
        )
        writing.write(page, row.values)
        self.section.add_child(instance=page)
        revision = page.save_revision(user=self.user, changed=True, clean=False)
        ImportedEvent.objects.create(
            source=self.source,
            key=row.key,
            page=page,
            values=row.values,
            revision=revision.pk,
            ends_on=writing.last_day(row.values),
        )
        row.page, row.outcome, row.revision_after = page, Outcome.CREATED, revision.pk

    def _update(self, row: EventImportRow, entry: ImportedEvent) -> None:
        stored = entry.page
        before = stored.latest_revision
        row.revision_before, row.before = before.pk, entry.values
        row.revision_after = write_version(entry, row.values, writing.differing(entry.values, row.values), self.user)
        settle(entry, row.values, revision=row.revision_after)
        row.page, row.outcome = stored, Outcome.UPDATED

    def _free_slug(self, title: str) -> str:
        base = slugify(title)[:70].strip("-") or "evenement"
        slug, number = base, 2
        while slug in self.taken:
            slug, number = f"{base}-{number}", number + 1
        self.taken.add(slug)
        return slug


def write_version(entry: ImportedEvent, values: dict, parts: list[str], user) -> int:
    """Write some parts of what the source says into a new version of the page, and return its number."""
    page = entry.page.get_latest_revision_as_object()
    writing.write(page, values, parts)
    return page.save_revision(user=user, log_action=True, clean=False).pk


def settle(entry: ImportedEvent, values: dict, *, revision: int | None = None) -> None:
    """What the source says is dealt with, and is not told again."""
    entry.values, entry.offered, entry.notice, entry.silenced = values, {}, Notice.NOTHING, Notice.NOTHING
    entry.noticed_at, entry.ends_on = None, writing.last_day(values)
    if revision is not None:
        entry.revision = revision
    entry.save()


def _tell(row: EventImportRow, entry: ImportedEvent) -> None:
    """Put what the source says before whoever keeps the page."""
    row.page, row.outcome = entry.page, Outcome.FLAGGED
    notice = row.notice or (Notice.CHANGED if row.action == Action.UPDATE else Notice.NOTHING)
    entry.notice, entry.silenced = notice, Notice.NOTHING
    entry.noticed_at = timezone.now() if notice else None
    entry.offered = row.values if notice in {Notice.CHANGED, Notice.CANCELLED} else {}
    entry.save(update_fields=["notice", "silenced", "noticed_at", "offered"])


def decide(entry: ImportedEvent, *, take: bool, user) -> bool:
    """Take what the source says, as a draft version, or keep what is here; tell whether there was something to decide.

    The caller holds the entry's row. What is published stays as it is until somebody publishes the draft.
    """
    if not entry.notice or entry.page is None:
        return False
    if not take or not entry.offered:
        gone = entry.notice == Notice.GONE
        settle(entry, entry.offered or entry.values)
        if gone:
            ImportedEvent.objects.filter(pk=entry.pk).update(silenced=Notice.GONE)
        return True
    if not entry.page.permissions_for_user(user).can_edit():
        return False
    lock = entry.page.get_lock()
    if lock and lock.for_user(user):
        return False
    write_version(entry, entry.offered, writing.differing(entry.values, entry.offered), user)
    settle(entry, entry.offered)
    return True

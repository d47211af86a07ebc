"""An import goes on in small steps, each in one transaction with how far it got.

Stopped anywhere, a step has happened or has not; the next one takes over where the last one was written. Browsers
and the clock call :func:`advance`; two at once wait for each other on the import's own row.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import islice

from django.db import transaction
from django.utils import timezone

from resources.contacts.importing import applying, checking, undoing
from resources.contacts.importing.columns import from_memory, guess, headers_key
from resources.contacts.importing.models import ContactColumns, ContactImport, ContactImportRow, State
from resources.contacts.importing.reading import XLSX, UnreadableFileError, rows

READ_CHUNK = 100
# What one request may take: short enough for whoever waits behind it.
BUDGET_SECONDS = 1.5
# A workbook cannot be opened in its middle: begun, it is read on. The largest that is accepted takes about this.
WORKBOOK_SECONDS = 15
# One that unfolds into more bytes than this takes longer than a request may: the clock reads it.
WORKBOOK_AT_ONCE = 1_500_000


def waits_for_clock(origin: ContactImport) -> bool:
    """Whether what comes next is too long for anybody to wait for."""
    return origin.state == State.READING and origin.form.get("unzipped", 0) > WORKBOOK_AT_ONCE


def advance(pk: int, *, seconds: float = BUDGET_SECONDS, awaited: bool = False) -> ContactImport:
    """Move an import on for a moment, until it needs a person or is over.

    Args:
        seconds: after which no new step is begun; at least one always is.
        awaited: somebody waits for the answer: what would take long is left to the clock.

    Raises:
        ContactImport.DoesNotExist: when it was deleted meanwhile.
    """
    deadline = time.monotonic() + seconds
    origin = ContactImport.objects.defer("raw").get(pk=pk)
    steps: dict[str, Callable] = {}
    while origin.is_running and not (awaited and waits_for_clock(origin)):
        if origin.state == State.READING:
            _read(pk, origin.position, deadline)
        else:
            if origin.state not in steps:
                steps[origin.state] = _MAKERS[origin.state](origin)
            _step(pk, origin.state, steps[origin.state])
        origin = ContactImport.objects.defer("raw").get(pk=pk)
        if time.monotonic() >= deadline:
            break
    return origin


@transaction.atomic
def _step(pk: int, state: str, step: Callable[[ContactImport], None]) -> None:
    """Do one step, unless another process has just brought the import into another state."""
    origin = ContactImport.objects.defer("raw").select_for_update(of=("self",)).get(pk=pk)
    if origin.state == state:
        step(origin)
        origin.moved_at = timezone.now()
        origin.save(update_fields=["state", "position", "moved_at", "applied_at"])


_MAKERS: dict = {
    State.CHECKING: checking.step,
    State.APPLYING: applying.step,
    State.UNDOING: undoing.step,
}


# --- Reading --------------------------------------------------------------------------------------


def _read(pk: int, position: int, deadline: float) -> None:
    """Keep the lines of the file, from a position on; the file is opened once for all the chunks of a request."""
    origin = ContactImport.objects.get(pk=pk)
    try:
        lines = rows(bytes(origin.raw or b""), origin.form)
        skipped = sum(1 for _line in islice(lines, position))
        if origin.form["kind"] == XLSX:
            deadline = max(deadline, time.monotonic() + WORKBOOK_SECONDS)
        while skipped == position:
            chunk = list(islice(lines, READ_CHUNK))
            if not _keep(pk, position, chunk):
                return
            position += len(chunk)
            skipped = position
            if time.monotonic() >= deadline:
                return
        _refuse(pk, "")
    except UnreadableFileError as error:
        _refuse(pk, str(error))


@transaction.atomic
def _keep(pk: int, position: int, chunk: list[tuple[int, list[str]]]) -> bool:
    """Write a chunk of lines and how far one got; tell whether there may be more of them to read."""
    origin = ContactImport.objects.defer("raw").select_for_update(of=("self",)).get(pk=pk)
    if origin.state != State.READING or origin.position != position:
        return False  # another process is ahead
    found = list(chunk)
    if position == 0 and found:
        origin.headers = found.pop(0)[1]
    ContactImportRow.objects.bulk_create(
        ContactImportRow(origin=origin, line=line, cells=cells) for line, cells in found
    )
    origin.position += len(chunk)
    origin.moved_at = timezone.now()
    if not chunk:
        _finish_reading(origin)
    origin.save(
        update_fields=["state", "position", "headers", "moved_at", "total", "mapping", "default_category", "refusal"]
    )
    return bool(chunk)


def _finish_reading(origin: ContactImport) -> None:
    origin.total = origin.rows.count()
    if not origin.total:
        origin.state, origin.refusal = State.REFUSED, applying.no_rows()
        return
    origin.state, origin.position = State.COLUMNS, 0
    remembered = ContactColumns.objects.filter(
        section=origin.section_id, headers_key=headers_key(origin.headers)
    ).first()
    if remembered:
        origin.mapping = from_memory(origin.headers, remembered.mapping)
        origin.default_category = remembered.default_category
    else:
        origin.mapping = guess(origin.headers)


@transaction.atomic
def _refuse(pk: int, why: str) -> None:
    """Nothing of a file that cannot be read to its end is kept."""
    origin = ContactImport.objects.defer("raw").select_for_update(of=("self",)).get(pk=pk)
    if origin.state != State.READING:
        return
    origin.rows.all().delete()
    ContactImport.objects.filter(pk=pk).update(
        state=State.REFUSED, refusal=why or applying.no_rows(), raw=None, moved_at=timezone.now()
    )

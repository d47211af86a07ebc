"""Whether this installation can be relied upon now: what `/pret/` tells a watcher, cheaply and without a secret."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Min
from django.utils import timezone
from mailer.models import PRIORITY_DEFERRED, Message

from core.tasks import keeping, presence
from core.tasks.asking import are_kept
from mara_site.hosting import pulses
from mara_site.hosting.models import Pulse

LEAST_FREE = 10  # percent of the disk
CLOCK_LATE = dt.timedelta(minutes=5)
QUEUE_LATE = dt.timedelta(minutes=5)
BACKUP_LATE = dt.timedelta(hours=26)
WORKER_LATE = dt.timedelta(minutes=2)  # it makes itself heard each half-minute
TASKS_LATE = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Check:
    """One thing that must hold.

    ``figure`` is in seconds; in percent for the disk, in tasks for those given up; ``None`` when unknown.
    """

    ok: bool
    figure: int | None = None


def checks() -> dict[str, Check]:
    """Every check, by name; two short queries, four more where tasks are kept for a worker.

    Nothing but the disk is known when the database does not answer.
    """
    found = {"disk": disk()}
    try:
        rows = Pulse.objects.in_bulk([pulses.CLOCK, pulses.BACKUP, pulses.WORKER])
        found["queue"] = queue()
        found |= tasks(rows.get(pulses.WORKER))
    except DatabaseError:
        return {"database": Check(ok=False), **found}
    found["clock"] = _younger(rows.get(pulses.CLOCK), CLOCK_LATE)
    if settings.MARA_BACKUPS_EXPECTED:
        found["backup"] = _younger(rows.get(pulses.BACKUP), BACKUP_LATE)
    return {"database": Check(ok=True), **found}


def disk() -> Check:
    """Whether the disk of the uploaded files has room left."""
    usage = shutil.disk_usage(existing(Path(settings.MEDIA_ROOT)))
    free = int(100 * usage.free / usage.total)
    return Check(ok=free >= LEAST_FREE, figure=free)


def queue() -> Check:
    """Whether messages leave: the oldest that was never tried has not waited long."""
    oldest = Message.objects.exclude(priority=PRIORITY_DEFERRED).filter(retry_count=0)
    since = oldest.aggregate(since=Min("when_added"))["since"]
    waited = timezone.now() - since if since else dt.timedelta(0)
    return Check(ok=waited < QUEUE_LATE, figure=max(0, int(waited.total_seconds())))


def tasks(heard: Pulse | None) -> dict[str, Check]:
    """Whether tasks are done: a worker lives, none waits for long, none was given up; nothing where none is kept."""
    if not are_kept():
        return {}
    worker = _younger(heard, WORKER_LATE)
    since, undone = keeping.waiting_since(), keeping.given_up().count()
    waited = max(dt.timedelta(0), timezone.now() - since) if since else dt.timedelta(0)
    return {
        # Heard a moment ago: it is being restarted. Not heard, and there: it is at a long task.
        "worker": Check(ok=worker.ok or bool(presence.living()), figure=worker.figure),
        "tasks": Check(ok=waited < TASKS_LATE, figure=int(waited.total_seconds())),
        "undone_tasks": Check(ok=not undone, figure=undone),
    }


def existing(path: Path) -> Path:
    """The nearest folder that is there, of a path and those above it."""
    return next(folder for folder in (path, *path.absolute().parents) if folder.is_dir())


def _younger(pulse: Pulse | None, limit: dt.timedelta) -> Check:
    age = pulses.age(pulse)
    return Check(ok=False) if age is None else Check(ok=age < limit, figure=int(age.total_seconds()))

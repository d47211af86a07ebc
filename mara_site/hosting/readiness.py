"""Whether this installation can be relied upon now: what `/pret/` tells a watcher, cheaply and without a secret."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import defaultdict
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

LEAST_FREE = 10  # percent of a disk
# What fills disks, by the setting that names its folder; several may be on the same.
KEPT = {"files": "MEDIA_ROOT", "backups": "MARA_BACKUP_DIR", "search": "MARA_SEARCH_DIR"}
CLOCK_LATE = dt.timedelta(minutes=5)
QUEUE_LATE = dt.timedelta(minutes=5)
BACKUP_LATE = dt.timedelta(hours=26)
WORKER_LATE = dt.timedelta(minutes=2)  # it makes itself heard each half-minute
TASKS_LATE = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Check:
    """One thing that must hold.

    ``figure`` is in seconds; in percent for the disk, in tasks for those given up; ``None`` when unknown.
    ``holds``: for the disk, what is on the one that has the least room, by the names of ``KEPT``.
    """

    ok: bool
    figure: int | None = None
    holds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Disk:
    """A disk: what is kept on it, by the names of ``KEPT``, and its room in bytes."""

    holds: tuple[str, ...]
    free: int
    total: int

    @property
    def percent(self) -> int:
        """What is left of it."""
        return int(100 * self.free / self.total)

    @property
    def has_room(self) -> bool:
        """Whether enough is left."""
        return self.percent >= LEAST_FREE


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
    """Whether each disk has room left: the fullest one's."""
    fullest = fullest_disk()
    return Check(ok=fullest.has_room, figure=fullest.percent, holds=fullest.holds)


def fullest_disk() -> Disk:
    """The disk with the least room left, of those of the uploaded files, the backups and the search index."""
    kept = {name: Path(place) for name, setting in KEPT.items() if (place := getattr(settings, setting))}
    kept["files"] = existing(kept["files"])  # made with the first upload
    held: dict[int, dict[str, Path]] = defaultdict(dict)
    for name, folder in kept.items():
        if folder.is_dir():
            held[folder.stat().st_dev][name] = folder
    disks = []
    for folders in held.values():
        usage = shutil.disk_usage(next(iter(folders.values())))
        disks.append(Disk(tuple(folders), usage.free, usage.total))
    return min(disks, key=lambda disk: disk.percent)


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

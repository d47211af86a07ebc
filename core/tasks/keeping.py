"""What becomes of a kept task: claimed, done, failed, given up, tried again, dropped.

Every change names the claim that it ends (the row's list of workers): a worker that was believed dead and comes back
changes nothing any more.
"""

from __future__ import annotations

import datetime as dt
import logging
import traceback as tracebacks
import uuid
from collections.abc import Set

from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

logger = logging.getLogger(__name__)

# In the place of an exception's name: the worker ended in the middle of the task.
WORKER_ENDED = "core.tasks.WorkerEnded"
DROPPED = "dropped"
DROPPED_DAYS = 30
_PLACES = 25

Status = TaskResultStatus


def most_tries() -> int:
    """How many times a task is tried in all."""
    return len(settings.MARA_TASK_RETRY_AFTER) + 1


@transaction.atomic
def claim(worker: str) -> DBTaskResult | None:
    """Take the next task for a worker; counted as a try from now on, whatever becomes of the worker."""
    row = DBTaskResult.objects.ready().get_locked()
    if row is not None:
        row.claim(worker)
    return row


def done(row: DBTaskResult) -> bool:
    """Forget a task that succeeded: its effect is elsewhere. Returns whether it was still this claim's."""
    return bool(_claimed(row).delete()[0])


def go_on(row: DBTaskResult) -> bool:
    """Put a task that has more to do at the end of the queue, with all its tries before it."""
    changes = {"status": Status.READY, "worker_ids": [], "enqueued_at": timezone.now(), "run_after": get_date_max()}
    return bool(_claimed(row).update(**changes))


def failed(row: DBTaskResult, kind: str, places: str = "") -> bool:
    """Have a task tried again later, or give it up after the last try.

    Args:
        row: as it was claimed.
        kind: the dotted name of the error.
        places: where it rose; never its words, which may quote what somebody typed.
    """
    now, tries = timezone.now(), len(row.worker_ids)
    changes = {"exception_class_path": kind, "traceback": places, "finished_at": now}
    if tries >= most_tries():
        changes |= {"status": Status.FAILED}
        logger.error("task given up after %s tries: %s (%s)", tries, row.task_path, kind)
    else:
        delay = dt.timedelta(seconds=settings.MARA_TASK_RETRY_AFTER[tries - 1])
        changes |= {"status": Status.READY, "run_after": now + delay}
    return bool(_claimed(row).update(**changes))


def running() -> list[DBTaskResult]:
    """The tasks under way."""
    return list(DBTaskResult.objects.running())


def release(rows: list[DBTaskResult], living: Set[str]) -> int:
    """Count a failed try for the tasks whose worker has ended.

    Args:
        rows: the tasks that were under way *before* the living workers were counted: each worker makes itself known
            before it claims, so that one that is not among them has ended.
        living: the workers that live.
    """
    return sum(failed(row, WORKER_ENDED) for row in rows if row.worker_ids[-1] not in living)


def _claimed(row: DBTaskResult) -> QuerySet[DBTaskResult]:
    return DBTaskResult.objects.filter(pk=row.pk, status=Status.RUNNING, worker_ids=row.worker_ids)


def kind_of(error: BaseException) -> str:
    """The dotted name of an error's class."""
    return f"{type(error).__module__}.{type(error).__qualname__}"


def places_of(error: BaseException) -> str:
    """Where an error rose, the innermost place first, one a line, without its words."""
    frames = reversed(tracebacks.extract_tb(error.__traceback__))
    return "\n".join([f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames][:_PLACES])


# --- For administrators ------------------------------------------------------------------------------


def given_up() -> QuerySet[DBTaskResult]:
    """The tasks whose tries are exhausted, and that wait for somebody, the oldest first."""
    return DBTaskResult.objects.failed().filter(return_value__isnull=True).order_by("enqueued_at")


def failing() -> QuerySet[DBTaskResult]:
    """The tasks that failed and will be tried again by themselves, the next first."""
    return DBTaskResult.objects.filter(status=Status.READY).exclude(worker_ids=[]).order_by("run_after")


def waiting() -> QuerySet[DBTaskResult]:
    """The tasks whose turn has come, or that are under way."""
    return DBTaskResult.objects.filter(Q(status=Status.RUNNING) | Q(pk__in=DBTaskResult.objects.ready().values("pk")))


def waiting_since() -> dt.datetime | None:
    """Since when the oldest of the tasks whose turn has come waits for a worker."""
    found = DBTaskResult.objects.ready().aggregate(
        asked=Min("enqueued_at", filter=Q(run_after=get_date_max())),
        again=Min("run_after", filter=Q(run_after__lt=get_date_max())),
    )
    return min((moment for moment in found.values() if moment), default=None)


def try_again(rows: QuerySet[DBTaskResult]) -> int:
    """Have given-up tasks tried at once, with all their tries before them; return how many."""
    return rows.update(status=Status.READY, worker_ids=[], run_after=get_date_max(), return_value=None)


def begin_anew(pk: uuid.UUID) -> int:
    """Have a task tried at once, with all its tries before it, unless it is under way."""
    return try_again(DBTaskResult.objects.filter(pk=pk).exclude(status=Status.RUNNING))


def drop(rows: QuerySet[DBTaskResult]) -> int:
    """Have given-up tasks left alone: the same is not asked for again for thirty days. Returns how many."""
    return rows.update(return_value=DROPPED, finished_at=timezone.now())


def purge() -> int:
    """Forget the tasks that were dropped thirty days ago, and those that other programs left as finished."""
    old = timezone.now() - dt.timedelta(days=DROPPED_DAYS)
    finished = DBTaskResult.objects.filter(finished_at__lt=old)
    return finished.filter(Q(status=Status.SUCCESSFUL) | Q(status=Status.FAILED, return_value=DROPPED)).delete()[0]

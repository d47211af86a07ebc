"""A worker: takes kept tasks one after the other, for as long as the process lasts."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.utils import translation
from django_tasks.base import TaskContext
from django_tasks_db.models import DBTaskResult

from core.tasks import keeping, presence
from core.tasks.asking import AGAIN, is_moot

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0  # between two looks at an empty queue
RELEASE_SECONDS = 5.0  # between two looks for tasks whose worker has ended
BACK_SECONDS = 5.0  # before a database that does not answer is asked again
TOO_LONG = 70  # exit status of a worker whose task lasted too long


class Worker:
    """Does tasks until it is asked to stop; the one under way goes to its end.

    Args:
        heard: called now and then while all is well, for others to know.
        idle: seconds between two looks at an empty queue.
    """

    def __init__(self, *, heard: Callable[[], None] = lambda: None, idle: float = IDLE_SECONDS) -> None:
        self.heard, self.idle = heard, idle
        self.presence = presence.Presence()
        self._stopped = threading.Event()
        self._look_after = self._tell_after = 0.0

    def stop(self) -> None:
        """End after the task under way."""
        self._stopped.set()

    def run(self) -> None:
        """Do tasks until :meth:`stop`; a database that goes is waited for."""
        while not self._stopped.is_set():
            try:
                if not self.turn():
                    self._stopped.wait(self.idle)
            except DatabaseError as error:
                # Its words may quote a row: the journal takes its kind only.
                logger.warning("the worker waits for the database (%s)", type(error).__name__)
                self._stopped.wait(BACK_SECONDS)
        self.presence.let_go()

    def turn(self) -> bool:
        """Do one task, if one waits; return whether one did."""
        _renew_connection()
        name = self.presence.hold()
        self._look_around()
        row = keeping.claim(name)
        if row is None:
            return False
        self._do(row)
        return True

    def _look_around(self) -> None:
        now = time.monotonic()
        if now >= self._look_after:
            self._look_after = now + RELEASE_SECONDS
            # In this order: see keeping.release.
            if (rows := keeping.running()) and (released := keeping.release(rows, presence.living())):
                logger.warning("%s tasks were under way in a worker that ended: counted as failed", released)
        if now >= self._tell_after:
            self._tell_after = now + 30
            self.heard()

    def _do(self, row: DBTaskResult) -> None:
        try:
            with (
                _no_longer_than(settings.MARA_TASK_SECONDS, row.task_path),
                translation.override(settings.LANGUAGE_CODE),
            ):
                result = _call(row)
        except BaseException as error:
            _renew_connection()  # the error may be that this one is lost
            if is_moot(row.task_path, error):
                keeping.done(row)
                return
            logger.warning(
                "task failed (try %s of %s): %s",
                len(row.worker_ids),
                keeping.most_tries(),
                row.task_path,
                exc_info=error,
            )
            keeping.failed(row, keeping.kind_of(error), keeping.places_of(error))
        else:
            _renew_connection()
            (keeping.go_on if result == AGAIN else keeping.done)(row)


def _renew_connection() -> None:
    """Leave a connection that was lost or has served long; not within the transaction of a test."""
    if not connection.in_atomic_block:
        close_old_connections()


def _call(row: DBTaskResult):
    task, result = row.task, row.task_result
    if task.takes_context:
        return task.call(TaskContext(task_result=result), *result.args, **result.kwargs)
    return task.call(*result.args, **result.kwargs)


@contextmanager
def _no_longer_than(seconds: float, path: str) -> Iterator[None]:
    """End the process when what is inside lasts too long: another takes its place, and counts a failed try."""

    def give_up() -> None:
        logger.critical("task stopped after %s seconds, with its worker: %s", seconds, path)
        logging.shutdown()
        os._exit(TOO_LONG)

    watch = threading.Timer(seconds, give_up)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()

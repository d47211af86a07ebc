"""The two places where tasks go: the database, or nowhere, for they are done at once."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable

from django.utils.module_loading import import_string
from django_tasks.backends.immediate import ImmediateBackend as _ImmediateBackend
from django_tasks.base import Task, TaskResultStatus
from django_tasks.utils import normalize_json
from django_tasks_db.backend import DatabaseBackend

_NAMESPACE = uuid.UUID("6d617261-7461-736b-8000-000000000093")


class KeptBackend(DatabaseBackend):
    """Tasks are rows of the database, written in the transaction of whoever asks; a worker does them."""

    keeps = True

    def enqueue_each(self, task: Task, occurrences: Iterable[tuple]) -> int:
        """Ask for a task once for each tuple of arguments, unless the same is waiting, under way or given up.

        One statement, whatever their number. Returns how many were asked for, those already there included.
        """
        # Here: backends are made before the models are there.
        from django_tasks_db.models import DBTaskResult, get_date_max

        rows = [
            DBTaskResult(
                id=occurrence_id(task, arguments),
                args_kwargs=normalize_json({"args": arguments, "kwargs": {}}),
                priority=task.priority,
                task_path=task.module_path,
                queue_name=task.queue_name,
                run_after=get_date_max(),  # what the backend writes for "at once"
                backend_name=self.alias,
            )
            for arguments in occurrences
        ]
        DBTaskResult.objects.bulk_create(rows, ignore_conflicts=True)
        return len(rows)

    def enqueue_soon(self, task: Task, arguments: tuple) -> None:
        """Ask for a task that somebody wishes for now: one that waits for another try, or is given up, begins anew."""
        from core.tasks import keeping

        self.enqueue_each(task, [arguments])
        keeping.begin_anew(occurrence_id(task, arguments))


class ImmediateBackend(_ImmediateBackend):
    """Tasks are done where they are asked for: the demonstration, development, tests."""

    keeps = False

    def enqueue_each(self, task: Task, occurrences: Iterable[tuple]) -> int:
        """Do a task once for each tuple of arguments; one that fails does not keep the others from being done.

        Returns how many were done.

        Raises:
            Exception: the error of the first that failed, once all were tried.
        """
        results = [task.enqueue(*arguments) for arguments in occurrences]
        failed = [result for result in results if result.status == TaskResultStatus.FAILED]
        if failed:
            raise _again(failed[0].errors[0].exception_class_path, f"{len(failed)} × {task.module_path}")
        return len(results)


def occurrence_id(task: Task, arguments: tuple) -> uuid.UUID:
    """The key of a task with its arguments: the same each time that the same is asked for."""
    return uuid.uuid5(_NAMESPACE, task.module_path + json.dumps(normalize_json(arguments), sort_keys=True))


def _again(path: str, words: str) -> Exception:
    """An error of the same kind as one that is known by its name only."""
    try:
        kind = import_string(path)
        return kind(words)
    except Exception:  # noqa: BLE001 - a kind that is made otherwise, or that is local to a function
        return RuntimeError(f"{path}: {words}")

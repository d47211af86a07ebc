"""Where tasks go, and how often one that fails is tried again (docs/adr/0093)."""

from typing import Any

DATABASE, IMMEDIATE = "database", "immediate"
TASK_PLACES = {DATABASE: "core.tasks.backends.KeptBackend", IMMEDIATE: "core.tasks.backends.ImmediateBackend"}

# How long after each of its tries a task that failed is tried again, in seconds; after the last, it waits for an
# administrator. One more try than there are delays.
MARA_TASK_RETRY_AFTER = (60, 5 * 60, 30 * 60, 3 * 60 * 60)
# A task that lasts longer is stopped with its worker, and counted as failed.
MARA_TASK_SECONDS = 10 * 60


def task_place(kind: str) -> dict[str, dict[str, Any]]:
    """Return Django's TASKS: ``database`` keeps tasks for a worker, ``immediate`` does them where they are asked."""
    return {"default": {"BACKEND": TASK_PLACES[kind]}}


TASKS = task_place(IMMEDIATE)

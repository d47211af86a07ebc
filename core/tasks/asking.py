"""How a room declares its tasks and asks for them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable

from django.core.exceptions import ObjectDoesNotExist
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task, task_backends
from django_tasks.base import Task

# What a task returns when there is more to do: it goes to the end of the queue, with all its tries before it.
AGAIN = "again"
# Long ones let what editors wait for go first.
LONG = -10

_titles: dict[str, Callable[..., str]] = {}
# Wagtail's and modelsearch's own: they know neither whose turn it is to be named nor rows that are gone.
_TITLES_OF_OTHERS = {
    "modelsearch.tasks.insert_or_update_object_task": gettext_lazy(
        "Keeping the search of the administration up to date"
    ),
    "wagtail.tasks.update_reference_index_task": gettext_lazy("Keeping the links between contents up to date"),
    "wagtail.tasks.delete_file_from_storage_task": gettext_lazy("Removing the file of something deleted"),
    "wagtail.images.tasks.set_image_focal_point_task": gettext_lazy("Looking for the centre of an image"),
    "wagtail.contrib.frontend_cache.tasks.purge_urls_from_cache_task": gettext_lazy(
        "Telling the front server what has changed"
    ),
}
# A row that was deleted before its turn has nothing left to be done for it. To remove when they look for
# themselves (wagtail 8.0 and modelsearch 1.x call objects.get).
_MOOT_WHEN_GONE = frozenset(
    {
        "modelsearch.tasks.insert_or_update_object_task",
        "wagtail.tasks.update_reference_index_task",
        "wagtail.images.tasks.set_image_focal_point_task",
    }
)


def work(title: Callable[..., str], *, priority: int = 0) -> Callable[[Callable], Task]:
    """Make a function a task that administrators can read the name of.

    Args:
        title: given the task's arguments, says in words what is done, for whom; may raise ObjectDoesNotExist.
        priority: -100 to 100, the highest first.
    """

    def declare(function: Callable) -> Task:
        declared = task(function, priority=priority)
        _titles[declared.module_path] = title
        return declared

    return declare


def ask(each: Task, occurrences: Iterable[tuple]) -> int:
    """Have a task done once for each tuple of arguments: for the clock, which may ask again each minute.

    Kept by the database, the same task with the same arguments is there once, given up included. Done at once, all
    are tried, then the first error is raised. Returns how many were asked for.
    """
    return each.get_backend().enqueue_each(each, occurrences)


def in_turn(*steps: Callable[[], int]) -> list[int]:
    """Take steps one after the other and return what each counted; an error is raised once all were tried."""
    counts, error = [], None
    for step in steps:
        try:
            counts.append(step())
        except Exception as raised:  # noqa: BLE001 - raised again below
            error = error or raised
    if error is not None:
        raise error
    return counts


def ask_soon(each: Task, *arguments) -> bool:
    """Have what the clock would ask for in a moment done now, where a worker does it; return whether one does.

    For what a person wishes: given up, it is tried again.
    """
    if not are_kept():
        return False
    each.get_backend().enqueue_soon(each, arguments)
    return True


def are_kept() -> bool:
    """Whether tasks are kept in the database for a worker."""
    return getattr(task_backends["default"], "keeps", False)


def title_of(path: str, args: list, kwargs: dict) -> str:
    """What a task does, in words: what it is about is named while it is there."""
    with contextlib.suppress(ImportError, AttributeError):  # of an older version
        import_string(path)  # its room declares it as it is read
    title = _titles.get(path)
    if title is not None:
        try:
            return title(*args, **kwargs)
        except ObjectDoesNotExist:
            return _("Something that was deleted meanwhile")
        except Exception:  # noqa: BLE001 - such as arguments of another version: the screen is where one gets rid of them
            return _("Internal work (%(name)s)") % {"name": path.rsplit(".", 1)[-1]}
    if path in _TITLES_OF_OTHERS:
        return str(_TITLES_OF_OTHERS[path])
    return _("Internal work (%(name)s)") % {"name": path.rsplit(".", 1)[-1]}


def is_moot(path: str, error: BaseException) -> bool:
    """Whether a task failed because what it is about has gone: nothing is left to do."""
    return path in _MOOT_WHEN_GONE and isinstance(error, ObjectDoesNotExist)

"""A plugin of pytest: the tests leave the schema as the present version made it.

Django says that a database was migrated at the beginning of a run and after each test that commits, and our rooms make
their triggers then. Between the migration and the restart of an upgrade the old version never hears it.
"""

from __future__ import annotations

from pathlib import Path
from weakref import ReferenceType


def pytest_sessionstart() -> None:
    from django.db.models.signals import post_migrate

    # Content types and rights, which the tests empty with the rest, are made again by Django's and Wagtail's own.
    post_migrate.receivers = [entry for entry in post_migrate.receivers if not _is_ours(entry[1])]
    post_migrate.sender_receivers_cache.clear()


def _is_ours(receiver) -> bool:
    """Whether it is of a room of the project, in whose folder the tests run."""
    function = receiver() if isinstance(receiver, ReferenceType) else receiver
    return function is not None and Path(function.__module__.partition(".")[0]).is_dir()

"""A scratch database for a benchmark, in the tests' own cluster, and a table to print figures in."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mara_site.catalogs import compile_stale

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = {"DJANGO_SETTINGS_MODULE": "mara_site.settings.test"}


@contextlib.contextmanager
def scratch_site(kept: str = "") -> Iterator[Path]:
    """Open Django on an empty migrated database, with a folder for the search index; both are removed at the end.

    Args:
        kept: a name under which both stay for the next run, which finds them as they were left.
    """
    os.environ.update(SETTINGS)
    subprocess.run([sys.executable, "-m", "mara_site.database.template"], cwd=ROOT, check=True)
    compile_stale()  # before Django reads the translations
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.runner import DiscoverRunner

    if kept:
        connection.settings_dict["TEST"]["NAME"] = f"kept_{kept}"
    runner = DiscoverRunner(verbosity=0, interactive=False, keepdb=bool(kept))
    databases = runner.setup_databases(serialized_aliases=set())  # what is kept is not read into memory
    with _folder(settings.VAR_DIR, kept) as folder:
        settings.MARA_SEARCH_DIR = folder
        settings.DEBUG = False
        _serve_as_in_production()
        try:
            yield folder
        finally:
            runner.teardown_databases(databases)


def _serve_as_in_production() -> None:
    """Undo what the tests' settings add to each page: a connection opened anew, every absent variable looked into."""
    from django.db import connection

    connection.settings_dict["CONN_MAX_AGE"] = None
    watched = logging.getLogger("django.template")
    watched.handlers.clear()
    watched.setLevel(logging.INFO)


@contextlib.contextmanager
def _folder(var: Path, kept: str) -> Iterator[Path]:
    if kept:
        folder = var / "benchmarks" / kept
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="mara-bench-") as name:
        yield Path(name)


def say(text: str = "") -> None:
    """Write a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def table(header: list[str], rows: list[list]) -> None:
    """Write a table."""
    lines = [[str(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for rank, line in enumerate(lines):
        say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))
        if rank == 0:
            say("  ".join("-" * width for width in widths))


def load() -> str:
    """How busy the machine is: the load average of the last minute, and the number of cores."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def percentiles(times: list[float]) -> tuple[str, str]:
    """The median and the 95th percentile of durations in seconds, as milliseconds."""
    ordered = sorted(times)
    return (f"{ordered[len(ordered) // 2] * 1000:.1f}", f"{ordered[int(len(ordered) * 0.95)] * 1000:.1f}")

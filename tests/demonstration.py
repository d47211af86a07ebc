"""The demonstration, loaded once for a run: the browser's tests serve a copy, the loader's tests change another."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[1]
# Whoever asks for the demonstration stands in this group: one worker loads it, once.
GROUP = "browser"
NATIONAL_HOST = "mara.localhost"


@dataclass(frozen=True)
class Demonstration:
    """A loaded database that nobody opens, with its files.

    Attributes:
        name: of the database, in the tests' cluster.
        folder: holds ``media/`` and ``static/``.
        port: on which its sites say they answer.
        printed: what the loader wrote.
    """

    name: str
    folder: Path
    port: int
    printed: str = ""

    @contextmanager
    def copy(self, name: str) -> Iterator[str]:
        """A database of one's own, dropped at the end, and its address."""
        with new_database(name, template=self.name) as url:
            yield url

    def environment(self, url: str) -> dict[str, str]:
        """What a process of the demonstration is given to run on the database of this address."""
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "mara_site.settings.demo",
            "DATABASE_URL": url,
            "MARA_MEDIA_ROOT": str(self.folder / "media"),
            "MARA_STATIC_ROOT": str(self.folder / "static"),
            "MARA_ADMIN_URL": f"http://{NATIONAL_HOST}:{self.port}",
        }


@contextmanager
def new_database(name: str, *, template: str) -> Iterator[str]:
    """A copy of the database ``template``, in the tests' cluster; yields its address."""
    database = settings.DATABASES["default"]
    host = database["HOST"] or database["OPTIONS"].get("host", "")
    parameters = {key: value for key, value in (("user", database["USER"]), ("host", host)) if value}
    with psycopg.connect(dbname="postgres", autocommit=True, **parameters) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield f"postgresql://{database['USER']}@/{name}?host={host}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory) -> Iterator[Demonstration]:
    """Load it as ``make demo`` does, beginning with the migrated database that every test run copies."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begun = Demonstration(f"demonstration_{os.getpid()}", tmp_path_factory.mktemp("demonstration"), port)
    with new_database(begun.name, template=settings.DATABASES["default"]["TEST"]["TEMPLATE"]) as url:
        prepare = [sys.executable, "-m", "mara_site.run.prepare", "--port", str(port)]
        done = subprocess.run(
            prepare, cwd=ROOT, env=begun.environment(url), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        yield replace(begun, printed=done.stdout)

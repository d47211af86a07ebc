"""States of an installation: database, files, search index; kept under a name, and gone back to."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from django.conf import settings
from django.db import connection, connections, transaction
from psycopg import sql

from mara_site.backup.postgres import Database

GONE_SECONDS = 20
BESIDE, ROWS = "beside", "rows"  # the schema of the rows that are kept, the name of the files kept with them


class States:
    """The installation that works are tried on, and the states that it goes back to.

    Args:
        folder: where the files are, a folder of this drill's own.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.first = Database.of(connection.settings_dict)
        self.current = self.first.named(f"{self.first.name}_killed")
        self.names: list[str] = []
        self.media, self.search = folder / "media", folder / "search"
        connections.close_all()
        self.current.drop()
        self._copy(self.first.name, self.current.name)
        self._be_on(self.current.name)
        settings.MEDIA_ROOT = str(self.media)
        settings.MARA_SEARCH_DIR = self.search
        self.media.mkdir()
        self.search.mkdir()

    def keep(self, name: str) -> None:
        """Keep the state of this moment under a name."""
        connections.close_all()
        self.wait_until_alone()
        kept = self._kept(name)
        self.current.named(kept).drop()
        self._copy(self.current.name, kept)
        self._keep_files(name)
        if name not in self.names:
            self.names.append(name)

    def go_back(self, name: str) -> None:
        """Bring a kept state back."""
        connections.close_all()
        self.current.drop()
        self._copy(self._kept(name), self.current.name)
        self.files_go_back(name)

    # --- The state that one goes back to again and again: its rows are kept beside, in the same database ------------

    def keep_rows(self) -> None:
        """Keep the rows and the files of this moment, to go back to them in a few milliseconds."""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {BESIDE} CASCADE")
            cursor.execute(f"CREATE SCHEMA {BESIDE}")
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'CREATE TABLE {BESIDE}."{table}" AS TABLE public."{table}"')
            cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
            names = [name for (name,) in cursor.fetchall()]
            cursor.execute(f"CREATE TABLE {BESIDE}.numbers (name text, last_value bigint, is_called boolean)")
            for name in names:
                cursor.execute(
                    f"INSERT INTO {BESIDE}.numbers SELECT '{name}', last_value, is_called FROM public.\"{name}\""
                )
        self._keep_files(ROWS)

    def rows_go_back(self) -> None:
        """Bring back the rows of the tables that are not as they were kept, every sequence, and the files."""
        with transaction.atomic(), connection.cursor() as cursor:
            # Neither triggers nor constraints: what comes back was sound, with all that had followed from it.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in self._changed(cursor):
                cursor.execute(f'DELETE FROM public."{table}"')
                cursor.execute(f'INSERT INTO public."{table}" SELECT * FROM {BESIDE}."{table}"')
            cursor.execute(f"SELECT setval(format('public.%I', name), last_value, is_called) FROM {BESIDE}.numbers")
        connections.close_all()
        self.files_go_back(ROWS)

    def _changed(self, cursor) -> list[str]:
        tables = connection.introspection.table_names(cursor)
        parts = [
            f"SELECT '{table}' WHERE EXISTS (SELECT to_jsonb(t) FROM public.\"{table}\" t EXCEPT ALL"
            f' SELECT to_jsonb(k) FROM {BESIDE}."{table}" k) OR'
            f' (SELECT count(*) FROM public."{table}") <> (SELECT count(*) FROM {BESIDE}."{table}")'
            for table in tables
        ]
        cursor.execute(" UNION ALL ".join(parts))
        return [name for (name,) in cursor.fetchall()]

    def files_go_back(self, name: str) -> None:
        """The same, of the files alone."""
        for place in (self.media, self.search):
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(self._beside(place, name), place)

    def forget(self, name: str) -> None:
        self.current.named(self._kept(name)).drop()
        self.names.remove(name)

    def wait_until_alone(self) -> None:
        """Wait for the server to be done with a process that was killed: a statement under way goes to its end."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        deadline = time.monotonic() + GONE_SECONDS
        with self.current.maintenance() as server:
            while time.monotonic() < deadline:
                row = server.execute(query, [self.current.name]).fetchone()
                if row and not row[0]:
                    return
                time.sleep(0.005)
        raise TimeoutError(f"somebody stays connected to {self.current.name}")

    def remove(self) -> None:
        """Drop every database of this drill."""
        connections.close_all()
        for name in [*self.names]:
            self.forget(name)
        self.current.drop()
        self._be_on(self.first.name)

    def _be_on(self, name: str) -> None:
        for given in (connection.settings_dict, settings.DATABASES["default"]):
            given["NAME"] = name

    def _keep_files(self, name: str) -> None:
        for place in (self.media, self.search):
            shutil.rmtree(self._beside(place, name), ignore_errors=True)
            shutil.copytree(place, self._beside(place, name))

    def _kept(self, name: str) -> str:
        return f"{self.current.name}_{name}"

    def _beside(self, place: Path, name: str) -> Path:
        return place.with_name(f"{place.name}-{name}")

    def _copy(self, source: str, target: str) -> None:
        with self.current.maintenance() as server:
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(target), sql.Identifier(source))
            )

"""PostgreSQL's client programs on the database in force, and new databases beside it."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from mara_site.database.programs import client_folder
from mara_site.run.console import CannotRunError

# Not the one of the site, which is renamed; it is there on every server.
MAINTENANCE = "template1"
_TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey")


@dataclass(frozen=True)
class Database:
    """One database of a server, and how to reach it."""

    name: str
    user: str
    password: str
    host: str
    port: str
    options: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, settings: dict[str, Any]) -> Database:
        """The database of Django's settings."""
        given = settings.get("OPTIONS", {})
        options = tuple((key, str(given[key])) for key in _TLS if key in given)
        name, user, password, host, port = (
            # A socket's folder is written as an option in the address.
            str(settings.get(key) or given.get(key.lower()) or "")
            for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")
        )
        return cls(name, user, password, host, port, options)

    def named(self, name: str) -> Database:
        """Another database of the same server."""
        return replace(self, name=name)

    @contextlib.contextmanager
    def connect(self, *, autocommit: bool = False) -> Iterator[psycopg.Connection]:
        """Open a connection, for the length of a `with`."""
        parameters: dict[str, Any] = {"dbname": self.name, "user": self.user, "host": self.host, "port": self.port}
        parameters |= {"password": self.password, **dict(self.options)}
        given = {key: value for key, value in parameters.items() if value}
        try:
            connection = psycopg.connect(**given, connect_timeout=10, autocommit=autocommit)
        except psycopg.OperationalError as error:
            raise CannotRunError(f"La base « {self.name} » ne répond pas : {error}") from error
        with connection:
            yield connection

    def run(self, program: str, *arguments: str | Path) -> None:
        """Run one of PostgreSQL's client programs on this database; the password stays out of its command line."""
        with self.connect() as connection:
            major = connection.info.server_version // 10_000
        variables = {"PGDATABASE": self.name, "PGUSER": self.user, "PGHOST": self.host, "PGPORT": self.port}
        variables |= {"PGPASSWORD": self.password, **{f"PG{key.upper()}": value for key, value in self.options}}
        environment = {**os.environ, **{key: value for key, value in variables.items() if value}}
        command = [str(client_folder(program, major) / program), *map(str, arguments)]
        outcome = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if outcome.returncode:
            raise CannotRunError(f"PostgreSQL a échoué ({program}) : {outcome.stderr.strip()[-600:]}")

    @contextlib.contextmanager
    def maintenance(self) -> Iterator[psycopg.Connection]:
        """Open a connection beside the databases, where each statement counts at once."""
        with self.named(MAINTENANCE).connect(autocommit=True) as connection:
            yield connection

    def exists(self) -> bool:
        """Tell whether it is there."""
        with self.maintenance() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name]).fetchone()
        return found is not None

    def beside(self, suffix: str) -> list[str]:
        """The databases whose names are this one's and a suffix that begins so."""
        with self.maintenance() as connection:
            query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
            return [name for (name,) in connection.execute(query, [f"{self.name}{suffix}"]).fetchall()]

    def is_empty(self) -> bool:
        """Tell whether it holds no table."""
        with self.connect() as connection:
            query = "SELECT 1 FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') LIMIT 1"
            return connection.execute(query).fetchone() is None

    def create(self) -> None:
        """Make it, empty.

        Raises CannotRunError when this user may not make databases.
        """
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(self.name))
        try:
            with self.maintenance() as connection:
                connection.execute(statement)
        except psycopg.errors.InsufficientPrivilege as error:
            raise CannotRunError(
                f"L'utilisateur « {self.user} » de PostgreSQL ne peut pas créer de base. "
                f"Sur le serveur de base : sudo -u postgres psql -c 'ALTER ROLE \"{self.user}\" CREATEDB'"
            ) from error

    def drop(self) -> None:
        """Erase it, with those connected to it."""
        with self.maintenance() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))


@contextlib.contextmanager
def swapped(target: Database, new: Database, aside: str) -> Iterator[None]:
    """Put the database `new` in the place of `target`, which is kept under the name `aside`.

    Both or neither; what runs inside the `with` is part of it: an error there leaves the names as they were.
    """
    with target.maintenance() as connection, connection.transaction():
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
        for name, other in ((target.name, aside), (new.name, target.name)):
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if found:
                rename = sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(other))
                _rename(connection, rename, cut, name)
        yield


def _rename(connection: psycopg.Connection, rename: sql.Composed, cut: str, name: str) -> None:
    """Rename a database; whoever comes back between the cut and the renaming is cut again."""
    for attempt in range(20):
        connection.execute(cut, [name])
        try:
            with connection.transaction():
                connection.execute(rename)
            return
        except psycopg.errors.ObjectInUse:
            if attempt == 19:
                raise

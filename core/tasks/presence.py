"""Which workers live, told by PostgreSQL: each holds a lock of its own for as long as its session lasts.

A worker that is killed, whatever the way, loses its session and its lock at once: no heart has to be listened to.
"""

from __future__ import annotations

import secrets
from contextlib import suppress

from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

KIND = 0x4D41  # of the advisory locks of workers: their first number; the second is the worker's own
_LIVING = (
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2 AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Presence:
    """The lock of one worker, on a connection that tasks do not touch."""

    def __init__(self) -> None:
        self._connection: BaseDatabaseWrapper | None = None
        self.name = ""

    def hold(self) -> str:
        """Make sure that the lock is held, and return the worker's name: a new one if the session was lost.

        Raises:
            DatabaseError: the database does not answer.
        """
        if self._connection is not None and not self._connection.is_usable():
            self.let_go()
        if self._connection is None:
            opened = connections.create_connection(DEFAULT_DB_ALIAS)
            number = secrets.randbelow(2**31)
            try:
                with opened.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_lock(%s, %s)", [KIND, number])
            except BaseException:
                opened.close()
                raise
            self._connection, self.name = opened, f"worker-{number}"
        return self.name

    def let_go(self) -> None:
        """Give the lock back, and end the session: by itself, the end is heard of a moment after it was asked for."""
        if self._connection is None:
            return
        try:
            with suppress(Error), self._connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock_all()")
        finally:
            self._connection.close()
            self._connection = None


def living() -> frozenset[str]:
    """The names of the workers that live, on whatever server."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVING, [KIND])
        return frozenset(f"worker-{number}" for (number,) in cursor.fetchall())

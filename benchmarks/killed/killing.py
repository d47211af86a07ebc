"""Runs a work in a child process that may be killed: at a statement, by itself, or at a moment, from outside.

A statement is an exchange with PostgreSQL: one query, ``SAVEPOINT``, ``COMMIT`` or block of rows fetched, whoever asks
it. ``BEGIN`` goes in the same exchange as the first query of its transaction.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.db import connections
from psycopg import sql

from mara_site.backup import replacing


@dataclass(frozen=True)
class Kill:
    """Just before the statement of this number is sent (from 1), or just after its answer came."""

    number: int
    after: bool = False

    def __str__(self) -> str:
        return f"{'after' if self.after else 'before'} statement {self.number}"


@dataclass
class Run:
    """What became of a child: ``killed``, or the statements that it sent, or how it failed."""

    killed: bool = False
    failure: str = ""
    statements: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Stuck(Exception):
    """A child did not end in the time that any of them takes many times over."""


LONGEST = 120.0  # seconds
COMMIT, RENAME, EXCHANGE = "COMMIT", "rename", "exchange"
OUTSIDE = "outside a transaction: "  # before a statement that writes, and is for good once answered
_WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP", "TRUNCATE", "COPY", "SELECT SETVAL")


def run(
    work: Callable[[], object], *, kill: Kill | None = None, after_seconds: float | None = None, renames: bool = False
) -> Run:
    """Do a work in a child of this process.

    Args:
        kill: the statement at which it kills itself.
        after_seconds: when it is killed from outside, by SIGKILL as well, with the programs that it runs.
        renames: count the renaming of a file or a folder, and the exchange of two, as a statement.
    """
    connections.close_all()  # a socket must not be shared
    reader, writer = os.pipe()
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)  # with whatever programs it starts
        os.close(reader)
        _be_the_child(work, kill, writer, renames)
    os.close(writer)
    with contextlib.suppress(PermissionError, ProcessLookupError):
        os.setpgid(pid, pid)  # whichever of the two comes first
    if after_seconds is not None:
        time.sleep(after_seconds)
        os.killpg(pid, signal.SIGKILL)  # of a child not waited for yet: the number is still its own
    with os.fdopen(reader, "rb") as stream:
        told = stream.read()
    _pid, status = _wait(pid)
    seconds = time.monotonic() - started
    if os.WIFSIGNALED(status):
        return Run(killed=True, seconds=seconds)
    outcome = json.loads(told)
    return Run(failure=outcome["failure"], statements=outcome["statements"], seconds=seconds)


def _wait(pid: int) -> tuple[int, int]:
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        found = os.waitpid(pid, os.WNOHANG)
        if found[0]:
            return found
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    raise Stuck


def _be_the_child(work: Callable[[], object], kill: Kill | None, writer: int, renames: bool) -> None:
    statements = _watch(kill, renames)
    failure = ""
    try:
        work()
    except BaseException:  # noqa: BLE001 - whatever it is, the parent is told
        failure = traceback.format_exc()
    try:
        with os.fdopen(writer, "wb") as stream:
            stream.write(json.dumps({"failure": failure, "statements": statements}).encode())
    finally:
        os._exit(0)  # nothing of the parent's is closed, flushed or removed by its copy, even once the parent is gone


def _watch(kill: Kill | None, renames: bool) -> list[str]:
    """Note each statement of this process, whatever connection it goes by, and die at the one that is asked."""
    statements: list[str] = []
    exchange = psycopg.Connection.wait

    def wait(self, generator, *args, **options):
        statements.append(_name(self, generator))
        is_the_one = kill is not None and len(statements) == kill.number
        if is_the_one and not kill.after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = exchange(self, generator, *args, **options)
        if is_the_one:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    def moving(word: str, one: str | Path, other: str | Path) -> None:
        statements.append(f"{word} {Path(one).name} to {Path(other).name}")
        if kill is not None and len(statements) == kill.number:
            os.kill(os.getpid(), signal.SIGKILL)

    def exchanging(one: Path, other: Path) -> None:
        moving(EXCHANGE, one, other)
        exchange_folders(one, other)

    if renames:
        sys.addaudithook(lambda event, arguments: moving(RENAME, *arguments[:2]) if event == "os.rename" else None)
        exchange_folders, replacing.exchange = replacing.exchange, exchanging
    psycopg.Connection.wait = wait  # type: ignore[method-assign]
    return statements


def _name(connection: psycopg.Connection, generator) -> str:
    """The statement that an exchange is for, or what psycopg calls the exchange."""
    if generator.gi_code.co_name == "_commit_gen":
        return COMMIT
    if generator.gi_code.co_name == "_exit_gen":  # of psycopg's own transactions, or of their savepoints
        transaction = generator.gi_frame.f_locals["self"]
        return "RELEASE" if transaction.savepoint_name else COMMIT
    query = generator.gi_frame.f_locals.get("query") if generator.gi_frame else None
    if query is None:
        return generator.gi_code.co_name
    if isinstance(query, sql.Composable):
        query = query.as_string(connection)
    text = " ".join((query.decode(errors="replace") if isinstance(query, bytes) else str(query)).split())[:160]
    for_good = connection.autocommit and connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    return f"{OUTSIDE}{text}" if for_good and text.upper().startswith(_WRITES) else text

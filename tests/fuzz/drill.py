"""Sends seeded inputs to doors, times each, and writes down what failed and how to send it again."""

from __future__ import annotations

import logging
import math
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from unittest import mock

from django.core import mail
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage
from django.core.signals import got_request_exception, request_finished, request_started
from django.db import close_old_connections, connection

from mara_site.requests import Handler
from tests.fuzz.corpus import MARKUP
from tests.fuzz.requests import Request
from tests.isolation.matrix.walk import undone

SLOW = 2.0  # seconds
HUNG = 30


class HungError(Exception):
    """An input that no answer came to."""


@dataclass(frozen=True)
class Door:
    """Somewhere an input enters.

    Attributes:
        name: in the table.
        send: makes one input out of chance. A generator yields the requests, each of whose answers it is given;
            a function has done it all when it returns, and raises for a fault.
        share: how many inputs it has, beside the others.
        paths: the addresses that it asks, where it asks any without being signed in.
    """

    name: str
    send: Callable[[Random], Generator[Request, Answer, None] | None]
    share: float = 1.0
    paths: tuple[str, ...] = ()


@dataclass
class Answer:
    """What came back."""

    status: int
    location: str
    body: bytes
    content_type: str


@dataclass
class Tally:
    """What one door was sent."""

    inputs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    answers: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Drill:
    """A run.

    Args:
        seed: the same seed, door and number are the same input.
        journal: where to write how far it got, door by door.
    """

    def __init__(self, seed: int, journal: Path | None = None) -> None:
        self.seed, self.journal = seed, journal
        self.tallies: dict[str, Tally] = {}
        self.handler = Handler()
        self.raised: str = ""
        self.sent = ""

    @property
    def faults(self) -> list[str]:
        return [fault for tally in self.tallies.values() for fault in tally.faults]

    def run(self, doors: list[Door], inputs: int) -> None:
        """Share so many inputs among the doors, and never fewer."""
        whole = sum(door.share for door in doors)
        with self._listening():
            for door in doors:
                for number in range(math.ceil(inputs * door.share / whole)):
                    self.one(door, number)
                if self.journal:
                    self.journal.write_text(f"{self.table()}\n\n" + "\n\n".join(self.faults))

    def one(self, door: Door, number: int) -> None:
        """Send one input; a slow one is sent twice more, for the machine may have been busy with something else."""
        tally = self.tallies.setdefault(door.name, Tally())
        tally.inputs += 1
        fault, spent = self._attempt(door, number, tally)
        if spent > SLOW and not fault:
            spent = min(spent, *(self._attempt(door, number, Tally())[1] for _time in range(2)))
            if spent > SLOW:
                fault = f"took {spent:.1f} s"
        tally.slowest = max(tally.slowest, spent)
        if fault:
            tally.faults.append(f"[SEED={self.seed} ONLY='{door.name}#{number}'] {self.sent[:1500]}\n{fault}")

    def _attempt(self, door: Door, number: int, tally: Tally) -> tuple[str, float]:
        """What went wrong, and how many seconds the longest of its requests took."""
        chance = Random(f"{self.seed}/{door.name}/{number}")
        fault, longest, self.sent = "", 0.0, ""
        mail.outbox = []
        with undone() as waiting:
            try:
                started = time.perf_counter()
                with _not_forever():
                    steps = door.send(chance)
                if steps is None:
                    longest = time.perf_counter() - started
                    tally.seconds += longest
                    tally.answers["read"] += 1
                else:
                    for answer, spent in self._walk(steps, waiting):
                        longest = max(longest, spent)
                        tally.seconds += spent
                        tally.answers[answer.status] += 1
                        fault = fault or self._wrong(answer)
            except HungError:
                fault, longest = f"no answer in {HUNG} s", float(HUNG)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what one looks for
                fault = "".join(traceback.format_exception(error, limit=-5, chain=False))
        cache.clear()
        return fault, longest

    def _walk(self, steps: Generator[Request, Answer, None], waiting: int):
        try:
            request = next(steps)
            while True:
                self.sent += f"{request}\n"
                self.raised = ""
                started = time.perf_counter()
                with _not_forever():
                    answer = self._ask(request)
                    _committed(waiting)
                yield answer, time.perf_counter() - started
                request = steps.send(answer)
        except StopIteration:
            return

    def _ask(self, request: Request) -> Answer:
        response = self.handler(request.environ(), lambda status, headers, exc_info=None: None)
        try:
            body = b"".join(response)
        finally:
            response.close()
        kind = response.headers.get("Content-Type", "")
        return Answer(response.status_code, response.headers.get("Location", ""), body, kind)

    def _wrong(self, answer: Answer) -> str:
        # /pret/ says so of an installation whose clock does not run, which is that of the tests.
        is_told = answer.status == 503 and answer.body.startswith(b'{"status": "error", "checks"')
        if self.raised or (answer.status >= 500 and not is_told):
            return f"{answer.status}: {self.raised}"
        if answer.content_type.startswith("text/html") and MARKUP.encode() in answer.body:
            return "comes back as markup"
        if b"Traceback (most recent" in answer.body:
            return "shows a trace"
        return ""

    @contextmanager
    def _listening(self):
        def note(**kwargs) -> None:
            self.raised = "".join(traceback.format_exception(sys.exception(), limit=-5, chain=False))

        # As Django's own test client does: the connection is the run's, and stays open.
        for moment in (request_started, request_finished):
            moment.disconnect(close_old_connections)
        got_request_exception.connect(note)
        logging.disable(logging.CRITICAL)
        try:
            # What is deleted comes back with the savepoint; its file would not.
            with mock.patch.object(FileSystemStorage, "delete"):
                yield
        finally:
            logging.disable(logging.NOTSET)
            got_request_exception.disconnect(note)
            for moment in (request_started, request_finished):
                moment.connect(close_old_connections)

    def table(self) -> str:
        """What was sent where, what came back, the slowest, the faults."""
        lines = [f"{'door':<38}{'inputs':>8}{'mean ms':>9}{'slowest':>9}{'faults':>8}  answers"]
        for name, tally in self.tallies.items():
            answers = ", ".join(f"{count} × {status}" for status, count in tally.answers.most_common(6))
            mean = 1000 * tally.seconds / max(1, tally.answers.total())
            line = (
                f"{name:<38}{tally.inputs:>8}{mean:>9.1f}{1000 * tally.slowest:>9.0f}{len(tally.faults):>8}  {answers}"
            )
            lines.append(line)
        whole = sum(tally.inputs for tally in self.tallies.values())
        seconds = sum(tally.seconds for tally in self.tallies.values())
        slowest = max((tally.slowest for tally in self.tallies.values()), default=0)
        lines.append(
            f"{'all':<38}{whole:>8}{'':>9}{1000 * slowest:>9.0f}{len(self.faults):>8}  {seconds:.0f} s of answering"
        )
        return "\n".join(lines)


def _committed(waiting: int) -> None:
    """Run what the request left for after its commit, which never comes here."""
    callbacks, connection.run_on_commit = connection.run_on_commit[waiting:], connection.run_on_commit[:waiting]
    for _sids, callback, _robust in callbacks:
        callback()


@contextmanager
def _not_forever():
    def ring(*args) -> None:
        raise HungError

    previous = signal.signal(signal.SIGALRM, ring)
    signal.alarm(HUNG)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)

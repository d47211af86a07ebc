"""Those who read through the front server while it is put to the test, and what they saw."""

from __future__ import annotations

import email.utils
import http.client
import random
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks.front.servers import GROUPEMENT, HOST, Stage

PATIENCE = 65  # seconds, a little more than the front server's
SLOW = 1.0  # seconds after which one wants to know why
SAID = "le site redémarre"


@dataclass
class Told:
    """What the readers of one kind saw during one trial.

    Attributes:
        outcomes: answers by status, or by the name of what broke; ``said`` is a 503 in French that says when to come back.
        times: seconds of each answer.
        stale: answers made before, given because no newer one could be had; ``ageless`` are those that do not say when.
        oldest: seconds, the greatest age that an answer told.
        reconnected: an idle connection closed at the same moment: browsers ask again (RFC 9112, 9.3.1), so do we.
        slow: what took longer than a second: when it was asked, how long it took, what it was.
    """

    outcomes: Counter = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    stale: int = 0
    ageless: int = 0
    oldest: float = 0.0
    reconnected: int = 0
    slow: list[tuple[float, float, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.outcomes.values())

    @property
    def said(self) -> int:
        return self.outcomes["said"]

    @property
    def failed(self) -> int:
        return self.total - self.outcomes[200] - self.said

    @property
    def slowest(self) -> float:
        return max(self.times, default=0.0)

    def percentile(self, part: float) -> float:
        return sorted(self.times)[int(len(self.times) * part)] if self.times else 0.0

    def failures(self) -> dict:
        return {str(key): count for key, count in self.outcomes.items() if key not in {200, "said"}}


class Reader(threading.Thread):
    """Asks for pages, each at its time, on one connection: what the machine was too slow for is not made up for."""

    def __init__(self, load: Load, kind: str, rate: float) -> None:
        super().__init__(daemon=True)
        self.load, self.kind, self.pace = load, kind, 1 / rate
        self.connection: http.client.HTTPSConnection | None = None

    def run(self) -> None:
        due = time.monotonic() + random.random() * self.pace
        while not self.load.stop.is_set():
            self.load.stop.wait(max(0.0, due - time.monotonic()))
            due = max(due + self.pace, time.monotonic())
            self.read(self.load.told[self.kind], *self.load.ask[self.kind]())

    def read(self, told: Told, path: str, headers: dict[str, str]) -> None:
        started, reused = time.monotonic(), self.connection is not None
        try:
            self.connection = self.connection or connect(self.load.stage.https)
            self.connection.request("GET", path, headers=headers)
            response = self.connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection = None
            if reused and isinstance(error, ConnectionError):
                told.reconnected += 1
                return
            outcome: int | str = type(error).__name__
        else:
            if response.will_close and self.connection:  # the front server closes it after a thousand requests
                self.connection.close()
                self.connection = None
            outcome = "said" if is_said(response, body) else response.status
            if outcome == 200:
                note_age(told, response)
        told.outcomes[outcome] += 1  # each kind is counted under the interpreter's lock
        seconds = time.monotonic() - started
        told.times.append(seconds)
        if seconds > SLOW:
            told.slow.append((started, seconds, path))


def is_said(response: http.client.HTTPResponse, body: bytes) -> bool:
    """Whether an answer says in French that the database is away, and when to come back."""
    return (
        response.status == 503 and SAID in body.decode(errors="replace").lower() and "Retry-After" in response.headers
    )


def note_age(told: Told, response: http.client.HTTPResponse) -> None:
    """How old what was given is: since the front server took it, and before that in the application."""
    headers = response.headers
    taken, age = headers.get("X-Made-At"), headers.get("Age")
    is_stale = headers.get("X-Cache") in {"STALE", "UPDATING"} or "detail=stale" in headers.get("Cache-Status", "")
    told.stale += is_stale
    told.ageless += is_stale and not (taken or age)
    since = time.time() - email.utils.parsedate_to_datetime(taken).timestamp() if taken else 0.0
    told.oldest = max(told.oldest, since + float(age or 0))


class Load:
    """Readers of two kinds: visitors, whose pages are kept; and somebody signed in, for whom each is made anew."""

    def __init__(self, stage: Stage, *, visitors: float, signed_in: float) -> None:
        self.stage = stage
        self.stop = threading.Event()
        people = stage.people
        kept = [
            (HOST, path) for path in ("/", people["chapter"], people["guide"], "/guides/", "/agenda/", "/annuaire/")
        ]
        kept += [(GROUPEMENT, path) for path in ("/", people["chapter"], "/guides/", "/actualites/")]
        cookie = {"Host": HOST, "Cookie": f"__Host-session={people['session']}"}
        anew = [
            "/",
            people["chapter"],
            people["guide"],
            "/guides/",
            "/agenda/",
            "/annuaire/",
            "/actualites/",
            "/admin/",
        ]
        self.kept = kept
        self.ask: dict[str, Callable[[], tuple[str, dict]]] = {
            "visitor": lambda: _to(*random.choice(kept)),
            "signed in": lambda: (random.choice(anew), cookie),
        }
        self.told: dict[str, Told] = {kind: Told() for kind in self.ask}
        self.readers = [Reader(self, "visitor", visitors / 3) for _number in range(3)]
        self.readers += [Reader(self, "signed in", signed_in / 4) for _number in range(4)]

    def warm(self) -> None:
        """Have each page made once, by whoever comes first, as on a site that is visited."""
        told, reader = Told(), self.readers[0]
        for host, path in self.kept:
            reader.read(told, *_to(host, path))
        if told.failed:
            raise SystemExit(f"the site is not whole before the drill: {told.outcomes}")

    @contextmanager
    def trial(self) -> Iterator[dict[str, Told]]:
        """What is seen from now on, until the block ends."""
        self.told = told = {kind: Told() for kind in self.ask}
        yield told

    def start(self) -> None:
        for reader in self.readers:
            reader.start()

    def end(self) -> None:
        self.stop.set()
        for reader in self.readers:
            reader.join(timeout=PATIENCE)


def _to(host: str, path: str) -> tuple[str, dict]:
    return path, {"Host": host}


_context = ssl._create_unverified_context()


def connect(port: int, source: str = "127.0.0.1") -> http.client.HTTPSConnection:
    """A connection to the front server, from any of this machine's own addresses."""
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=PATIENCE, context=_context)
    raw = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE, source_address=(source, 0))
    connection.sock = _context.wrap_socket(raw, server_hostname=HOST)
    return connection

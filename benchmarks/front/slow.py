"""Clients so slow that each keeps a connection of the front server for itself, until the front server closes it."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import socket
import ssl
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.front.servers import HOST, ROOT

SOURCE = "127.77.0.1"  # all of them at one address, as from one machine
LATE = 5.0  # seconds after which a connection that should have been closed is a fault; twice that on a busy machine
REST = 5.0  # seconds before one that was closed comes again
POST = f"POST /etre-rappele/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 9999\r\n\r\n"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Kind:
    """One way of being slow.

    Attributes:
        share: of all the slow clients.
        allowed: the directive of the front server that says how long; none for those that it counts instead.
        closed: by the front server, after so many seconds each.
        refused: answered at once that they are too many.
        held: at this moment; ``most`` at once.
    """

    name: str
    share: float
    allowed: str
    act: Callable[[SlowClients, Streams], Awaitable[str]]
    closed: list[float] = field(default_factory=list)
    refused: int = 0
    held: int = 0
    most: int = 0


class SlowClients:
    """Some hundred of them, of each kind; each that is closed comes again."""

    def __init__(self, port: int, count: int, large: str) -> None:
        """``large`` is the address of a file that no buffer holds whole."""
        self.port, self.large = port, large
        self.kinds = [
            Kind("a heading, a letter a second", 0.5, "client_header_timeout", _drip_heading),
            Kind("a form that is announced and does not come", 0.25, "client_body_timeout", _announce),
            Kind("a form, a letter a second", 0.2, "", _drip_form),
            Kind("who asks and does not read", 0.05, "send_timeout", _be_deaf),
        ]
        self.people = [kind for kind in self.kinds for _number in range(int(kind.share * count))]
        random.shuffle(self.people)
        self.ending = False
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()), daemon=True)

    def __enter__(self) -> SlowClients:
        self._thread.start()
        return self

    def __exit__(self, *error) -> None:
        self.ending = True
        self._thread.join(timeout=30)

    @property
    def most(self) -> int:
        return sum(kind.most for kind in self.kinds)

    def told(self) -> list[str]:
        """What became of each kind."""
        return [
            f"{kind.name}: {kind.most} at once, {len(kind.closed)} closed"
            + (f" after {min(kind.closed):.0f} to {max(kind.closed):.0f} s" if kind.closed else "")
            + (f", {kind.refused} refused" if kind.refused else "")
            for kind in self.kinds
        ]

    def faults(self) -> list[str]:
        """Connections that stayed for longer than the shipped configuration allows, kinds that nothing closed."""
        found = []
        for kind in self.kinds:
            if not kind.allowed:
                if not kind.refused:
                    found.append(f"{kind.name}: as many as one likes")
                continue
            most = allowed(kind.allowed) + 2 * LATE
            if not kind.closed:
                found.append(f"{kind.name}: none was closed")
            elif max(kind.closed) > most:
                found.append(f"{kind.name}: held {max(kind.closed):.0f} s, {most:.0f} at most")
        return found

    async def _all(self) -> None:
        await asyncio.gather(*(self._one(kind, number) for number, kind in enumerate(self.people)))

    async def _one(self, kind: Kind, number: int) -> None:
        await asyncio.sleep(number / 100)
        while not self.ending:
            with contextlib.suppress(OSError):
                streams = await self._connect()
                started = time.monotonic()
                kind.held += 1
                kind.most = max(kind.most, kind.held)
                try:
                    outcome = await kind.act(self, streams)
                except OSError:
                    outcome = "closed"
                finally:
                    kind.held -= 1
                    streams[1].transport.abort()
                if outcome == "refused":
                    kind.refused += 1
                elif outcome == "closed":
                    kind.closed.append(time.monotonic() - started)
            await self.rest(REST)

    async def _connect(self) -> Streams:
        raw = socket.socket()
        # As on a network: on the loopback packets are of 64 kB, and what nobody reads fits in the other side's memory.
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1400)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.bind((SOURCE, 0))
        raw.setblocking(False)
        await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", self.port))
        context = ssl._create_unverified_context()
        return await asyncio.open_connection(sock=raw, ssl=context, server_hostname=HOST, limit=4096)

    async def rest(self, seconds: float) -> None:
        """Wait, unless it is over."""
        ends = time.monotonic() + seconds
        while not self.ending and time.monotonic() < ends:
            await asyncio.sleep(0.5)


async def _drip_heading(clients: SlowClients, streams: Streams) -> str:
    return await _drip(clients, streams, "GET / HTTP/1.1\r\nX-Slow: ", b"a")


async def _drip_form(clients: SlowClients, streams: Streams) -> str:
    return await _drip(clients, streams, POST, b"a")


async def _announce(clients: SlowClients, streams: Streams) -> str:
    return await _drip(clients, streams, POST, b"")


async def _drip(clients: SlowClients, streams: Streams, start: str, letter: bytes) -> str:
    """Send so little at a time until the other side closes, or answers."""
    reader, writer = streams
    writer.write(start.encode())
    while not clients.ending:
        writer.write(letter)
        await writer.drain()
        with contextlib.suppress(TimeoutError):
            answer = await asyncio.wait_for(reader.read(64), timeout=1)
            return "refused" if b" 429" in answer else "closed"
    return "ended by the drill"


async def _be_deaf(clients: SlowClients, streams: Streams) -> str:
    """Ask for a large file and read nothing; then see whether it was cut short."""
    reader, writer = streams
    writer.transport.set_read_buffer_limits(high=4096)  # or asyncio goes on reading half a megabyte
    writer.transport.pause_reading()
    writer.write(f"GET {clients.large} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
    await clients.rest(allowed("send_timeout") + LATE)
    if clients.ending:
        return "ended by the drill"
    writer.transport.resume_reading()
    told = await asyncio.wait_for(reader.read(-1), timeout=20)
    length = re.search(rb"Content-Length: (\d+)", told)
    whole = length is not None and len(told) >= int(length[1])
    return "served" if whole else "closed"


def allowed(directive: str) -> float:
    """Seconds, of the shipped configuration."""
    found = re.search(rf"^\s*{directive} (\d+)s;", (ROOT / "deploy/nginx/mara.conf").read_text(), re.MULTILINE)
    return float(found[1]) if found else 0.0


def longest() -> float:
    """Seconds that a trial takes in which each kind is closed at least once."""
    return max(allowed(name) for name in ("client_header_timeout", "client_body_timeout", "send_timeout")) + 4 * LATE


def large_file(static: Path) -> str:
    """The address of the largest static file."""
    name = max(static.rglob("*.js"), key=lambda path: path.stat().st_size)
    return f"/static/{name.relative_to(static)}"

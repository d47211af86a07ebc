"""What is done to the site besides killing it: slow clients, a full disk, a mail server that refuses."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socketserver
import ssl
import threading
from pathlib import Path

from benchmarks.front.servers import HOST


class SlowClients:
    """Connections that send a byte a second and never finish; each that is closed is opened again."""

    def __init__(self, port: int, count: int) -> None:
        self.port, self.count = port, count
        self.held = self.most = self.closed = 0
        self._ending = False
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()), daemon=True)

    def __enter__(self) -> SlowClients:
        self._thread.start()
        return self

    def __exit__(self, *error) -> None:
        self._ending = True
        self._thread.join(timeout=30)

    async def _all(self) -> None:
        await asyncio.gather(*(self._one(number) for number in range(self.count)))

    async def _one(self, number: int) -> None:
        await asyncio.sleep(number / 100)
        context = ssl._create_unverified_context()
        while not self._ending:
            writer = None
            with contextlib.suppress(OSError):
                _reader, writer = await asyncio.open_connection(
                    "127.0.0.1", self.port, ssl=context, server_hostname=HOST
                )
                self.held += 1
                self.most = max(self.most, self.held)
                try:
                    start = (
                        "GET / HTTP/1.1\r\nX-Slow: "
                        if number % 2
                        else "POST /etre-rappele/ HTTP/1.1\r\nContent-Length: 9999\r\n"
                    )
                    end = "" if number % 2 else "\r\n"
                    writer.write(f"{start}Host: {HOST}\r\n{end}".encode() if end else start.encode())
                    while not self._ending:
                        writer.write(b"a")
                        await writer.drain()
                        await asyncio.sleep(1)
                finally:
                    self.held -= 1
                    self.closed += not self._ending
            if writer:
                writer.transport.abort()
            await asyncio.sleep(random.random())


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server that refuses whatever is handed to it, until it is told to take it."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Letters)
        self.refuses = True
        self.refused = self.taken = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __exit__(self, *error) -> None:
        self.shutdown()
        super().__exit__(*error)


class _Letters(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as Python's client speaks."""

    server: MailServer

    def handle(self) -> None:
        self._say("220 drill")
        in_letter = False
        for line in self.rfile:
            word = line.strip().upper()
            if in_letter:
                in_letter = word != b"."
                if not in_letter:
                    self.server.taken += 1
                    self._say("250 taken")
            elif word.startswith(b"MAIL") and self.server.refuses:
                self.server.refused += 1
                self._say("451 not now")
            elif word == b"DATA":
                in_letter = True
                self._say("354 go on")
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, words: str) -> None:
        with contextlib.suppress(OSError):
            self.wfile.write(f"{words}\r\n".encode())


@contextlib.contextmanager
def full(disk: Path):
    """No byte left on a disk, until the block ends."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"\0" * size)
    try:
        yield
    finally:
        filler.unlink()

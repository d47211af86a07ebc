"""What is done to the site besides killing it: a full disk, a mail server that refuses. Slow clients: ``slow``."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from pathlib import Path


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

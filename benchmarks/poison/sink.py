"""A mail server on the loopback that refuses half of what it is given, and remembers the rest."""

from __future__ import annotations

import contextlib
import random
import socketserver
import threading
import time
from collections import Counter

ANSWER_SECONDS = 0.03  # what a mail server takes to say that it has a message


class Sink(socketserver.ThreadingTCPServer):
    """Counts by recipient what it took and what it refused."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Dialogue)
        self.chance, self.lock = random.Random(seed), threading.Lock()
        self.taken: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def takes(self, recipient: str) -> bool:
        with self.lock:
            takes = self.chance.random() < 0.5
            (self.taken if takes else self.refused)[recipient] += 1
            return takes


class _Dialogue(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # whoever speaks to it is killed
            self._talk()

    def _talk(self) -> None:
        recipient = ""
        self._say("220 drill")
        while line := self.rfile.readline().decode("ascii", "replace").strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                recipient = line.split("<")[1].split(">")[0]
            if verb == "DATA":
                self._say("354 go on")
                while (part := self.rfile.readline()) and part.rstrip(b"\r\n") != b".":
                    pass
                takes = self.server.takes(recipient)
                time.sleep(ANSWER_SECONDS)
                self._say("250 taken" if takes else "451 come back later")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode("ascii"))
        self.wfile.flush()

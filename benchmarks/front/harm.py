"""What is done to the site besides killing it: slow clients, a full disk, a mail server that refuses."""

from __future__ import annotations

import asyncio
import contextlib
import io
import random
import socketserver
import ssl
import threading
import time
from pathlib import Path

import psycopg
from bs4 import BeautifulSoup

from benchmarks.front.servers import HOST, Stage
from benchmarks.front.writers import Referent, Written
from tests.html import fields_of

BOUNDARY = "drill-of-the-front-server"


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


class Uploader(Referent):
    """A référent who puts a picture in the library."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, threading.Event(), Written(), 8)
        self.cookies["__Host-session"] = stage.people["session"]

    def upload(self) -> str:
        """Send a picture; ``kept``, ``refused in French``, or what was answered instead."""
        from PIL import Image

        status, _headers, body = self.ask("GET", "/admin/images/add/")
        if status != 200:
            return f"no form: {status}"
        form = BeautifulSoup(body, "html.parser").select_one("form[enctype='multipart/form-data']")
        picture = io.BytesIO()
        Image.effect_noise((400, 400), 90).convert("RGB").save(picture, "PNG")
        sent = fields_of(form) | {"title": f"Une image {time.time()}"}
        parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{_one(value)}' for name, value in sent.items()]
        begun = "".join(f"--{BOUNDARY}\r\n{part}\r\n" for part in parts).encode()
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
        data = begun + head.encode() + picture.getvalue() + f"\r\n--{BOUNDARY}--\r\n".encode()
        status, body = self._post("/admin/images/add/", data)
        if status == 302:
            return "kept"
        return "refused in French" if "disque du serveur est plein" in body else f"{status} {body[:200]}"

    def _post(self, path: str, data: bytes) -> tuple[int, str]:
        from benchmarks.front.readers import connect

        connection = connect(self.stage.https)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Host": HOST, "Origin": f"https://{HOST}", "Referer": f"https://{HOST}{path}", "Cookie": cookies}
        connection.request("POST", path, data, headers | {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace")


def _one(value) -> str:
    return value[0] if isinstance(value, list) and value else value or ""


def kept(stage: Stage) -> tuple[int, int]:
    """Pictures in the database, and files on the disk."""
    with psycopg.connect(stage.environment["DATABASE_URL"]) as database:
        (rows,) = database.execute("SELECT count(*) FROM core_image").fetchone() or (0,)
    return rows, sum(path.is_file() for path in (stage.disk / "media").rglob("*"))

"""A référent who puts files in the library: sound ones, and those that are to be refused, whatever the disk."""

from __future__ import annotations

import contextlib
import io
import threading
import time

import psycopg
from bs4 import BeautifulSoup
from PIL import Image

from benchmarks.front.readers import connect
from benchmarks.front.servers import HOST, Stage
from benchmarks.front.writers import Referent, Written
from tests.controls import fields_of

BOUNDARY = "drill-of-the-front-server"
ADDRESS = "/admin/images/add/"
PAGE = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(size: tuple[int, int] = (400, 400)) -> bytes:
    """A sound picture, which hardly shrinks."""
    written = io.BytesIO()
    Image.effect_noise(size, 90).save(written, "PNG")
    return written.getvalue()


def bomb() -> bytes:
    """900 million pixels in some hundred kilobytes."""
    written = io.BytesIO()
    with contextlib.suppress(Image.DecompressionBombError):
        Image.new("1", (30_000, 30_000)).save(written, "PNG")
    return written.getvalue()


def unsound() -> dict[str, tuple[str, bytes]]:
    """Files to be refused, by what is wrong with them: a name and what is in it."""
    sound = picture()
    return {
        "more than 10 MB": ("lourde.png", sound + b"\0" * (11 << 20)),
        "more than the front server takes": ("enorme.png", sound + b"\0" * (26 << 20)),
        "a page named as a picture": ("photo.png", PAGE),
        "a drawing with a script": ("dessin.svg", SVG),
        "a drawing named as a picture": ("dessin.png", SVG),
        "cut short": ("coupee.png", sound[: len(sound) // 2]),
        "a pixel bomb": ("bombe.png", bomb()),
        "empty": ("vide.png", b""),
    }


class Uploader(Referent):
    """Sends files by the library's form, as a browser without a script does."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage, threading.Event(), Written(), 8)
        self.cookies["__Host-session"] = stage.people["session"]

    def upload(self, name: str = "a.png", data: bytes | None = None) -> tuple[str, str]:
        """Send a file; ``kept``, ``refused`` and the sentence in French, or what else was answered."""
        status, _headers, body = self.ask("GET", ADDRESS)
        if status != 200:
            return f"no form: {status}", ""
        form = BeautifulSoup(body, "html.parser").select_one("form[enctype='multipart/form-data']")
        sent = fields_of(form) | {"title": f"Une image {time.time()}"}
        parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{_one(value)}' for key, value in sent.items()]
        begun = "".join(f"--{BOUNDARY}\r\n{part}\r\n" for part in parts)
        begun += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        file = picture() if data is None else data
        status, body = self._post(f"{begun}Content-Type: image/png\r\n\r\n".encode() + file + END)
        if status == 302:
            return "kept", ""
        page = BeautifulSoup(body, "html.parser")
        said = page.select(".error-message") or page.select("main h1, main .lead")
        words = " ".join(" ".join(part.get_text(" ") for part in said).split())
        is_french = page.html is not None and page.html.get("lang") == "fr" and bool(words)
        return ("refused" if is_french and status in REFUSALS else f"answered {status}"), words

    def _post(self, data: bytes) -> tuple[int, str]:
        connection = connect(self.stage.https)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Host": HOST, "Origin": f"https://{HOST}", "Referer": f"https://{HOST}{ADDRESS}", "Cookie": cookies}
        headers |= {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # refused before the whole of it is sent
            connection.request("POST", ADDRESS, data, headers)
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace")


END = f"\r\n--{BOUNDARY}--\r\n".encode()
REFUSALS = {200, 413, 507}  # the form again with its sentence; the front server's page; the page of a full disk


def _one(value) -> str:
    return value[0] if isinstance(value, list) and value else value or ""


def kept(stage: Stage) -> tuple[int, int]:
    """Pictures in the database, and files on the disk."""
    with psycopg.connect(stage.environment["DATABASE_URL"]) as database:
        (rows,) = database.execute("SELECT count(*) FROM core_image").fetchone() or (0,)
    return rows, sum(path.is_file() for path in (stage.disk / "media").rglob("*"))

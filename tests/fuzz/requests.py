"""Requests as an application server hands them over, with whatever bytes chance put in them."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote_from_bytes

from django.conf import settings

from tests.fuzz import corpus

CSRF = "c" * 32
FORM = "application/x-www-form-urlencoded"
METHODS = (
    "GET",
    "GET",
    "GET",
    "GET",
    "GET",
    "GET",
    "HEAD",
    "POST",
    "OPTIONS",
    "PUT",
    "TRACE",
    "DELETE",
    "PROPFIND",
    "get",
    "",
)


@dataclass
class Request:
    """One request; ``path`` and ``query`` hold bytes as Latin-1, as WSGI says (PEP 3333)."""

    host: str
    path: str
    method: str = "GET"
    query: str = ""
    body: bytes = b""
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def environ(self) -> dict:
        """What the application is called with: forms come from our own pages, or nothing behind them is reached."""
        cookie = "; ".join(filter(None, (self.headers.get("HTTP_COOKIE"), f"{settings.CSRF_COOKIE_NAME}={CSRF}")))
        headers = {"HTTP_X_CSRFTOKEN": CSRF, **self.headers, "HTTP_COOKIE": cookie}
        return {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path,
            "QUERY_STRING": self.query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": self.content_type,
            "CONTENT_LENGTH": str(len(self.body)),
            "HTTP_HOST": self.host,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        } | headers

    def __str__(self) -> str:
        said = f"{self.method} {self.host}{self.path[:200]!r}?{self.query[:400]!r}"
        return f"{said} {self.headers} {self.content_type} {self.body[:300]!r}"


def network(chance: Random) -> str:
    """Somebody else's address each time: one network has its share of what forms take."""
    return f"{chance.randint(1, 220)}.{chance.randint(0, 255)}.{chance.randint(0, 255)}.{chance.randint(1, 254)}"


def read(chance: Random, host: str, path: str, names: tuple[str, ...]) -> Request:
    """A visitor's reading of a page, twisted: its question, its address, its headers, its method."""
    request = Request(host, path.encode().decode("latin-1"), headers={"REMOTE_ADDR": network(chance)})
    kind = chance.random()
    if kind < 0.8:
        request.query = corpus.query(chance, names)
    if kind > 0.7:
        request.path = twisted(chance, request.path)
    if chance.random() < 0.15:
        request.method = chance.choice(METHODS)
    request.headers |= corpus.headers(chance)
    request.host = request.headers.pop("HTTP_HOST", host)
    return request


def twisted(chance: Random, path: str) -> str:
    """An address with one of its parts changed, added, doubled or cut."""
    parts = path.split("/")
    place = chance.randrange(1, len(parts))
    word = (corpus.text(chance).encode() if chance.random() < 0.8 else chance.choice(corpus.BYTES)).decode("latin-1")
    kind = chance.randrange(5)
    if kind == 0:
        parts[place] = word
    elif kind == 1:
        parts.insert(place, word)
    elif kind == 2:
        parts[place] = parts[place] * chance.randint(2, 40)
    elif kind == 3:
        parts = parts[:place]
    else:
        parts[place] += word
    return "/".join(parts)[:8_000]


def encoded(chance: Random, pairs: list[tuple[str, str]]) -> bytes:
    """A form's fields as a browser sends them, some values of which are no text."""
    coded = []
    for name, value in pairs:
        raw = value.encode("utf-8", "surrogatepass")
        if chance.random() < 0.03:
            raw = chance.choice(corpus.BYTES) + raw[:100]
        coded.append(f"{quote_from_bytes(name.encode('utf-8', 'surrogatepass'))}={quote_from_bytes(raw, safe='')}")
    return "&".join(coded).encode("latin-1")


def multipart(chance: Random, pairs: list[tuple[str, str]], files: tuple[tuple[str, str, str, bytes], ...] = ()):
    """A form with files: ``(field, file name, type, bytes)``. Returns the body and its type; some are malformed."""
    boundary = "----mara"
    pieces = []
    for name, value in pairs:
        raw = value.encode("utf-8", "surrogatepass")
        pieces.append((f'Content-Disposition: form-data; name="{_quoted(name)}"'.encode("utf-8", "replace"), raw))
    for name, filename, kind, raw in files:
        head = f'Content-Disposition: form-data; name="{name}"; filename="{_quoted(filename)}"\r\nContent-Type: {kind}'
        pieces.append((head.encode("utf-8", "replace"), raw))
    chance.shuffle(pieces)
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + head + b"\r\n\r\n" + raw + b"\r\n" for head, raw in pieces)
    body += b"--" + boundary.encode() + b"--\r\n"
    return body, f"multipart/form-data; boundary={boundary}"


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def damaged(chance: Random, body: bytes) -> bytes:
    """A body cut, doubled, or with some of its bytes changed."""
    kind = chance.randrange(5)
    if kind == 0:
        return body[: chance.randrange(len(body) + 1)]
    if kind == 1:
        return body * 2
    if kind == 2:
        return body.replace(b"\r\n", b"\n")
    changed = bytearray(body or b"\x00")
    for _time in range(chance.randint(1, 12)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def form(chance: Random, host: str, path: str, fields: dict[str, str], query: str = "", cookie: str = "") -> Request:
    """A form sent with some fields changed, missing, doubled or unknown; in any coding, whole or damaged."""
    pairs = []
    for name, value in fields.items():
        kind = chance.random()
        if name == "csrfmiddlewaretoken":
            value, kind = CSRF, 0.5 + kind / 2
        if kind < 0.04:
            continue
        pairs.append((name, corpus.text(chance) if kind < 0.3 else value))
        if kind > 0.97:
            pairs.append((name, corpus.text(chance)))
    if chance.random() < 0.1:
        pairs.append((corpus.text(chance)[:100], corpus.text(chance)))
    request = Request(host, path, "POST", query, headers={"REMOTE_ADDR": network(chance)})
    if chance.random() < 0.75:
        request.body, request.content_type = encoded(chance, pairs), FORM
    else:
        files = ()
        if chance.random() < 0.3:
            files = ((chance.choice([*fields, "x"]), corpus.text(chance)[:200], "text/plain", b"x" * 20),)
        request.body, request.content_type = multipart(chance, pairs, files)
    if chance.random() < 0.12:
        request.body = damaged(chance, request.body)
    if chance.random() < 0.08:
        request.content_type = chance.choice(corpus.CONTENT_TYPES)
    request.headers |= corpus.headers(chance)
    if chance.random() < 0.03:
        # Others than these no HTTP server hands over.
        request.headers["CONTENT_LENGTH"] = chance.choice(("", "0", "5", str(10**7)))
    request.host = request.headers.pop("HTTP_HOST", host)
    if cookie:
        request.headers["HTTP_COOKIE"] = cookie
    return request

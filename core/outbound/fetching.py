"""Reads one address. Resolved once, checked, and connected to at the address that was checked: no second resolution
by which a name could change its mind. The certificate is verified for the name.

Written on sockets: neither requests nor urllib3 bounds the whole of a reading (resolution, handshake, headers that
come one byte at a time), or connects to an address of one's choice without private interfaces.
"""

from __future__ import annotations

import http.client
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _

from core.outbound.addresses import PORT, UnfetchableError, checked, is_public, not_public

MAX_BYTES = 1024 * 1024
MAX_SECONDS = 20.0
MAX_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 16 * 1024


@dataclass(frozen=True)
class Answer:
    """What an address answered. ``body`` is ``None`` when nothing changed since the last reading."""

    body: bytes | None
    etag: str = ""
    last_modified: str = ""


def _unreachable() -> UnfetchableError:
    return UnfetchableError(_("The address did not answer, or not as a secure site does."))


def _too_long() -> UnfetchableError:
    return UnfetchableError(_("The address took too long to answer."))


@dataclass(frozen=True)
class Fetcher:
    """How addresses are read. The defaults are those of production; tests serve on their own machine.

    Attributes:
        own_hosts: names of ours, never read.
        allows: whether one may connect to an IP address.
        resolve: as ``socket.getaddrinfo``.
        port: the only port connected to.
        context: which certificates are trusted.
        seconds: for the whole of a reading, redirections included.
    """

    own_hosts: Collection[str] = ()
    allows: Callable[[str], bool] = is_public
    resolve: Callable = socket.getaddrinfo
    port: int = PORT
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = MAX_SECONDS
    max_bytes: int = MAX_BYTES

    def fetch(self, address: str, *, accept: str, etag: str = "", last_modified: str = "") -> Answer:
        """Read an address.

        Args:
            accept: the media types wanted.
            etag, last_modified: those of the last reading, so that what did not change is not sent again.

        Raises:
            UnfetchableError: with a sentence for whoever gave the address.
        """
        deadline = time.monotonic() + self.seconds
        headers = {
            "Accept": accept,
            "Accept-Encoding": "identity",  # nothing to unpack: what is read is what was sent
            "User-Agent": "MARA-agenda/1.0",
            "Connection": "close",
        }
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        address = checked(address, own_hosts=self.own_hosts, port=self.port)
        for _turn in range(MAX_REDIRECTS + 1):
            found = self._read(address, headers, deadline)
            if isinstance(found, Answer):
                return found
            address = checked(urljoin(address, found), own_hosts=self.own_hosts, upgrade=False, port=self.port)
        raise UnfetchableError(_("The address leads from one address to another without end."))

    def _read(self, address: str, headers: dict[str, str], deadline: float) -> Answer | str:
        """One request: what it gave, or where it leads."""
        parts = urlsplit(address)
        host = parts.hostname or ""
        try:
            with self._connected(host, deadline) as tls:
                connection = http.client.HTTPConnection(parts.netloc)
                connection.sock = tls  # connected already: http.client opens none of its own
                target = parts.path + (f"?{parts.query}" if parts.query else "")
                connection.request("GET", target, headers=headers)
                response = connection.getresponse()
                return self._answer(response, deadline)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if time.monotonic() >= deadline:
                raise _too_long() from error
            raise _unreachable() from error

    def _answer(self, response: http.client.HTTPResponse, deadline: float) -> Answer | str:
        # What is kept of a stranger's headers is short and printable.
        etag = _kept(response.headers.get("ETag", ""))
        last_modified = _kept(response.headers.get("Last-Modified", ""))
        if response.status in _REDIRECTS and (location := response.headers.get("Location")):
            return location
        if response.status == http.client.NOT_MODIFIED:
            return Answer(None, etag, last_modified)
        if response.status != http.client.OK:
            raise UnfetchableError(
                _("The site answered that it has nothing there (%(code)d).") % {"code": response.status}
            )
        if response.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
            raise UnfetchableError(_("The site sent a compressed file, which is not read here."))
        body = bytearray()
        while chunk := response.read1(_CHUNK):
            body += chunk
            if len(body) > self.max_bytes:
                raise UnfetchableError(_("What the address gives is too large: 1 MB at most."))
            if time.monotonic() >= deadline:
                raise _too_long()
        if time.monotonic() >= deadline:
            raise _too_long()  # cut by the watch, not ended
        if response.length:
            raise _unreachable()  # announced more than it sent
        return Answer(bytes(body), etag, last_modified)

    @contextmanager
    def _connected(self, host: str, deadline: float) -> Iterator[ssl.SSLSocket]:
        """A secure connection to an address that was checked; cut at the deadline, whatever it is doing."""
        family, where = self._checked_address(host, deadline)
        plain = socket.socket(family, socket.SOCK_STREAM)
        watch = None
        try:
            plain.settimeout(max(deadline - time.monotonic(), 0.01))
            plain.connect(where)
            # A second handle on the connection: wrapping takes the first one away.
            handle = plain.dup()
            watch = threading.Timer(max(deadline - time.monotonic(), 0.01), _cut, [handle])
            watch.daemon = True
            watch.start()
            try:
                with self.context.wrap_socket(plain, server_hostname=host) as tls:
                    yield tls
            finally:
                watch.cancel()
                handle.close()
        finally:
            plain.close()

    def _checked_address(self, host: str, deadline: float) -> tuple[int, tuple]:
        """Resolve a name once; refuse it when any of its addresses is not public."""
        found = self._resolved(host, deadline)
        if not found:
            raise _unreachable()
        if not all(self.allows(where[0]) for _family, where in found):
            raise not_public()
        return found[0]

    def _resolved(self, host: str, deadline: float) -> list[tuple[int, tuple]]:
        """The system's resolver has no time limit of its own: it is asked from a thread that one may leave behind."""
        answers: queue.SimpleQueue = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self.resolve(host, self.port, type=socket.SOCK_STREAM))
            except (OSError, UnicodeError):
                answers.put([])

        threading.Thread(target=ask, daemon=True).start()
        try:
            rows = answers.get(timeout=max(deadline - time.monotonic(), 0.01))
        except queue.Empty as error:
            raise _too_long() from error
        # IPv4 first: a worker without IPv6 would wait for nothing.
        rows = sorted(rows, key=lambda row: row[0] != socket.AF_INET)
        return [(family, where) for family, _kind, _protocol, _name, where in rows]


def _cut(handle: socket.socket) -> None:
    with suppress(OSError):  # closed meanwhile
        handle.shutdown(socket.SHUT_RDWR)


def _kept(header: str) -> str:
    return header if len(header) <= 200 and header.isascii() and header.isprintable() else ""

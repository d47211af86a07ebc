"""What the tests in a browser share: axe, and a browser over Django's test client.

The latter is in the test's transaction; cookies stay on the client's side.
"""

from __future__ import annotations

import asyncio
import contextvars
import mimetypes
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.db import DEFAULT_DB_ALIAS, connections
from django.test import Client
from playwright.sync_api import Browser, Page, expect

HOST = "mara.localhost"
# What passes is most of what axe tells: it stays in the browser.
# What moves or fades is seen as it ends: half-way, a text has less contrast than it will have.
SETTLE = """() => {
    for (const one of document.getAnimations()) {
        try { one.finish(); } catch { one.cancel(); }
    }
}"""
AXE = "([scope, options]) => axe.run(scope || document, options).then(told => told.violations)"
AXE_OPTIONS = {"resultTypes": ["violations"]}
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Without these, Chromium keeps asking its maker's servers for updates while the tests run.
QUIET_CHROMIUM = [
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--disable-gpu",
]
ANSWERED_IN = 60  # seconds, for what a test asks of the browser and never waits for
expect.set_options(timeout=20_000)  # milliseconds: a busy machine is no fault of the project's
# An answer says by itself how long it is, over a connection that stays.
_OF_THE_CONNECTION = frozenset({"content-length", "connection", "transfer-encoding"})


def chromium() -> str | None:
    """The path of Chromium, from MARA_CHROMIUM or the machine."""
    found = (shutil.which(name) for name in CHROMIUM_NAMES)
    return os.environ.get("MARA_CHROMIUM") or next(filter(None, found), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """How the one Chromium of a process is started, for pytest-playwright."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return browser_type_launch_args | {"executable_path": chromium(), "args": [*QUIET_CHROMIUM, *sandbox]}


def violations(page: Page, scope: str | dict | None = None, **options) -> list[str]:
    """What axe finds in a page, a line each: the rule, and the first place.

    Args:
        scope: the part to look at, by its selector or as axe's own context; the whole page without it.
        options: axe's, besides what keeps its answer short.
    """
    if isinstance(scope, str):
        page.locator(scope).first.wait_for()
    page.wait_for_load_state()
    page.evaluate(SETTLE)
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(AXE, [scope, AXE_OPTIONS | options])
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in found]


@contextmanager
def chromium_page(
    client: Client, browser: Browser, *, without: frozenset[str] = frozenset(), **context
) -> Iterator[Page]:
    """A page of Chromium whose every request to the network's hosts is answered by ``client``.

    Args:
        browser: the fixture of that name, the only one of its process.
        without: kinds of resources that do not come, as Fetch names their destinations.
        context: how the page is opened, as Playwright's ``new_page`` takes it.
    """
    server = _Proxy(client, without)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    page = browser.new_page(**context, proxy={"server": f"http://127.0.0.1:{server.server_port}"})
    try:
        yield page
    finally:
        server.client = None
        page.context.close()
        server.shutdown()
        server.server_close()
    if server.errors:
        raise server.errors[0]


class _Proxy(ThreadingHTTPServer):
    """Stands between a page and every site: ours is answered by the test's own client, and there is no other.

    Files come from here, and the browser keeps them. The rest is made in the test's thread while it waits for the
    browser, and at no other moment: the transaction is the test's.
    """

    daemon_threads = True

    def __init__(self, client: Client, without: frozenset[str]) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.client: Client | None = client
        self.without = without
        # What answers runs in a context of its own, which would open another connection: one that sees nothing of
        # the test's transaction.
        self.connection = connections[DEFAULT_DB_ALIAS]
        self.errors: list[Exception] = []
        # The browser's, in which the test waits.
        self.loop = asyncio.get_running_loop()

    def answer(self, ask) -> Future:
        """Have the test's thread ask its client."""
        future: Future = Future()

        def run() -> None:
            connections[DEFAULT_DB_ALIAS] = self.connection
            try:
                # A page that is closed is answered no more.
                future.set_result(ask(self.client) if self.client else None)
            except Exception as error:  # noqa: BLE001 - told to the test, which is who asked
                self.errors.append(error)
                future.set_result(None)

        self.loop.call_soon_threadsafe(run, context=contextvars.Context())
        return future


class _Request(BaseHTTPRequestHandler):
    """A request of the browser."""

    protocol_version = "HTTP/1.1"
    server: _Proxy

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        host = address.hostname or ""
        if (host != HOST and not host.endswith(f".{HOST}")) or self.headers.get(
            "Sec-Fetch-Dest"
        ) in self.server.without:
            self._send(404, {}, b"")
        elif address.path.startswith("/static/"):
            content = _static(address.path.removeprefix("/static/"))
            kind = mimetypes.guess_type(address.path)[0] or "application/octet-stream"
            self._send(200 if content else 404, {"Content-Type": kind, "Cache-Control": "max-age=3600"}, content)
        else:
            self._ask(f"{address.path}?{address.query}" if address.query else address.path, host)

    do_POST = do_GET

    def do_CONNECT(self) -> None:
        """Another site, under another protocol."""
        self._send(404, {}, b"")

    def _ask(self, path: str, host: str) -> None:
        headers = {"host": host, "accept": self.headers.get("Accept", "*/*")}
        if self.command == "POST":
            kind = self.headers.get("Content-Type", "application/x-www-form-urlencoded")
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = self.server.answer(lambda client: client.post(path, sent, content_type=kind, headers=headers))
        else:
            asked = self.server.answer(lambda client: client.get(path, headers=headers))
        response = asked.result(ANSWERED_IN)
        if response is None:
            self.close_connection = True
            return
        content = b"".join(response.streaming_content) if response.streaming else response.content
        self._send(response.status_code, dict(response.headers), content)

    def _send(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in _OF_THE_CONNECTION:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *told) -> None:
        """Nothing."""


@cache
def _static(path: str) -> bytes:
    found = finders.find(path)
    return Path(found).read_bytes() if found else b""

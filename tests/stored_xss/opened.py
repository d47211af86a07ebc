"""Opens what was written in Chromium, and tells what ran, or would at the first click."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.browsing import HOST, chromium_page

# In the page: attributes that run, addresses that run when followed, elements that a text has become.
ARMED = """() => {
    const found = [];
    const runs = /^[\\u0000-\\u0020]*(javascript|vbscript|data):/i;
    // Asked of the prototype: a form's field may be called as what one asks the form.
    const attributes = Object.getOwnPropertyDescriptor(Element.prototype, "attributes").get;
    for (const element of document.querySelectorAll("*")) {
        for (const {name, value} of attributes.call(element)) {
            if (name.startsWith("on") && value.includes("xss")) found.push(element.outerHTML.slice(0, 200));
            if (["href", "xlink:href", "src", "action", "formaction", "data", "srcdoc"].includes(name)
                && value.includes("xss") && (name === "srcdoc" || runs.test(value.replace(/[\\t\\n\\r]/g, ""))))
                found.push(element.outerHTML.slice(0, 200));
        }
        if (element.localName === "script" && /^[^"'{]*xss\\(/.test(element.textContent))
            found.push(element.outerHTML.slice(0, 200));
    }
    return found;
}"""
# What runs nothing by coming: that it fails to come runs what an image that does not exist would.
UNSEEN = frozenset({"font", "image", "audio", "video", "track"})
SETTLED = "new Promise(done => setTimeout(done, 60))"


class Reader:
    """A client whose last answer is given once more: what was read is opened in the browser without being made again.

    An address that the browser writes otherwise than it was read is made again.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self._kept: dict[tuple[str, str], HttpResponse] = {}

    def read(self, path: str, host: str = HOST) -> HttpResponse:
        """Ask for an address, and keep the answer for the browser."""
        answer = self.client.get(path, headers={"host": host})
        self._kept = {} if answer.streaming else {(host, path): answer}
        return answer

    def get(self, path: str, headers: dict[str, str]) -> HttpResponse:
        return self._kept.pop((headers["host"], path), None) or self.client.get(path, headers=headers)

    def post(self, path: str, data, **more) -> HttpResponse:
        return self.client.post(path, data, **more)


class Opened:
    """Pages opened one after the other, and what went wrong in them."""

    def __init__(self, page: Page, reader: Reader) -> None:
        self.page, self.reader = page, reader
        self.ran: list[str] = []
        self.where = ""
        self.count = 0

    def note(self, source, *told) -> None:
        self.ran.append(f"{self.where}: ran {told}")

    def open(self, path: str, html: bytes | None = None, host: str = HOST) -> None:
        """Open an address, or show what an answer holds for a part of a page."""
        self.where, self.count = f"{host}{path}", self.count + 1
        if html is None:
            self.page.goto(f"http://{host}{path}", wait_until="load")
        else:
            self.page.set_content(html.decode(), wait_until="load")
        self.page.evaluate(SETTLED)
        self.ran += [f"{self.where}: holds {element}" for element in self.page.evaluate(ARMED)]


@contextmanager
def opened(client: Client, browser: Browser) -> Iterator[Opened]:
    """A page in which everything that runs is allowed to, so that nothing but escaping holds it."""
    reader = Reader(client)
    with chromium_page(reader, browser, without=UNSEEN, bypass_csp=True) as page:
        found = Opened(page, reader)
        page.context.expose_binding("xss", found.note)
        page.on("dialog", lambda dialog: dialog.dismiss())
        yield found


def fragment(body: bytes) -> bytes | None:
    """The part of a page that a JSON answer brings, which a screen puts into itself."""
    try:
        told = json.loads(body)
    except ValueError:
        return None
    return told["html"].encode() if isinstance(told, dict) and isinstance(told.get("html"), str) else None

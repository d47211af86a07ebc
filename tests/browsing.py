"""What the tests in a browser share: axe, and a browser over Django's test client.

The latter is in the test's transaction, without a server; cookies stay on the client's side.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.db import DEFAULT_DB_ALIAS, connections
from django.test import Client
from playwright.sync_api import Page, Playwright, Route

HOST = "mara.localhost"
# What passes is most of what axe tells: it stays in the browser.
AXE = "([scope, options]) => axe.run(scope || document, options).then(told => told.violations)"
AXE_OPTIONS = {"resultTypes": ["violations"]}


def violations(page: Page, scope: str | dict | None = None) -> list[str]:
    """What axe finds in a page, a line each: the rule, and the first place.

    Args:
        scope: the part to look at, by its selector or as axe's own context; the whole page without it.
    """
    if isinstance(scope, str):
        page.locator(scope).first.wait_for()
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(AXE, [scope, AXE_OPTIONS])
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in found]


@contextmanager
def chromium_page(
    client: Client, playwright: Playwright, *, without: frozenset[str] = frozenset(), **context
) -> Iterator[Page]:
    """A page of Chromium whose every request to the network's hosts is answered by ``client``.

    Args:
        playwright: the fixture of that name, the only one of its process.
        without: kinds of resources that do not come, as Playwright names them.
        context: how the page is opened, as Playwright's ``new_page`` takes it.
    """
    # What answers runs in a context of its own, which would open another connection: one that sees nothing of the
    # test's transaction.
    connection = connections[DEFAULT_DB_ALIAS]
    browser = playwright.chromium.launch(executable_path=os.environ["MARA_CHROMIUM"], args=["--no-sandbox"])
    page = browser.new_page(**context)
    page.route("**/*", lambda route: _answer(route, client, connection, without))
    try:
        yield page
    finally:
        browser.close()


def _answer(route: Route, client: Client, connection, without: frozenset[str]) -> None:
    connections[DEFAULT_DB_ALIAS] = connection
    request, address = route.request, urlsplit(route.request.url)
    is_ours = address.hostname == HOST or address.hostname.endswith(f".{HOST}")
    if not is_ours or request.resource_type in without:
        route.abort()
        return
    if address.path.startswith("/static/"):
        found = finders.find(address.path.removeprefix("/static/"))
        route.fulfill(path=found) if found else route.fulfill(status=404)
        return
    path = f"{address.path}?{address.query}" if address.query else address.path
    headers = {"host": address.hostname, "accept": request.headers.get("accept", "*/*")}
    if request.method == "POST":
        content_type = request.headers.get("content-type", "application/x-www-form-urlencoded")
        response = client.post(path, request.post_data or "", content_type=content_type, headers=headers)
    else:
        response = client.get(path, headers=headers)
    if response.status_code in {301, 302, 303}:
        # Playwright cannot answer with a redirection: the page goes there by itself.
        body = f'<!doctype html><meta http-equiv="refresh" content="0;url={response["Location"]}">'
        route.fulfill(status=200, content_type="text/html", body=body)
        return
    body = b"".join(response.streaming_content) if response.streaming else response.content
    route.fulfill(status=response.status_code, body=body, headers=dict(response.headers))

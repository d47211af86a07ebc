"""A real site in a real browser: the demonstration, served as in production, on a database of its own.

These tests ask nothing of Django in their own process: they see what a visitor sees.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browsing import chromium
from tests.demonstration import GROUP, NATIONAL_HOST, ROOT

READY_SECONDS = 60


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)
            # One worker for all of them: the site is served once.
            item.add_marker(pytest.mark.xdist_group(GROUP))
            if chromium() is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is absent: apt install chromium"))


@dataclass(frozen=True)
class ServedSite:
    """Where the demonstration answers."""

    port: int

    def url(self, code: str = "", path: str = "/") -> str:
        """The address of a path on the national site, or on a groupement's by its code."""
        host = f"{code}.{NATIONAL_HOST}" if code else NATIONAL_HOST
        return f"http://{host}:{self.port}{path}"


@pytest.fixture(scope="session")
def site(demonstration):
    with demonstration.copy(f"browser_{os.getpid()}") as url, (demonstration.folder / "site.log").open("w") as log:
        granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "2"]
        granian += ["--host", "127.0.0.1", "--port", str(demonstration.port), "mara_site.wsgi:application"]
        server = subprocess.Popen(granian, cwd=ROOT, env=demonstration.environment(url), stdout=log, stderr=log)
        try:
            _wait_until_ready(demonstration.port)
            yield ServedSite(demonstration.port)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the site did not start")


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "fr-FR", "timezone_id": "Europe/Paris"}


@pytest.fixture
def sign_in(page, site):
    """Sign in on the national host, as one does from the footer of any site."""
    from demo.constants import PASSWORD

    def fill(email: str) -> None:
        page.goto(site.url(path="/admin/"))
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        page.wait_for_url("**/admin/**")

    return fill

"""A real site in a real browser: the demonstration, served as in production, on a database of its own.

These tests ask nothing of Django in their own process: they see what a visitor sees.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60
NATIONAL_HOST = "mara.localhost"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
# Without these, Chromium keeps asking its maker's servers for updates while the tests run.
QUIET_CHROMIUM = [
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--disable-gpu",
]


def chromium() -> str | None:
    """The path of Chromium, from MARA_CHROMIUM or the machine."""
    found = (shutil.which(name) for name in CHROMIUM_NAMES)
    return os.environ.get("MARA_CHROMIUM") or next(filter(None, found), None)


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.fspath).parents:
            item.add_marker(pytest.mark.browser)
            # One worker for all of them: the site is prepared once.
            item.add_marker(pytest.mark.xdist_group("browser"))
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
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    database = settings.DATABASES["default"]
    parameters = {"user": database["USER"], "host": database["HOST"] or database["OPTIONS"].get("host")}
    parameters = {name: value for name, value in parameters.items() if value}
    name = f"browser_{os.getpid()}"
    with psycopg.connect(dbname="postgres", autocommit=True, **parameters) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield from _serve(folder, f"postgresql://{parameters['user']}@/{name}?host={parameters.get('host', '')}")
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _serve(folder: Path, database_url: str):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "mara_site.settings.demo",
        "DATABASE_URL": database_url,
        "MARA_MEDIA_ROOT": str(folder / "media"),
        "MARA_STATIC_ROOT": str(folder / "static"),
        "MARA_ADMIN_URL": f"http://{NATIONAL_HOST}:{port}",
    }
    with (folder / "site.log").open("w") as log:
        prepare = [sys.executable, "-m", "mara_site.run.prepare", "--port", str(port)]
        subprocess.run(prepare, cwd=ROOT, env=environment, check=True, stdout=log, stderr=log)
        granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "2"]
        granian += ["--host", "127.0.0.1", "--port", str(port), "mara_site.wsgi:application"]
        server = subprocess.Popen(granian, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait_until_ready(port)
            yield ServedSite(port)
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
def browser_type_launch_args(browser_type_launch_args):
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return browser_type_launch_args | {"executable_path": chromium(), "args": [*QUIET_CHROMIUM, *sandbox]}


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

"""A cache before the site that is told of publications (`MARA_FRONT_CACHE`): of which address, when, how many."""

from __future__ import annotations

import http.server
import json
import re
import threading
from urllib.parse import urlsplit

import pytest
from wagtail.contrib.frontend_cache.signal_handlers import (
    page_published_signal_handler,
    page_unpublished_signal_handler,
    register_signal_handlers,
)
from wagtail.models import Page, get_page_models
from wagtail.signals import page_published, page_unpublished

from core.tasks.worker import Worker
from mara_site.run.console import ROOT
from mara_site.settings.tasks import DATABASE, task_place
from tests.factories import pages as page_factory

pytestmark = pytest.mark.django_db


def example() -> dict[str, dict]:
    """The value of `MARA_FRONT_CACHE` that the documentation gives."""
    (row,) = re.findall(r"^\| `MARA_FRONT_CACHE` .*$", (ROOT / "docs" / "env-vars.md").read_text(), re.MULTILINE)
    (value,) = re.findall(r"`(\{.+?\}\})`", row)
    return json.loads(value)


@pytest.fixture
def told(settings, world):
    """What a cache before the site was told to forget, as ``(host, path)``; the site is configured as documented."""
    purged: list[tuple[str, str]] = []

    class Cache(http.server.BaseHTTPRequestHandler):
        def do_PURGE(self) -> None:
            purged.append((self.headers["Host"], self.path))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Cache) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        ((name, documented),) = example().items()
        settings.WAGTAILFRONTENDCACHE = {name: documented | {"LOCATION": f"http://127.0.0.1:{server.server_port}"}}
        settings.TASKS = task_place(DATABASE)
        register_signal_handlers()  # as its application does, which only an installation that has a cache loads
        yield purged
        for model in [Page, *get_page_models()]:
            page_published.disconnect(page_published_signal_handler, sender=model)
            page_unpublished.disconnect(page_unpublished_signal_handler, sender=model)
        server.shutdown()


@pytest.fixture
def work():
    """Have a worker do what waits."""
    worker = Worker()

    def until_nothing_waits() -> None:
        while worker.turn():
            pass

    yield until_nothing_waits
    worker.presence.let_go()


def address(page: Page) -> tuple[str, str]:
    parts = urlsplit(page.full_url)
    return parts.netloc, parts.path


def test_publication__of_a_national_page__is_told_once_whatever_the_number_of_sites_that_show_it(
    world, told, work, visit
):
    guide = page_factory.guide(world.national, "Guide national")
    work()
    told.clear()
    guide.title = "Guide national, corrigé"
    guide.save_revision().publish()
    assert told == [], "whoever publishes does not wait for the cache"
    work()
    assert told == [address(guide)]
    for groupement in (world.a, world.b, world.neighbour):
        inherited = visit(world.host(groupement), address(guide)[1])
        assert "Guide national, corrigé" in inherited.content.decode(), "read there too, and left to its seconds"


def test_publication__of_a_groupement__is_told_on_its_own_host_only(world, told, work):
    guide = page_factory.guide(world.home(world.a), "Guide de A")
    work()
    told.clear()
    guide.save_revision().publish()
    work()
    assert told == [address(guide)]
    assert told[0][0] == world.host(world.a)


def test_withdrawal__of_a_page__is_told(world, told, work):
    guide = page_factory.guide(world.home(world.a), "Guide de A")
    gone = address(guide)
    work()
    told.clear()
    guide.unpublish()
    work()
    assert told == [gone]


def test_draft__kept__tells_nothing(world, told, work):
    guide = page_factory.guide(world.national, "Guide national")
    work()
    told.clear()
    guide.save_revision()
    work()
    assert told == []

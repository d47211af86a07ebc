"""Fixtures that every test may ask for. ``world`` is the usual one: two groupements and the nation."""

from __future__ import annotations

import gc
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import hypothesis
import pytest
from django.db import connection
from django.template import Template
from django.test import Client

from tests.browsing import browser_type_launch_args  # noqa: F401 - a fixture of pytest-playwright, ours for all
from tests.demonstration import demonstration  # noqa: F401 - a fixture for the browser's tests and the loader's
from tests.factories import world as world_module
from tests.helpers import variables_kept

# Playwright leaves its event loop open to the end of the run, in the thread that other tests then use too; Django
# would take what they ask of the database for a mistake.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# A busy machine is no fault of the project's: how long an example takes decides nothing. The examples are the same
# each time, so that a run tells of the change that it tries and of nothing else; the profile "chance" draws others.
untimed = hypothesis.settings(deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("chance", untimed)
hypothesis.settings.register_profile("same", untimed, derandomize=True)
hypothesis.settings.load_profile("same")


# Begun before the others: a process that began one of them among the last would end alone.
LONGEST = ("tests/stored_xss/", "tests/isolation/test_matrix.py", "tests/users/test_browser.py")

# Before Django's tests replace it.
RENDER = Template._render


@pytest.hookimpl(tryfirst=True)  # pytest-django then puts last those that commit
def pytest_collection_modifyitems(items):
    """Begin with the longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_collection_finish(session):
    """Refuse to go on where the tests that share something costly would each build it on both workers."""
    if hasattr(session.config, "workerinput"):
        grouped = [item for item in session.items if item.get_closest_marker("xdist_group")]
        if loose := [item.nodeid for item in grouped if "@" not in item.nodeid]:
            raise pytest.UsageError(f"pytest-xdist does not see its groups: {loose[0]}")
    # What is loaded stays to the end: nobody looks again and again for what of it could be thrown away.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def _as_served(django_test_environment):
    """Draw templates as the site does: Django's tests copy all the variables of each, which few tests ask for."""
    Template._render = RENDER


@pytest.fixture
def contexts():
    """For tests that read ``response.context``."""
    with variables_kept():
        yield


LEFT = """
    SELECT pid, backend_type || ', ' || coalesce(state, '') || ': ' || left(query, 200) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def _end_what_is_left() -> list[str]:
    """End the sessions that hold the run's database, for it to be dropped, and tell what each did last."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT)
        left = cursor.fetchall()
        for pid, _told in left:
            cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
    return [told for _pid, told in left]


def pytest_testnodedown(node, error):
    """Have the run say which sessions a process left: the test that forgot one is to be mended, the others passed."""
    for told in getattr(node, "workeroutput", {}).get("left", []):
        sys.stderr.write(f"{node.gateway.id}: a session was left open: {told}\n")


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_setup, django_db_blocker):
    """Build the world once for the run, below every test's own transaction."""
    from wagtail.models import Site

    from resources.index import following

    with django_db_blocker.unblock():
        if not Site.objects.filter(hostname=world_module.NATIONAL_HOST).exists():
            world_module.build()
            following.follow()
    yield
    with django_db_blocker.unblock():
        if left := _end_what_is_left():
            getattr(request.config, "workeroutput", {})["left"] = left


@pytest.fixture
def world(db):
    return world_module.load()


@pytest.fixture
def elsewhere(django_db_setup, django_db_blocker):
    """Run something on a connection of its own, outside the test's transaction, and give what it returned."""

    def run(action):
        def work():
            try:
                return action()
            finally:
                connection.close()

        with django_db_blocker.unblock(), ThreadPoolExecutor(1) as pool:
            return pool.submit(work).result()

    return run


@pytest.fixture(autouse=True)
def _fresh_caches():
    """No test reads what another one cached, nor reads twice on a slow machine what it would read once."""
    from django.core.cache import cache

    from core import limits
    from regions import root_paths
    from resources.index import local, spelling, synonyms

    cache.clear()
    for module in (local, spelling, synonyms, limits, root_paths):
        module.forget()
    # Not by the fixture monkeypatch: tests count on it to be taken back before what they use themselves.
    with mock.patch.object(root_paths, "BELIEVED_FOR", 3600):
        yield


@pytest.fixture
def visit(db):
    """Fetch an address as an anonymous visitor: ``visit(host, path)``."""

    def fetch(host: str, path: str = "/", **extra):
        return Client(headers={"host": host}).get(path, **extra)

    return fetch


@pytest.fixture
def signed_in(world):
    """A client signed in as one of the world's people, on the national host, where one edits."""

    def sign_in(name: str) -> Client:
        client = Client(headers={"host": world.national_host})
        client.force_login(world.people[name])
        return client

    return sign_in

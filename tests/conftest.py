"""Fixtures that every test may ask for. ``world`` is the usual one: two groupements and the nation."""

from __future__ import annotations

import gc
import os

import hypothesis
import pytest
from django.template import Template
from django.test import Client

from tests.demonstration import demonstration  # noqa: F401 - a fixture for the browser's tests and the loader's
from tests.factories import world as world_module
from tests.helpers import variables_kept

# Playwright leaves its event loop open to the end of the run, in the thread that other tests then use too; Django
# would take what they ask of the database for a mistake.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# A busy machine is no fault of the project's: how long an example takes decides nothing.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")


# Before Django's tests replace it.
RENDER = Template._render


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


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Build the world once for the run, below every test's own transaction."""
    from wagtail.models import Site

    from resources.index import following

    with django_db_blocker.unblock():
        if not Site.objects.filter(hostname=world_module.NATIONAL_HOST).exists():
            world_module.build()
            following.follow()


@pytest.fixture
def world(db):
    return world_module.load()


@pytest.fixture(autouse=True)
def _fresh_caches():
    """No test reads what another one cached."""
    from django.core.cache import cache

    from core import limits
    from regions import root_paths
    from resources.index import local, spelling, synonyms

    cache.clear()
    for module in (local, spelling, synonyms, limits, root_paths):
        module.forget()


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

"""The page cache, turned on for the tests of this folder that ask for it."""

from __future__ import annotations

import pytest
from django.core.cache import caches

from core.page_cache import generation, keeping
from tests.visiting import MEMORY, Visitors, use


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch):
    """On a busy machine a second passes between two pages, or while one is made: here it never does by itself."""
    monkeypatch.setattr(generation, "READ_EVERY", 3600.0)
    yield
    generation.forget()


@pytest.fixture
def visitors(settings):
    use(settings, MEMORY)
    caches["pages"].clear()
    yield Visitors()
    caches["pages"].clear()
    keeping.expect_again()

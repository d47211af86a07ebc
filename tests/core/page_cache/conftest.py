"""The page cache, turned on for the tests of this folder that ask for it."""

from __future__ import annotations

import pytest
from django.core.cache import caches

from core.page_cache import generation, keeping
from tests.visiting import MEMORY, Visitors, use


@pytest.fixture
def visitors(settings):
    use(settings, MEMORY)
    caches["pages"].clear()
    yield Visitors()
    caches["pages"].clear()
    generation.forget()
    keeping.expect_again()

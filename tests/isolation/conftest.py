"""The ground of the matrix, laid once for each module and taken away after it."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import transaction

from tests.factories import world as world_module
from tests.isolation.matrix import ground as ground_module


@pytest.fixture(scope="module")
def ground(django_db_setup, django_db_blocker):
    """Estates of two groupements and the nation, in a transaction that is never committed."""
    with django_db_blocker.unblock():
        cache.clear()
        with transaction.atomic():
            world = world_module.load()
            yield world, ground_module.lay(world)
            transaction.set_rollback(True)
        cache.clear()

"""Kept tasks, as in production."""

from __future__ import annotations

import pytest

from mara_site.settings.tasks import DATABASE, task_place
from tests.core.tasks import samples


@pytest.fixture
def kept(settings):
    settings.TASKS = task_place(DATABASE)
    samples.done.clear()
    samples.failing.clear()

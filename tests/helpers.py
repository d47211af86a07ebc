"""What several tests share."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest import mock

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.template import Template
from django.test.utils import CaptureQueriesContext, instrumented_test_render

from mara_site.settings import base
from regions import root_paths


class Clock:
    """Stands for the module ``time`` where something waits: time passes by waiting only, on a busy machine too."""

    def __init__(self) -> None:
        self.begun, self.waited = time.time(), 0.0

    def monotonic(self) -> float:
        return self.time()

    def time(self) -> float:
        return self.begun + self.waited

    def sleep(self, seconds: float) -> None:
        self.waited += seconds

    def now(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.time(), dt.UTC)


def count_queries(action: Callable[[], object]) -> int:
    """Run ``action`` from cold caches and return how many queries it made."""
    cache.clear()
    root_paths.forget()
    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured)


def assert_flat_queries(action: Callable[[], object], grow: Callable[[], object]) -> int:
    """Check that ``action`` makes the same number of queries after ``grow`` as before; return that number."""
    before = count_queries(action)
    grow()
    after = count_queries(action)
    assert after == before, f"{before} queries before, {after} after growing"
    return after


def count_in_database(settings) -> None:
    """Keep in the database what production keeps there: the tests keep it in memory."""
    settings.CACHES = settings.CACHES | {"default": base.CACHES["default"]}
    call_command("createcachetable", verbosity=0)


@contextmanager
def variables_kept() -> Iterator[None]:
    """Have answers keep the variables of their templates, as ``response.context``: left out elsewhere, it is long."""
    with mock.patch.object(Template, "_render", instrumented_test_render):
        yield


def page_html(response) -> str:
    """The text of a page that was served properly."""
    assert response.status_code == 200, f"{response.status_code}: {response.content[:200]!r}"
    return response.content.decode()

"""What the anchors measure is what they say: from cleared caches, a page that was served."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from benchmarks.anchors import __main__ as anchors
from benchmarks.anchors import child, products


@pytest.fixture
def handler(world):
    """A handler that leaves the connection, and the test's transaction in it, as Django's test client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in signals:
        signal.connect(close_old_connections)


def test_asked__for_a_page__clears_the_caches_before_each_request(world, handler):
    cache.set("kept", True)
    found = child.asked(handler, world.national_host, "/", {}, times=3, count=False)
    assert len(found["cpu"]) == 3
    assert min(found["cpu"]) > 0
    assert not cache.get("kept")


def test_asked__to_count__tells_queries_and_bytes_from_cold(world, handler):
    first, second = (child.asked(handler, world.national_host, "/", {}, times=0, count=True) for _time in range(2))
    assert first == second
    assert first["queries"] > 0
    assert first["bytes"] > 5000


def test_asked__for_a_page_whose_caches_are_kept__clears_none(world, handler):
    cache.set("kept", True)
    found = child.asked(handler, world.national_host, "/", {}, times=2, count=False, kept=True)
    assert len(found["cpu"]) == 2
    assert cache.get("kept")
    child.asked(handler, world.national_host, "/", {}, times=0, count=True, kept=True)
    assert cache.get("kept")


def test_asked__for_a_page_that_is_not_there__fails(world, handler):
    with pytest.raises(AssertionError, match="404"):
        child.asked(handler, world.national_host, "/nulle-part/", {}, times=1, count=False)


def test_rounds__of_two_products__ask_every_page_and_begin_with_another_each_time():
    order: list[str] = []

    def process(name: str):
        def ask(page, *, times):
            order.append(name)
            return {"cpu": [1.0, 3.0]}

        return SimpleNamespace(product=SimpleNamespace(name=name), ask=ask)

    page = products.Page("home", "/")
    found = anchors.rounds([(process("ours"), page), (process("theirs"), page)], many=2, times=2)
    assert found == {("ours", "home"): [2.0, 2.0], ("theirs", "home"): [2.0, 2.0]}
    assert order == ["ours", "theirs", "theirs", "ours"]


def test_bakerydemo__from_a_folder_that_is_not_its_checkout__says_what_is_missing(tmp_path):
    with pytest.raises(SystemExit, match=r"not a checkout of bakerydemo: no .*bakerydemo\.json"):
        products.bakerydemo(tmp_path)

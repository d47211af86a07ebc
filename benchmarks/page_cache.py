"""What a page given again costs, in the application, beside a bare Django view that answers the same bytes.

    .venv/bin/python -m benchmarks.page_cache

Production's middleware, one process, CPU of that process (neither PostgreSQL nor Redis is in it), rounds interleaved. The
bare view has no middleware at all, and writes no line in the journal: of a hit both are told, with that line and without.
Of a store elsewhere, what the process has from it already, and what it asks it for. Redis is measured where a redis-server is installed. A measure, never a test.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import types
from collections.abc import Iterator

from benchmarks.stage import load, say, scratch_site, table

ROUNDS, TIMES, MADE = 9, 300, 5
MEMORY = {"BACKEND": "core.page_cache.store.PageMemory", "LOCATION": "bench"}
DATABASE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "bench_pages"}
OFF = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}


def main() -> None:
    with scratch_site() as folder, redis_server() as redis:
        from django.conf import settings
        from django.test.utils import override_settings

        from mara_site.settings.base import MIDDLEWARE
        from tests.factories import world as world_module

        world_module.build()
        host = world_module.load().a.site.hostname
        (folder / "static").mkdir()
        with override_settings(MIDDLEWARE=MIDDLEWARE, STATIC_ROOT=str(folder / "static"), DEBUG=False):
            stores = {"memory": MEMORY, "database": DATABASE} | ({"Redis": redis} if redis else {})
            measure(host, stores, settings, override_settings)


def measure(host: str, stores: dict, settings, override_settings) -> None:
    from django.core.cache import caches
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.management import call_command

    from benchmarks.asking import Visitor, interleaved, ratio
    from core.page_cache import keeping

    visitors = {}
    for name, store in {"made each time": OFF, **stores}.items():
        with override_settings(CACHES=settings.CACHES | {"pages": store}):
            if store is DATABASE:
                call_command("createcachetable", verbosity=0)
            visitors[name] = (Visitor(WSGIHandler(), host, "/"), store)
    body = visitors["made each time"][0].get()
    with override_settings(ROOT_URLCONF=bare_urls(body), MIDDLEWARE=[]):
        bare = Visitor(WSGIHandler(), host, "/")

    def ask(visitor, store, *, first: bool = False):
        def action():
            with override_settings(CACHES=settings.CACHES | {"pages": store}):
                caches["pages"]  # made before it is measured
                for _time in range(TIMES):
                    if first:
                        keeping.expect_again()
                    visitor.get()

        return action

    def ask_with_its_line():
        with journal():
            ask(*visitors["memory"])()

    def ask_bare():
        with override_settings(ROOT_URLCONF="bare_urls"):
            for _time in range(TIMES):
                bare.get()

    actions = {"bare Django view": ask_bare}
    for name, (visitor, store) in visitors.items():
        if store not in (OFF, MEMORY):
            actions[f"hit, asked of {name}"] = ask(visitor, store, first=True)
        if store is not OFF:
            actions[f"hit, {name}"] = ask(visitor, store)
    actions["hit, memory, with its line in the journal"] = ask_with_its_line
    say(load())
    found = interleaved(actions, rounds=ROUNDS, times=1)
    per_request = {name: [value / TIMES for value in values] for name, values in found.items()}
    with override_settings(CACHES=settings.CACHES | {"pages": OFF}):
        made = visitors["made each time"][0]
        per_request |= interleaved({"made each time": made.get}, rounds=ROUNDS, times=MADE)
    base = per_request["bare Django view"]
    rows = [
        [name, f"{statistics.median(values) * 1000:.0f}", f"{min(values) * 1000:.0f}", ratio(values, base)]
        for name, values in per_request.items()
    ]
    say(f"a groupement's home, {len(body) / 1000:.0f} kB")
    table(["answer", "CPU µs, median", "least", "times a bare view"], rows)
    say(load())


@contextlib.contextmanager
def journal() -> Iterator[None]:
    """Production's journal of requests, written nowhere."""
    from mara_site.hosting.logs.formatter import JsonFormatter
    from mara_site.hosting.logs.requests import access

    with open(os.devnull, "w") as nowhere:
        handler = logging.StreamHandler(nowhere)
        handler.setFormatter(JsonFormatter())
        access.addHandler(handler)
        access.propagate = False
        access.setLevel(logging.INFO)
        try:
            yield
        finally:
            access.removeHandler(handler)
            access.propagate = True
            access.setLevel(logging.NOTSET)


def bare_urls(body: bytes) -> str:
    """A module of addresses with one view that answers these bytes."""
    from django.http import HttpResponse
    from django.urls import path

    module = types.ModuleType("bare_urls")
    module.urlpatterns = [path("", lambda request: HttpResponse(body))]
    sys.modules["bare_urls"] = module
    return "bare_urls"


@contextlib.contextmanager
def redis_server() -> Iterator[dict | None]:
    """A Redis of its own on a socket; ``None`` where there is no redis-server."""
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="mara-redis-") as folder:
        command = [program, "--port", "0", "--unixsocket", f"{folder}/redis", "--save", "", "--dir", folder]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1)
        try:
            yield {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": f"unix://{folder}/redis"}
        finally:
            server.terminate()
            server.wait(timeout=10)


if __name__ == "__main__":
    main()

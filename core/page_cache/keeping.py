"""Where made pages are kept: any cache of Django. The site works as well without it, only slower.

A store outside this process (Redis, the database) is asked for a page once: it is then given from here while it is
what would be made now, which its number tells as well here as there.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, NamedTuple

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.http import HttpRequest, HttpResponse
from django.http.response import ResponseHeaders

from core.page_cache.store import PageMemory

logger = logging.getLogger(__name__)

ALIAS = "pages"
# A page past its time is not given any more, unless nothing can be made: the database is away.
KEPT_FOR_BAD_DAYS = 24 * 3600  # seconds
# After a fault of the cache, how long it is left alone: nobody waits for it in vain.
LEFT_ALONE = 5.0  # seconds
LONGEST_QUERY = 300  # characters
LARGEST = 2 * 1024 * 1024  # bytes
ROOT = Path(__file__).resolve().parents[2]
_CODE = (".py", ".html", ".txt", ".mo", ".css", ".js")
_NOT_CODE = ("docs", "tests", "benchmarks", "var")

_near = PageMemory("near", {"OPTIONS": {"MAX_ENTRIES": 300}})  # of some 40 kB, in each process
_away_until = 0.0


class KeptPage(NamedTuple):
    """An answer as it was made, and what it was made from.

    Attributes:
        generation: what was public when it was made.
        made_at, fresh_until: seconds of the clock.
        etag: its strong entity tag, quotes included (RFC 9110, 8.8.3).
    """

    generation: int
    made_at: float
    fresh_until: float
    etag: str
    headers: dict[str, str]
    body: bytes

    def is_fresh(self, generation: int | None, now: float) -> bool:
        """Whether it is what would be made now."""
        return self.generation == generation and self.made_at <= now < self.fresh_until

    def response(self) -> HttpResponse:
        """The answer, new each time."""
        return KeptResponse(self)


class KeptHeaders(ResponseHeaders):
    """Headers that were checked when the page was made: not one by one again."""

    def __init__(self, checked: Mapping[str, str]) -> None:
        self._store = {name.lower(): (name, value) for name, value in checked.items()}


class KeptResponse(HttpResponse):
    """A kept page, given again: a third of the time that Django takes to make an answer.

    What ``HttpResponseBase.__init__`` leaves on an answer, ready: a test compares the two.
    """

    def __init__(self, page: KeptPage) -> None:
        self.headers = KeptHeaders(page.headers)
        self._container = [page.body]
        self._charset = self._reason_phrase = self._handler_class = None
        self._resource_closers: list = []
        self.cookies = SimpleCookie()
        self.closed = False


def key_of(request: HttpRequest) -> str | None:
    """Under what the answer to a request is kept: scheme, host, path, query string, and the code that made it.

    ``None`` when it is not to be kept: the query string is beyond what our pages write.
    """
    query = request.META.get("QUERY_STRING", "")
    if len(query) > LONGEST_QUERY:
        return None
    host = request.META.get("HTTP_HOST", "").lower()
    address = "\n".join((code_print(), request.scheme or "", host, request.path, query))
    # Short: Django looks at each character of a key.
    return hashlib.blake2b(address.encode(), digest_size=20).hexdigest()


def find(key: str, number: int | None, now: float) -> KeptPage | None:
    """The page kept under a key, fresh or not.

    Args:
        number, now: the generation and the moment for which one from this process must be fresh.
    """
    here = _near.get(key)
    if here is not None and here.is_fresh(number, now):
        return here
    kept = _try(lambda store: store.get(key))
    if isinstance(kept, KeptPage):
        _keep_near(key, kept)
        return kept
    return here if _is_away() else None


def keep(key: str, page: KeptPage) -> bool:
    """Keep a page; tell whether it is, here or in the cache."""

    def put(store: BaseCache) -> bool:
        store.set(key, page, KEPT_FOR_BAD_DAYS)
        return True

    is_here = _keep_near(key, page)
    return bool(_try(put)) or is_here


def drop(key: str) -> None:
    """Keep no more what an address answers."""
    _near.delete(key)
    _try(lambda store: store.delete(key))


def _keep_near(key: str, page: KeptPage) -> bool:
    """Keep a page in this process too, unless the store is nowhere else."""
    if isinstance(caches[ALIAS], PageMemory):
        return False
    _near.set(key, page, KEPT_FOR_BAD_DAYS)
    return True


def _try(action: Callable[[BaseCache], Any]) -> Any:
    """What an action on the cache gives; ``None`` when the cache is away."""
    global _away_until
    if _is_away():
        return None
    try:
        return action(caches[ALIAS])
    except Exception as error:  # noqa: BLE001 - each kind of cache has errors of its own, and a page is worth more
        _away_until = time.monotonic() + LEFT_ALONE
        logger.warning("the page cache does not answer (%s): each process keeps its own", type(error).__name__)
        return None


def _is_away() -> bool:
    return time.monotonic() < _away_until


def expect_again() -> None:
    """Ask the cache again at once and for each page, whatever it did before."""
    global _away_until
    _near.clear()
    _away_until = 0.0


@cache
def code_print() -> str:
    """A digest of our files, so that a new version never gives what the old one made. Read once in a process."""
    digest = hashlib.sha256()
    rooms = [path for path in ROOT.iterdir() if path.is_dir() and path.name not in _NOT_CODE and path.name[0] != "."]
    for room in sorted(rooms):
        for path in sorted(found for found in room.rglob("*") if found.suffix in _CODE):
            known = path.stat()
            digest.update(f"{path.relative_to(ROOT)}:{known.st_size}:{known.st_mtime_ns};".encode())
    return digest.hexdigest()[:12]

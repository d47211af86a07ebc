"""The number of what is public now, as this process last read it."""

from __future__ import annotations

import logging
import threading
import time
from typing import NamedTuple

from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.db import DatabaseError, close_old_connections, connection

from core.page_cache.keeping import ALIAS

logger = logging.getLogger(__name__)

# How old the number may be: part of the five seconds in which a change is seen everywhere.
READ_EVERY = 1.0  # seconds
# How often it is read when nobody asks for a page, so that what was taken away is known when the database leaves.
WATCHED_EVERY = 5.0  # seconds
# What was read longer before the database left says nothing of what was taken away meanwhile.
KNOWN_FOR = 15.0  # seconds
_SQL = "SELECT number, withdrawn FROM core_publicgeneration WHERE id = 1"


class Seen(NamedTuple):
    """What the database last said.

    Attributes:
        number: what is public.
        withdrawn: what was public just after something was last taken away from visitors.
        at: when it was read, by the process's own clock, in seconds.
    """

    number: int
    withdrawn: int | None
    at: float


# What was read, and until when it is believed, by the process's own clock. Replaced whole: threads share it.
_last: tuple[int | None, float] = (None, 0.0)
_seen: Seen | None = None
_away_since: float | None = None


def current() -> int | None:
    """The generation: one query a second at most. ``None`` while the database does not answer.

    It may be a second old. What is made after reading it is at least as new as it says; so that keeping a page under
    it never keeps something older, and a page kept under a number that has moved is not given again.
    """
    global _last
    number, until = _last
    now = time.monotonic()
    if now < until:
        return number
    number = _read()
    _last = (number, now + READ_EVERY)
    return number


def outlives(number: int) -> bool:
    """Whether a page made under a number may be given while the database is away: nothing was taken away since.

    When that is not known (the process has just begun, or had read nothing for a while), it may not.
    """
    if _seen is None or _seen.withdrawn is None:
        return False
    away_since = time.monotonic() if _away_since is None else _away_since
    return away_since - _seen.at <= KNOWN_FOR and _seen.withdrawn <= number <= _seen.number


def forget() -> None:
    """Read it again next time: this process may just have changed something."""
    global _last
    _last = (None, 0.0)


def watch() -> threading.Event:
    """Go on reading it while nobody asks for a page, in a thread of a server's process; give what ends it.

    Where no page is kept, nothing is read.
    """
    over = threading.Event()
    if isinstance(caches[ALIAS], DummyCache):
        return over

    def look() -> None:
        while not over.wait(WATCHED_EVERY):
            close_old_connections()
            current()
        connection.close()

    threading.Thread(target=look, name="public-generation", daemon=True).start()
    return over


def _read() -> int | None:
    global _seen, _away_since
    try:
        with connection.cursor() as cursor:
            cursor.execute(_SQL)
            row = cursor.fetchone()
    except DatabaseError:
        _away_since = _away_since or time.monotonic()
        logger.warning("the database does not say what is public now: kept pages are given as they are")
        return None
    _away_since = None
    if row is None:
        return None
    _seen = Seen(*row, at=time.monotonic())
    return _seen.number

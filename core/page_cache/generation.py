"""The number of what is public now, as this process last read it."""

from __future__ import annotations

import logging
import time

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)

# How old the number may be: part of the five seconds in which a change is seen everywhere.
READ_EVERY = 1.0  # seconds
_SQL = "SELECT number FROM core_publicgeneration WHERE id = 1"

# What was read, and until when it is believed, by the process's own clock. Replaced whole: threads share it.
_last: tuple[int | None, float] = (None, 0.0)


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


def forget() -> None:
    """Read it again next time: this process may just have changed something."""
    global _last
    _last = (None, 0.0)


def _read() -> int | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(_SQL)
            row = cursor.fetchone()
    except DatabaseError:
        logger.warning("the database does not say what is public now: kept pages are given as they are")
        return None
    return row[0] if row else None

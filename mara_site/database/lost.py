"""A database that restarts is waited for: what is read is made again, and what is sent begins once it is there."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable

import psycopg
from django.core.signals import got_request_exception
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from regions.middleware import HEALTH_PATHS

logger = logging.getLogger(__name__)

SAFE = frozenset({"GET", "HEAD"})
# How long a database that left is waited for. With the making of a page, a reader has an answer in three seconds.
PATIENCE = 2.3  # seconds
MOST_TRIES = 3  # a page that loses its connection each time is itself at fault
PAUSE = 0.1  # seconds between two tries
# Failures further apart than this are not of one absence.
SILENCE = 5.0  # seconds
FORGED = 120.0  # seconds that no front server lets a request wait
RETRY_AFTER = 5  # seconds, told to browsers and to watchers
# SQLSTATE of a server that ends or begins; class 08 is that of connections (PostgreSQL, appendix A).
_ENDING = frozenset({"57P01", "57P02", "57P03"})
_LOST = "_mara_database_lost"


def is_lost(error: BaseException | None) -> bool:
    """Whether an error says that the database was not reached, or left: not that it refused what was asked of it."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith("08") or state in _ENDING


class Absence:
    """Since when the database is away, as this process saw it: nobody waits long for what has been away for long."""

    def __init__(self) -> None:
        self._begun = self._seen = float("-inf")

    def seen(self) -> None:
        """Note that it did not answer."""
        now = time.monotonic()
        if now - self._seen > SILENCE:
            self._begun = now
            logger.warning("the database does not answer: waited for")
        self._seen = now

    def over(self) -> None:
        """Note that it answers again."""
        self._seen = float("-inf")

    @property
    def lasts(self) -> bool:
        """Whether it did not answer a moment ago."""
        return time.monotonic() - self._seen <= SILENCE

    def is_worth_waiting(self) -> bool:
        """Whether it may still be back in time for whoever asks."""
        return time.monotonic() - self._begun < PATIENCE


absence = Absence()


class LostDatabaseMiddleware:
    """Makes again, for a bounded time, a page whose making lost the database; says in words that it stays away.

    GET and HEAD alone are made again, from the beginning: nothing of them was sent yet. Whatever writes is never done
    twice: it waits, before it begins, until the database is there. Inside the page cache, which has older pages.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        got_request_exception.connect(_note, dispatch_uid="mara_site.database.lost")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in HEALTH_PATHS:  # they tell of the database themselves
            return self.get_response(request)
        is_safe = request.method in SAFE
        until = time.monotonic() + PATIENCE - waited(request)
        if (absence.lasts or not is_safe) and not _is_there(until):
            return away(request)
        untouched = dict(request.__dict__)
        for _try in range(MOST_TRIES if is_safe else 1):
            # What a try before left on the request, a half-read site or session, is not this one's.
            request.__dict__.clear()
            request.__dict__.update(untouched)
            response = self.get_response(request)
            if not getattr(request, _LOST, False):
                return response
            _let_go()
            if is_safe and not _is_there(until):
                break
        return away(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Stop the error of a view here: it is told once, not at each try."""
        if not is_lost(error):
            return None
        _mark(request)
        return HttpResponse(status=500)  # seen by nobody; middleware further out saves nothing of a failure


def waited(request: HttpRequest) -> float:
    """Seconds that another instance took over this request before it was handed to us, as the front server says."""
    try:
        passed = time.time() - float(request.META.get("HTTP_X_REQUEST_START", ""))
    except ValueError:
        return 0.0
    return min(passed, PATIENCE) if 0 < passed < FORGED else 0.0


def _is_there(until: float) -> bool:
    """Whether the database answers, waited for. Costs nothing where a connection is known to live."""
    connection = connections[DEFAULT_DB_ALIAS]
    while True:
        try:
            connection.close_if_health_check_failed()
            connection.ensure_connection()
        except (DatabaseError, InterfaceError) as error:
            if not is_lost(error):
                return True  # whoever asks something of it is told what is wrong
            absence.seen()
            is_slow = isinstance(error.__cause__, psycopg.errors.ConnectionTimeout)
            if is_slow or time.monotonic() > until or not absence.is_worth_waiting():
                return False
            time.sleep(PAUSE)
        else:
            absence.over()
            return True


def away(request: HttpRequest) -> HttpResponse:
    """What is told meanwhile: 503 (RFC 9110, 15.6.4), when to come back, and that nothing typed is lost."""
    response = render(None, "503.html", {"was_sent": request.method not in SAFE}, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    response.headers["Cache-Control"] = "no-store"
    return response


def _note(sender, request: HttpRequest | None = None, **kwargs) -> None:
    """Of an error that a middleware let through, while Django answers it."""
    if request is not None and is_lost(sys.exc_info()[1]):
        _mark(request)


def _mark(request: HttpRequest) -> None:
    setattr(request, _LOST, True)
    absence.seen()


def _let_go() -> None:
    """Close connections that failed: the next query opens another."""
    for connection in connections.all(initialized_only=True):
        connection.close_if_unusable_or_obsolete()

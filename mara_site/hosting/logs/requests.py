"""The number of each request, in the journal and in its answer."""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9_-]{8,64}")
# What watchers ask every few seconds tells nothing.
UNTOLD = ("/sante/", "/pret/")

access = logging.getLogger("mara.access")
_current: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """The number of the request being answered, empty outside a request."""
    return _current.get()


def route_of(request: HttpRequest) -> str:
    """The address as it is declared, without the keys and words that people's addresses carry."""
    match = getattr(request, "resolver_match", None)
    return match.route if match else "?"


class RequestIdMiddleware:
    """Give each request a number: the front server's if it is sane, else a new one; tell it in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")  # request.headers reads them all
        number = given if SANE.fullmatch(given) else os.urandom(16).hex()
        token = _current.set(number)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers[HEADER] = number
            if access.isEnabledFor(logging.INFO) and request.path_info not in UNTOLD:
                access.info("request", extra={"told": self._line(request, response, started)})
            return response
        finally:
            _current.reset(token)

    def _line(self, request: HttpRequest, response: HttpResponse, started: float) -> dict:
        line = {
            "method": request.method,
            "route": route_of(request),
            "status": response.status_code,
            "ms": round(1000 * (time.perf_counter() - started)),
        }
        # Only the address of a page that exists: any other is whatever somebody typed.
        match = request.resolver_match
        if match and match.url_name == "wagtail_serve" and response.status_code < 400:
            line |= {"site": request.get_host(), "path": request.path}
        return line

"""Gives visitors the pages already made, before anything else is asked of the site.

A hit costs little more than a bare view: what every answer needs (protections, HTTPS) is further in, and kept with it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from core.page_cache import generation, keeping, sharing

SAFE = ("GET", "HEAD")
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE")
# RFC 9211: what this cache did with the request.
STATUS_HEADER = "Cache-Status"
NAME = "mara"


class PageCacheMiddleware:
    """Answers visitors from what is kept; keeps what a view offers. Before sessions, sites and languages.

    The generation is read before a page is made, and the page is kept under that number: a change while it is made
    moves the number, and the page is not given again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if isinstance(caches[keeping.ALIAS], DummyCache):
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE:
            response = self.get_response(request)
            generation.forget()  # whoever sent a form and looks at the page sees it changed
            return response
        is_file = request.path_info.startswith(settings.STATIC_URL)
        key = None if is_file or not sharing.is_visitor(request) else keeping.key_of(request)
        if key is None:
            return self.get_response(request)
        number, now = generation.current(), time.time()
        kept = keeping.find(key, number, now)
        if kept is not None and kept.is_fresh(number, now):
            return _answer(request, kept, f"hit; ttl={kept.fresh_until - now:.0f}; age={now - kept.made_at:.0f}")
        if kept is not None and number is None and generation.outlives(kept.generation):
            return _stale(request, kept, now)
        response = self.get_response(request)
        if response.status_code >= 500 and kept is not None and _may_replace(kept, number):
            return _stale(request, kept, now)
        if sharing.may_be_kept(request, response):
            return self._keep(request, response, key, number)
        if kept is not None and response.status_code < 500:
            keeping.drop(key)
        if sharing.says_gone(response):
            response.headers["Cache-Control"] = gone_cache_control()
        return response

    def _keep(self, request: HttpRequest, response: HttpResponse, key: str, number: int | None) -> HttpResponse:
        """Keep an answer as it leaves, and give it."""
        now = time.time()
        etag = response.get("ETag") or f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        del response.headers["Vary"]
        response.headers["ETag"], response.headers["Cache-Control"] = etag, cache_control()
        stored = False
        if number is not None and request.method == "GET":
            fresh_until = now + settings.MARA_PAGE_CACHE_SECONDS
            page = keeping.KeptPage(number, now, fresh_until, etag, dict(response.items()), response.content)
            stored = keeping.keep(key, page)
        return _conditional(request, response, etag, "fwd=miss; stored" if stored else "fwd=miss")


def cache_control() -> str:
    """How long caches before us keep a page: browsers ask each time; a front server, a few seconds.

    With the second for which a process believes the generation, a change is seen in five seconds everywhere.
    """
    seconds = settings.MARA_PAGE_CACHE_SHARED_SECONDS
    return (
        f"public, max-age=0, s-maxage={seconds}, stale-while-revalidate={seconds}"
        f", stale-if-error={keeping.KEPT_FOR_BAD_DAYS}"
    )


def gone_cache_control() -> str:
    """How long caches before us keep that a page is not there. They must: it takes the place of the page."""
    return f"public, max-age=0, s-maxage={settings.MARA_PAGE_CACHE_SHARED_SECONDS}"


def _may_replace(kept: keeping.KeptPage, number: int | None) -> bool:
    """Whether the page kept may be given for one that could not be made: by a fault, or for the database left."""
    if kept.generation == number:
        return True
    generation.forget()
    return generation.current() is None and generation.outlives(kept.generation)


def _stale(request: HttpRequest, kept: keeping.KeptPage, now: float) -> HttpResponse:
    """What was made before, and how long before: nothing better can be had."""
    age = max(0, int(now - kept.made_at))
    response = _answer(request, kept, f"hit; ttl={kept.fresh_until - now:.0f}; age={age}; detail=stale")
    response.headers["Age"] = str(age)
    return response


def _answer(request: HttpRequest, kept: keeping.KeptPage, status: str) -> HttpResponse:
    return _conditional(request, kept.response(), kept.etag, status)


def _conditional(request: HttpRequest, response: HttpResponse, etag: str, status: str) -> HttpResponse:
    """The answer, or 304 for whoever has it already."""
    if not request.META.keys().isdisjoint(CONDITIONS):
        response = _unless_known(request, response, etag)
    response.headers[STATUS_HEADER] = f"{NAME}; {status}"
    return response


def _unless_known(request: HttpRequest, response: HttpResponse, etag: str) -> HttpResponse:
    """The answer to a request that says what it has: 304, with the same protections, or the page whole."""
    conditional = get_conditional_response(request, etag=etag, response=response)
    if conditional.status_code == 304:
        for name, value in response.items():
            if not name.startswith("Content-") or name == "Content-Security-Policy":
                conditional.headers.setdefault(name, value)
    return conditional

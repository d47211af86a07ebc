"""How often one network may ask for what is long to make: searches, exports, files laid out on paper.

Counted in this process's memory, for a minute: a reading costs no query for it, nobody is shut out for longer, and
several processes let several times as much through. Forms have their own shares, in the cache (:mod:`core.antispam`).
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.antispam import network_of

WINDOW = 60  # seconds
MOST_NETWORKS = 20_000  # counted at once; beyond, one begins again rather than fill the memory

_counts: Counter[tuple[str, str]] = Counter()
_window = 0


def forget() -> None:
    """Begin to count again; for tests."""
    _counts.clear()


def is_over(request: HttpRequest) -> bool:
    """Count a request, and tell whether its network has asked for its share of this minute."""
    global _window
    for pattern, methods, limit in settings.MARA_LIMITS:
        if request.method in methods and re.search(pattern, request.path_info):
            window = int(time.monotonic() // WINDOW)
            if window != _window or len(_counts) > MOST_NETWORKS:
                _window = window
                _counts.clear()
            key = pattern, network_of(request)
            _counts[key] += 1
            return _counts[key] > limit
    return False


class LimitMiddleware:
    """Answers 429 (RFC 6585 §4), in words and with when to come back, to a network that asks too often."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_over(request):
            return self.get_response(request)
        response = render(request, "429.html", status=429)
        response["Retry-After"] = str(WINDOW)
        response["Cache-Control"] = "no-store"
        return response

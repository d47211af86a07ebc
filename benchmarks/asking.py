"""Requests asked of the site as a server asks them, in this process: what they cost in CPU, and how many queries."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable

from django.core.handlers.wsgi import WSGIHandler


class Visitor:
    """Somebody who asks a handler for one address again and again."""

    def __init__(self, handler: WSGIHandler, host: str, path: str) -> None:
        path, _, query = path.partition("?")
        self.handler = handler
        self.environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": host,
            "HTTP_ACCEPT": "text/html",
            "HTTP_ACCEPT_LANGUAGE": "fr",
            "HTTP_USER_AGENT": "benchmark",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(),
        }

    def get(self) -> bytes:
        """The body of the answer; fails when it is not 200."""
        status = []

        def start(line, headers, exc_info=None):
            status.append(line)

        response = self.handler(self.environ | {"wsgi.input": io.BytesIO()}, start)
        body = b"".join(response)
        response.close()
        assert status[0].startswith("200"), f"{self.environ['HTTP_HOST']}{self.environ['PATH_INFO']}: {status[0]}"
        return body


def cpu(action: Callable[[], object], times: int) -> float:
    """Milliseconds of this process's CPU for one run of an action, over so many."""
    started = time.process_time()
    for _time in range(times):
        action()
    return (time.process_time() - started) / times * 1000


def interleaved(actions: dict[str, Callable[[], object]], *, rounds: int, times: int) -> dict[str, list[float]]:
    """The same actions round after round, so that a busy machine is busy for all of them: milliseconds of each round."""
    found: dict[str, list[float]] = {name: [] for name in actions}
    for action in actions.values():
        action()
    for _round in range(rounds):
        for name, action in actions.items():
            found[name].append(cpu(action, times))
    return found


def ratio(these: list[float], those: list[float]) -> str:
    """The median of the ratios, round by round."""
    return f"{statistics.median(one / other for one, other in zip(these, those, strict=True)):.2f}"

"""Which answers may be given to another visitor: those that a view offers, and that hold nothing of anybody."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import cc_delim_re

from core.page_cache.keeping import LARGEST

_OFFERED = "_mara_shared"
# Every address is in one language, whatever the browser asks for (LocaleMiddleware says otherwise, to be safe).
_VARIES_BY_NOTHING = frozenset({"accept-language"})
GONE = (301, 302, 303, 307, 308, 404, 410)
_KEPT_BY_NOBODY = ("private", "no-store", "no-cache")


def offer(request: HttpRequest) -> None:
    """Say that the answer to this request is the same for every visitor, until something public changes."""
    setattr(request, _OFFERED, True)


def is_visitor(request: HttpRequest) -> bool:
    """Whether a request tells nothing of who makes it: no session, no message left, no credentials."""
    return not (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        or "messages" in request.COOKIES
        or "HTTP_AUTHORIZATION" in request.META
    )


def may_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether an answer may be given to another visitor."""
    return (
        getattr(request, _OFFERED, False)
        and response.status_code == 200
        and not response.streaming
        and not getattr(request, "is_preview", False)
        and not _is_somebodys(request, response)
        and not _says_how(response)
        and len(response.content) <= LARGEST
    )


def says_gone(response: HttpResponseBase) -> bool:
    """Whether a visitor is told, like all of them, that nothing is there or that it is elsewhere."""
    return response.status_code in GONE and not response.cookies and not _says_how(response)


def _is_somebodys(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether making the answer read, or left, anything of one visitor: a cookie, a session, a form's token."""
    session = getattr(request, "session", None)
    return bool(
        response.cookies
        or response.has_header("Set-Cookie")
        or not _varies_by(response) <= _VARIES_BY_NOTHING
        or getattr(session, "accessed", False)
        or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        or hasattr(request, "_cached_user")
    )


def _varies_by(response: HttpResponseBase) -> set[str]:
    return {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}


def _says_how(response: HttpResponseBase) -> bool:
    """Whether the view said itself how its answer is kept: not at all, or for a time of its own."""
    directives = [part.split("=")[0].lower() for part in cc_delim_re.split(response.get("Cache-Control", "")) if part]
    return any(part in directives for part in (*_KEPT_BY_NOBODY, "max-age"))

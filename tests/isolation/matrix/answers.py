"""What an answer is, in one word."""

from __future__ import annotations

from django.contrib.messages import get_messages
from django.core import mail
from django.urls import reverse

from tests.isolation.matrix.canaries import found_in

OPEN, ABSENT, SIGN_IN, ACCOUNT = "open", "absent", "sign-in", "account"
REFUSED, METHOD, ERROR = "refused", "method", "error"


def word(response) -> str:
    """``open``, ``absent``, ``sign-in``, ``account``, ``refused``, ``method`` or ``error``."""
    status = response.status_code
    if status >= 500:
        return ERROR
    if status == 404:
        return ABSENT
    if status == 405:
        return METHOD
    if status == 403:
        return REFUSED
    if status in {301, 302, 303}:
        target = response.headers["Location"]
        if target.startswith(reverse("account_login")):
            return SIGN_IN
        if target == reverse("account_overview"):
            return ACCOUNT
        if target == reverse("wagtailadmin_home"):
            return REFUSED
    return OPEN


def body(response) -> bytes:
    """The whole answer, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content


# They follow the moment: when the answer was made, its number, and that a session is noted as seen once a minute.
_OF_THE_MOMENT = frozenset({"Date", "Expires", "Set-Cookie", "Vary", "X-Request-ID"})


def exactly(response) -> tuple:
    """What tells two answers apart: status, headers, body."""
    headers = tuple(sorted(pair for pair in response.items() if pair[0] not in _OF_THE_MOMENT))
    return response.status_code, headers, body(response)


def canaries(response) -> set[str]:
    """The canaries of an answer: body, headers, messages to come, and the mails sent meanwhile."""
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    cookies = response.cookies.output()
    request = getattr(response, "wsgi_request", None)
    flashes = []
    if request is not None and hasattr(request, "_messages"):
        storage = get_messages(request)
        flashes = [str(message) for message in storage._queued_messages]
    mails = [f"{message.to} {message.subject} {message.body}" for message in mail.outbox]
    return found_in(body(response), headers, cookies, *flashes, *mails)

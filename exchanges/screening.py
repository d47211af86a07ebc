"""Keeps most robots out without asking anything of people, or anything of a third party.

Nothing is dropped in silence: a form that is refused comes back filled in with a sentence that says what to do;
a request that only looks strange is kept and marked for whoever reads it.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import time
import uuid

from allauth.account.adapter import get_adapter
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

SALT = "exchanges.callback"
FASTEST = 3  # seconds: nobody fills the form in less
OLDEST = 24 * 3600
LIMIT, WINDOW = 10, 3600  # requests for each network in an hour: a barracks has one address
SAME_TEXT = 2

DOUBTS = {
    "links": _("several links"),
    "name": _("a link in the name"),
    "markup": _("code of a web page"),
    "script": _("another alphabet"),
    "same": _("the same text came several times"),
}
_LINK = re.compile(
    r"https?://|www\.|\b[a-z0-9-]+\.(?:com|net|org|ru|cn|xyz|top|info|biz|site|online)\b", re.IGNORECASE
)
_MARKUP = re.compile(r"\[(?:url|link)|<\s*(?:a|script|iframe|img)\b", re.IGNORECASE)
_FOREIGN = re.compile(r"[\u0400-\u04ff\u0590-\u06ff\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


def new_token(site_id: int) -> str:
    """What one showing of the form carries: when it was shown, where, and a number of its own."""
    return signing.TimestampSigner(salt=SALT).sign(f"{site_id}-{uuid.uuid4().hex}")


def read_token(token: str, site_id: int) -> tuple[uuid.UUID, float] | None:
    """The number of a form, and its age in seconds; None when we did not make it, or for another site."""
    try:
        value = signing.TimestampSigner(salt=SALT).unsign(token)
        made_for, number = value.split("-", 1)
        if made_for != str(site_id):
            return None
        moment = signing.b62_decode(token.split(":")[-2])
        return uuid.UUID(number), time.time() - moment
    except (signing.BadSignature, ValueError, IndexError):
        return None


def key_of(number: uuid.UUID, *words: str) -> uuid.UUID:
    """The key of a request: sent twice with the same words it is the same; corrected and sent again, another."""
    return uuid.uuid5(number, "\n".join(words))


def comes_from_elsewhere(request: HttpRequest) -> bool:
    """Whether another site's page sent the form (the browser says so; those that do not are believed)."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}


def network_of(request: HttpRequest) -> str:
    """The visitor's network, hashed: never kept but in the cache, for an hour."""
    try:
        address = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    except (ValueError, PermissionDenied, ImproperlyConfigured):
        return "unknown"
    prefix = 48 if address.version == 6 else 32
    network = ipaddress.ip_network(f"{address}/{prefix}", strict=False)
    return salted_hmac(SALT, str(network)).hexdigest()[:32]


def too_many(request: HttpRequest) -> bool:
    """Whether the visitor's network has sent its share for this hour."""
    return int(cache.get(_count_key(request)) or 0) >= LIMIT


def count(request: HttpRequest) -> None:
    """Count one request of the visitor's network."""
    name = _count_key(request)
    cache.set(name, int(cache.get(name) or 0) + 1, WINDOW)


def _count_key(request: HttpRequest) -> str:
    return f"callback:{network_of(request)}:{int(time.time() // WINDOW)}"


def doubts_about(*, name: str, about: str) -> list[str]:
    """Why a request looks like a robot's: codes of ``DOUBTS``, none for an ordinary one."""
    found = []
    if _LINK.search(name):
        found.append("name")
    if len(_LINK.findall(about)) > 1:
        found.append("links")
    if _MARKUP.search(about):
        found.append("markup")
    letters = [char for char in about if char.isalpha()]
    if letters and len(_FOREIGN.findall(about)) > 0.3 * len(letters):
        found.append("script")
    if _seen_often(about):
        found.append("same")
    return found


def _seen_often(about: str) -> bool:
    """Whether the same words came several times today; counted by their print, in the cache."""
    words = " ".join(about.casefold().split())
    name = f"callback-text:{hashlib.sha256(words.encode('utf-8', 'replace')).hexdigest()[:32]}"
    times = int(cache.get(name) or 0)
    cache.set(name, times + 1, 24 * 3600)
    return times >= SAME_TEXT

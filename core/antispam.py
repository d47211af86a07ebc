"""Keeps most robots out of visitors' forms without asking anything of people, or anything of a third party.

No cookie: each showing of a form carries a signed token; a field that people do not see catches robots that fill in
everything; each network has its share for an hour. Nothing is dropped in silence.
"""

from __future__ import annotations

import ipaddress
import time
import uuid

from allauth.account.adapter import get_adapter
from django import forms
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

FASTEST = 3  # seconds: nobody fills a form in less
OLDEST = 24 * 3600
WINDOW = 3600


class FormDoor:
    """What stands before one form of visitors.

    Args:
        name: what its tokens and counts are salted with.
        limit: how many times one network sends it in an hour: a barracks has one address.
    """

    def __init__(self, name: str, *, limit: int) -> None:
        self.name = name
        self.limit = limit

    def new_token(self, made_for: int | str) -> str:
        """What one showing of the form carries: when it was shown, where, and a number of its own."""
        return signing.TimestampSigner(salt=self.name).sign(f"{made_for}-{uuid.uuid4().hex}")

    def read_token(self, token: str, made_for: int | str) -> tuple[uuid.UUID, float] | None:
        """The number of a form, and its age in seconds; None when we did not make it, or for another place."""
        try:
            value = signing.TimestampSigner(salt=self.name).unsign(token)
            place, number = value.rsplit("-", 1)
            if place != str(made_for):
                return None
            moment = signing.b62_decode(token.split(":")[-2])
            return uuid.UUID(number), time.time() - moment
        except (signing.BadSignature, ValueError, IndexError):
            return None

    def refusal(self, request: HttpRequest, token: tuple[uuid.UUID, float] | None) -> tuple[int, str, bool] | None:
        """Why a form, right in itself, is not taken yet; ``None`` when it is, which no form without a token is.

        Returns:
            The status of the answer, a sentence, and whether the form needs a fresh token.
        """
        if token is None or token[1] > OLDEST or comes_from_elsewhere(request):
            stale = gettext("This page had been open for a long time. Nothing is lost: please send it again.")
            return 422, stale, True
        if token[1] < FASTEST:
            return 422, gettext("That was very quick! Read it over, then send it again."), False
        if self.too_many(request):
            many = gettext("Many requests have just come from your network. Try again in an hour, or call: see below.")
            return 429, many, False
        return None

    def too_many(self, request: HttpRequest) -> bool:
        """Whether the visitor's network has sent its share for this hour."""
        return int(cache.get(self._count_key(request)) or 0) >= self.limit

    def count(self, request: HttpRequest) -> None:
        """Count one sending of the visitor's network."""
        name = self._count_key(request)
        cache.set(name, int(cache.get(name) or 0) + 1, WINDOW)

    def _count_key(self, request: HttpRequest) -> str:
        return f"{self.name}:{network_of(request)}:{int(time.time() // WINDOW)}"


def key_of(number: uuid.UUID, *words: str) -> uuid.UUID:
    """The key of what a form makes: sent twice with the same words it is the same; corrected, another."""
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
    return salted_hmac("core.antispam", str(network)).hexdigest()[:32]


class VisitorForm(forms.Form):
    """Base of a form that anybody may send: its token, and the field that only robots fill in."""

    use_required_attribute = False
    error_css_class = "has-error"

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    # A field that people do not see and that robots fill in. Its name must not look like a trap.
    company_site = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean(self):
        data = super().clean()
        if data.get("company_site"):
            self.add_error("company_site", ValidationError(_("This field must stay empty: empty it and send again.")))
        return data

    @property
    def caught(self) -> bool:
        """Whether the hidden field was filled in: it is then shown, for a person to empty it."""
        return self.is_bound and "company_site" in self.errors

    def refresh(self, token: str) -> None:
        """Give a form that was sent another token; what was typed stays."""
        data = self.data.copy()  # type: ignore[has-type]
        data["token"] = token
        self.data = data

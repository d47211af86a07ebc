"""Errors told to a Sentry server, when the installation names one: kinds and places, nothing about anybody."""

from __future__ import annotations

import sentry_sdk
from sentry_sdk.types import Event, Hint

from mara_site.hosting import versions

_KEPT_OF_REQUEST = ("method",)


def start(address: str) -> None:
    """Tell the errors of this process to the Sentry server of this address (its DSN)."""
    sentry_sdk.init(
        dsn=address,
        release=versions.release(),
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=0,
        before_send=without_personal_data,
    )


def without_personal_data(event: Event, hint: Hint) -> Event:
    """Return an event without addresses, words, headers or people: what is left says which code failed, and where."""
    request = event.get("request") or {}
    event["request"] = {name: request[name] for name in _KEPT_OF_REQUEST if name in request}
    for name in ("user", "server_name", "breadcrumbs", "extra", "logentry", "message"):
        event.pop(name, None)
    for value in (event.get("exception") or {}).get("values", []):
        value["value"] = ""
    return event

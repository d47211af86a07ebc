"""A record of the journal as one JSON object, without personal data."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import traceback

from mara_site.hosting.logs.requests import current_request_id, route_of

HIDDEN = "…"
_ENCODER = json.JSONEncoder(ensure_ascii=False, default=str)  # json.dumps would make one for each line
_PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]+"  # mail addresses
    r"|(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"  # IPv4
    r"|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F:]+"  # IPv6
    r"|(?:\+33[ .]?|\b0)[1-9](?:[ .-]?\d\d){4}\b"  # French phones
    r"|(?<=\?)[^\s\"'>]*=[^\s\"'>]*"  # query strings
)


def without_personal_data(text: str) -> str:
    """Return a text with its mail and network addresses, phones and query strings hidden."""
    return _PERSONAL.sub(HIDDEN, text)


class JsonFormatter(logging.Formatter):
    """One line for machines: when, how grave, who says it, what, in which request; of an exception, where it rose.

    The words of an exception are left out, for they may quote what somebody typed; so is the address that a
    record of Django's about a request carries: its route says which screen it was.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_personal_data(self._message(record)),
            "request": current_request_id(),
            **getattr(record, "told", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["exception"] = self._exception(record.exc_info[1])
        return _ENCODER.encode({key: value for key, value in line.items() if value != ""})

    def _message(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        if request is None or not isinstance(record.args, tuple):
            return record.getMessage()
        path = getattr(request, "path", None)
        return str(record.msg) % tuple(route_of(request) if value == path else value for value in record.args)

    def _exception(self, error: BaseException) -> list[dict]:
        """The error and its causes, the last first: kind, and where, the innermost place first."""
        chain = []
        current: BaseException | None = error
        while current is not None and len(chain) < 5:
            frames = reversed(traceback.extract_tb(current.__traceback__))
            where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames][:25]
            chain.append({"kind": f"{type(current).__module__}.{type(current).__qualname__}", "where": where})
            current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
        return chain

"""The journal of what touches people's access: one JSON line for each event, without any secret."""

from __future__ import annotations

import json
import logging

logger = logging.getLogger("mara.security")


def record(event: str, *, actor=None, person=None, **details) -> None:
    """Write one event to the journal.

    Args:
        event: what happened, in two or three words: ``mandate.ended``.
        actor: who did it; the site itself when not given.
        person: whose access it touches.
        details: identifiers and codes only, never a password, a code or a link.
    """
    line = {"event": event, "actor": getattr(actor, "pk", None), "person": getattr(person, "pk", None), **details}
    logger.info(json.dumps({key: value for key, value in line.items() if value is not None}, default=str))

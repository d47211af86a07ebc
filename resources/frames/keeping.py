"""Who keeps a national text and when it is looked at again: both are said before a frame is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from resources.frames.answers import has_frame_blocks, raw_story


def missing(page, values: Mapping[str, Any] | None = None) -> dict[str, str]:
    """What is still to be said before a page of the nation is published, by field; nothing when it is no frame.

    A chapter whose guide says it need not say it again. A draft may lack both.

    Args:
        values: what was typed in the page's form; what is not there is read on the page.
    """
    values = values or {}

    def said(name: str):
        return values.get(name, getattr(page, name)) or getattr(page.keeper_above, name, None)

    if not has_frame_blocks(raw_story(values.get("body", page.body))) or not page.is_the_nations:
        return {}
    found = {}
    if not str(said("owner_name") or "").strip():
        found["owner_name"] = _("Say who keeps this text: the groupements write in it, and need somebody to turn to.")
    if not said("next_check_on"):
        found["next_check_on"] = _("Say when this text is to be checked again: the groupements rely on it.")
    return found

"""What the tests of corrections share."""

from __future__ import annotations

from resources.frames.answers import raw_story

NEW = "Le texte national, mieux dit."


def newest_story(national) -> list[dict]:
    return raw_story(type(national).objects.get(pk=national.pk).get_latest_revision_as_object().body)

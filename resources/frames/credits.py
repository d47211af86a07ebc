"""The groupements that helped with a national text, named on its page.

Kept in the page's own row, so that reading it costs nothing more; no version of the text holds it, and so none
takes it back (:meth:`resources.frames.models.FramePage.with_content_json`).
"""

from __future__ import annotations

from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regions.models import Groupement


def give(page, groupement: Groupement, *, helped: bool) -> None:
    """Name a groupement on a national page, or name it no more. Done twice, it is done once."""
    with transaction.atomic():
        rows = type(page).objects.select_for_update(of=("self",)).filter(pk=page.pk)
        for row in rows:
            others = [credit for credit in row.credits if credit["groupement"] != groupement.pk]
            mine = [{"groupement": groupement.pk, "name": groupement.name}] if helped else []
            found = sorted([*others, *mine], key=lambda credit: credit["name"])
            type(page).objects.filter(pk=page.pk).update(credits=found)
            page.credits = found


def sentence(page) -> str:
    """The groupements that helped with a page, in a sentence for visitors; empty when there are none."""
    names = [credit["name"] for credit in page.credits]
    words = ngettext(
        "With the help of the groupement %(names)s.", "With the help of the groupements %(names)s.", len(names)
    )
    return words % {"names": get_text_list(names, _("and"))} if names else ""

"""The nation's closed lists: themes, audiences and contact categories."""

from __future__ import annotations

from demo.builders.base import Load
from demo.sources import read_table
from resources.models import Audience, ContactCategory, Theme

LISTS = {"themes": Theme, "audiences": Audience, "contact_categories": ContactCategory}


def build(load: Load) -> None:
    """Add the entries that are missing; those that exist keep the name they were given."""
    data = read_table("reference")
    for name, model in LISTS.items():
        known = set(model.objects.values_list("code", flat=True))
        for rank, row in enumerate(data[name], start=1):
            if row["code"] not in known:
                term = model(**{"order": rank * 10, **row})
                term.full_clean()
                term.save()
    load.say("  thèmes, publics et catégories de contacts")

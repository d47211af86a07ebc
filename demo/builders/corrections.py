"""What groupements propose to the nation about its texts: some wait, one is accepted and thanked for."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import timezone

from demo.builders.base import Load
from demo.builders.frames import page_at
from demo.sources import read_table
from demo.typography import french
from exchanges.corrections.models import Correction
from exchanges.corrections.passages import Passage, passages
from resources.frames import credits
from resources.frames.answers import raw_story

# So that the same correction is the same row at each load.
NAMESPACE = uuid.UUID("2a3f0d52-6d0c-4c1e-8f2b-7f4f0e6f9b11")


def build(load: Load) -> None:
    """Add the corrections that are missing; nobody is written to."""
    now = timezone.now()
    for row in read_table("corrections")["corrections"]:
        key = uuid.uuid5(NAMESPACE, f"{row['owner']} {row['page']} {row['days_ago']}")
        page, groupement = page_at(load, row["page"]), load.groupements.get(row["owner"])
        found = _passage(page, row["about"]) if page else None
        if found is None or groupement is None or Correction.objects.filter(key=key).exists():
            continue
        before, passage = found
        sent = now - dt.timedelta(days=row["days_ago"], hours=2)
        proposed = passage.text.replace(french(row["about"]), french(row["instead"])) if row.get("instead") else ""
        answered = "answer" in row
        Correction.objects.create(
            key=key,
            groupement=groupement,
            page_id=page.pk,
            page_title=page.title,
            keeper_name=page.keeper.owner_name,
            block=before["id"],
            before=before,
            proposed=proposed,
            passages={passage.path: proposed} if proposed else {},
            remark=french(row["remark"]),
            author=load.author(row["owner"]),
            sent_at=sent,
            state=row.get("state", Correction.State.WAITING),
            answer=french(row.get("answer", "")),
            answered_by=load.people.get(row.get("by", "")),
            answered_at=sent + dt.timedelta(days=4) if answered else None,
        )
        if row.get("state") == Correction.State.ACCEPTED:
            credits.give(page, groupement, helped=True)
    load.say(f"  {Correction.objects.count()} corrections proposées")


def _passage(page, words: str) -> tuple[dict, Passage] | None:
    """The block of a page that says these words, and the one of its texts that does."""
    found = ((block, text) for block in raw_story(page.body) for text in passages(block))
    return next((pair for pair in found if french(words) in pair[1].text), None)

"""Who asked to be called back: some wait, some are taken or closed, one has gone up to the zone."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import timezone

from demo.builders.base import NATION, Load
from demo.sources import read_table
from exchanges import answering, consent
from exchanges.models import CallbackRequest

# So that the same request is the same row at each load.
NAMESPACE = uuid.UUID("0b6c1f0e-64a5-4c0c-9d3b-5b1f6a7e2c47")


def build(load: Load) -> None:
    """Add the requests that are missing; nobody is written to."""
    now = timezone.now()
    for row in read_table("requests")["requests"]:
        key = uuid.uuid5(NAMESPACE, f"{row['owner']} {row['name']}")
        if CallbackRequest.objects.filter(key=key).exists():
            continue
        groupement = None if row["owner"] == NATION else load.groupements[row["owner"]]
        answerer = answering.answerer_of(groupement)
        received = now - dt.timedelta(days=row["days_ago"], hours=3)
        taken_by = load.people.get(row.get("by", ""))
        closed = row.get("state") == CallbackRequest.State.CLOSED
        CallbackRequest.objects.create(
            key=key,
            groupement=groupement,
            level=row.get("level", answerer.level),
            stand_in=answerer.stand_in,
            name=row["name"],
            phone=row.get("phone", ""),
            email=row.get("email", ""),
            about=row["about"],
            doubts=row.get("doubts", []),
            consent_version=consent.CURRENT,
            received_at=received,
            told_at=received,
            reminders=row.get("reminders", 0),
            reminded_at=now - dt.timedelta(days=1) if row.get("reminders") else None,
            state=row.get("state", CallbackRequest.State.RECEIVED),
            taken_by=taken_by,
            taken_at=received + dt.timedelta(days=1) if taken_by else None,
            closed_by=taken_by if closed else None,
            closed_at=received + dt.timedelta(days=2) if closed else None,
            note=row.get("note", ""),
        )
    load.say(f"  {CallbackRequest.objects.count()} demandes")

"""“Toujours exact ?”: one groupement that has just been asked, one that has answered, two that were reminded."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from demo.builders.base import Load
from demo.sources import read_table
from demo.typography import french
from exchanges.checking import services
from exchanges.checking.models import CheckItem, CheckRound

State = CheckItem.State


def build(load: Load) -> None:
    """Open the rounds that are missing, and give the answers. The clock writes the mail of those not told yet."""
    count = 0
    for row in read_table("checks")["checks"]:
        groupement = load.groupements.get(row["owner"])
        if groupement is None or CheckRound.objects.held_at(groupement).exists():
            continue
        round_ = services.open_round(groupement, load.today)
        if round_ is not None:
            _answer(load, round_, row)
            _date(round_, row, load.today)
            count += 1
    load.say(f"  {count} séries de vérifications")


def _answer(load: Load, round_: CheckRound, row: dict) -> None:
    author = load.author(row["owner"])
    items = list(round_.items.order_by("pk"))
    notes = [french(note) for note in row.get("notes", [])]
    for item, note in zip(items, notes, strict=False):
        services.answer(item=item, choice=State.NOTE, note=note, by=author, by_link=True)
    for item in items[len(notes) : len(notes) + row.get("exact", 0)]:
        services.answer(item=item, choice=State.EXACT, by=author, by_link=True)


def _date(round_: CheckRound, row: dict, today: dt.date) -> None:
    now, days = timezone.now(), row["days_ago"]
    if row["told"]:
        round_.told_at = now - dt.timedelta(days=days)
    if row.get("reminded"):
        round_.reminded_at = now - dt.timedelta(days=days - 21)
    if row.get("escalated"):
        round_.escalated_at = now - dt.timedelta(days=days - 35)
    round_.opened_on = today - dt.timedelta(days=days)
    round_.expires_on = round_.opened_on + dt.timedelta(days=60)
    round_.save()

"""What groupements add to the nation's events: a car that leaves from Brest, a room where one follows together."""

from __future__ import annotations

from demo.builders.base import Load
from demo.builders.events import SECTION
from demo.sources import read_table
from demo.typography import french
from resources.events import changing
from resources.models import EventPage, LocalNote


def build(load: Load) -> None:
    """Write the notes that are missing."""
    count = 0
    for row in read_table("notes")["notes"]:
        section = load.section(row["owner"], SECTION)
        event = EventPage.objects.child_of(load.section("nation", SECTION)).filter(title=row["event"]).first()
        if event is None or LocalNote.objects.filter(page_id=section.pk, event_key=event.translation_key).exists():
            continue
        changing.write_note(
            section=section,
            event=event,
            text=french(row["text"]),
            url=row.get("url", ""),
            contact=row.get("contact", ""),
            user=load.author(row["owner"]),
        )
        count += 1
    load.say(f"  {count} notes locales")

"""The calendar: meetings around the day of the load, some cancelled, shared or online."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from demo.builders.base import Load, by_owner
from demo.sources import read_table
from demo.typography import french
from resources.events import expansion
from resources.events.recurrence import parse
from resources.models import EventChange, EventDocument, EventPage

SECTION = "agenda"
PLAIN = (
    "place_name",
    "address",
    "postcode",
    "commune",
    "insee_code",
    "latitude",
    "longitude",
    "online_url",
    "organiser",
    "status",
    "registers_here",
    "registration_url",
    "registration_email",
    "capacity",
    "shared_with",
    "contact_name",
)
# How long before an event its registrations close.
NOTICE = dt.timedelta(days=3)
LAST_MINUTE = dt.time(23, 59)


def build(load: Load) -> None:
    """Add the events that are missing."""
    for owner, rows in by_owner(read_table("events")["events"], "title"):
        section = load.section(owner, SECTION)
        before = load.added
        for slug, row in rows:
            if not section.get_children().filter(slug=slug).exists():
                user = load.people.get(row.get("author", ""), load.author(owner))
                load.add(section, _event(load, owner, slug, row), user=user, publish=not row.get("draft"))
        load.say(f"  {owner} : {load.added - before} événements")


def _event(load: Load, owner: str, slug: str, row: dict) -> EventPage:
    starts_at, ends_at = _times(load.today, row)
    registers = any(name in row for name in ("registers_here", "registration_url", "registration_email"))
    event = EventPage(
        slug=slug,
        title=row["title"],
        summary=french(row["summary"]),
        starts_at=starts_at,
        ends_at=ends_at,
        all_day=row.get("all_day", False),
        status_note=french(row.get("status_note", "")),
        registration_deadline=starts_at.date() - NOTICE if registers and "rule" not in row else None,
        contact_phone=row.get("phone", ""),
        body=load.story_of(owner, row["body"], key=f"events/{owner}/{slug}"),
        recurrence=row.get("rule", ""),
        **{name: row[name] for name in PLAIN if name in row},
        **load.filing(row),
    )
    event.changes = list(_changes(event, row.get("changes", [])))
    event.documents = [
        EventDocument(
            document=load.media.document(entry["file"], user=load.author(owner)),
            title=entry.get("title", ""),
            phase=entry["phase"],
        )
        for entry in row.get("documents", [])
    ]
    return event


def _changes(event: EventPage, rows: list[dict]):
    """What is different on some of the next dates; ``rank`` counts them from today."""
    coming = [dated for dated in expansion.dates(event) if dated.ends_at >= timezone.now()]
    for order, row in enumerate(rows):
        date = coming[row["rank"] - 1].date
        yield EventChange(
            date=date,
            kind=row["kind"],
            note=french(row["note"]),
            new_date=date + dt.timedelta(days=row["days"]) if "days" in row else None,
            new_time=dt.time.fromisoformat(row["time"]) if "time" in row else None,
            sort_order=order,
        )


def _times(today: dt.date, row: dict) -> tuple[dt.datetime, dt.datetime]:
    """When an event begins and ends, in Europe/Paris."""
    first = today + dt.timedelta(days=row["in_days"])
    rule = parse(row.get("rule", ""))
    if rule:
        first = rule.first_from(first) or first
    if row.get("all_day"):
        last = first + dt.timedelta(days=row.get("days", 1) - 1)
        return _moment(first, dt.time.min), _moment(last, LAST_MINUTE)
    starts_at = _moment(first, dt.time.fromisoformat(row["time"]))
    return starts_at, starts_at + dt.timedelta(minutes=row["duration_minutes"])


def _moment(day: dt.date, hour: dt.time) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, hour))

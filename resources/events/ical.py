"""Events as calendars exchange them: RFC 5545, with the names of RFC 7986. A format; no database here."""

from __future__ import annotations

import datetime as dt

import icalendar
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from resources.events import expansion
from resources.events.recurrence import Rule
from resources.events.zones import Zone, zone_info

PRODUCT = "-//MARA//Agenda//FR"
REFRESH = dt.timedelta(hours=6)
CONTENT_TYPE = "text/calendar; charset=utf-8"

CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"
_STATUS = {"cancelled": CANCELLED, "postponed": TENTATIVE}


def calendar(name: str, events, withdrawn=(), *, told=None, more=()) -> bytes:
    """Return a calendar.

    Args:
        name: what calendars call it.
        events: pages, with ``href`` absolute, ``changes`` and ``themes`` read beforehand.
        withdrawn: :class:`~resources.events.publication.EventPublication` of events that are no longer there.
        told: the publications of ``events``, by page number.
        more: components made elsewhere.
    """
    whole = icalendar.Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", "PUBLISH")
    whole.add("name", name)
    whole.add("x-wr-calname", name)
    whole.add("x-wr-timezone", str(Zone.PARIS.value))
    whole.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", icalendar.vDuration(REFRESH).to_ical().decode())
    for event in events:
        for component in components(event, (told or {}).get(event.pk)):
            whole.add_component(component)
    for row in withdrawn:
        whole.add_component(_withdrawn(row))
    for component in more:
        whole.add_component(component)
    whole.add_missing_timezones()
    return whole.to_ical()


def components(event, publication=None) -> list[icalendar.Event]:
    """The event, then one component for each of its dates that is different."""
    rule = expansion.rule_of(event)
    whole = _component(event, publication, event.starts_at, event.ends_at, event.status, event.status_note)
    if rule is None:
        return [whole]
    first = event.local_start.date()
    rule = rule.completed(first)
    whole.add("rrule", icalendar.vRecur.from_ical(_rule_text(rule, event)))
    parts = [whole]
    left_out = []
    changes = {change.date: change for change in event.changes.all()}
    dated = {one.date: one for one in expansion.dates(event)} if changes else {}
    for date in sorted(changes):
        at = _moment(event, date)
        if changes[date].leaves_out:
            left_out.append(at)
        elif one := dated.get(date):
            part = _component(
                event, publication, one.starts_at, one.ends_at, one.status, one.note, place_name=one.place_name
            )
            part.add("recurrence-id", at)
            parts.append(part)
    if left_out:
        whole.add("exdate", left_out, parameters={"VALUE": "DATE"} if event.all_day else None)
    return parts


def one_date(event, publication, dated, *, at: dt.date | None, cancelled: bool, stamp: dt.datetime) -> icalendar.Event:
    """One date of an event by itself, for whoever comes to that one.

    Args:
        dated: the date, as it takes place.
        at: its day by the rule; ``None`` for an event that takes place once.
        stamp: when this is written, which counts between two of the same sequence.
    """
    status = "cancelled" if cancelled else dated.status
    part = _component(
        event, publication, dated.starts_at, dated.ends_at, status, dated.note, place_name=dated.place_name
    )
    if at is not None:
        part.add("recurrence-id", _moment(event, at))
    for name in ("dtstamp", "last-modified"):
        del part[name]
        part.add(name, stamp.replace(microsecond=0))
    return part


def _component(event, publication, starts_at, ends_at, status, note, *, place_name="") -> icalendar.Event:
    part = icalendar.Event()
    stamp = publication.changed_at if publication else (event.last_published_at or event.starts_at)
    local = getattr(event, "local_note", None)
    if local:
        stamp = max(stamp, local.changed_at)
    part.add("uid", publication.uid if publication else event.calendar_uid)
    part.add("sequence", publication.sequence if publication else 0)
    part.add("dtstamp", stamp.replace(microsecond=0))
    part.add("last-modified", stamp.replace(microsecond=0))
    _add_times(part, starts_at, ends_at, event.all_day, event.zone)
    part.add("summary", _summary(event, status))
    part.add("status", _STATUS.get(status, TENTATIVE if getattr(event, "is_draft", False) else CONFIRMED))
    part.add("transp", "TRANSPARENT" if event.all_day else "OPAQUE")
    part.add("url", event.href)
    if location := _location(event, place_name):
        part.add("location", location)
    if event.latitude is not None and event.longitude is not None:
        part.add("geo", (float(event.latitude), float(event.longitude)))
    if themes := [str(theme) for theme in event.themes.all()]:
        part.add("categories", themes)
    said = [note, _local(local) if local else "", strip_tags(event.summary or "")]
    if event.online_url and status != "cancelled":
        said.append(_("Online: %(address)s") % {"address": event.online_url})
    said.append(event.href)
    part.add("description", "\n\n".join(text for text in said if text))
    return part


def _local(note) -> str:
    """What the groupement of this calendar adds, after its name."""
    said = f"{note.origin.label} – {note.text}"
    if note.contact:
        asked = _("Ask: %(name)s") % {"name": note.contact}
        said += f"\n{asked}"
    return f"{said}\n{note.url}" if note.url else said


def _summary(event, status: str) -> str:
    """The title; calendars that do not show the status say it there."""
    said = {"cancelled": _("CANCELLED"), "postponed": _("POSTPONED"), "full": _("FULL")}.get(status)
    return f"{said} – {event.title}" if said else event.title


def _location(event, place_name: str) -> str:
    town = f"{event.postcode} {event.commune}".strip()
    if event.status == "moved_online" or not (place_name or event.place_name or event.address or town):
        return event.online_url
    return ", ".join(part for part in (place_name or event.place_name, event.address, town) if part)


def _add_times(part: icalendar.Event, starts_at, ends_at, all_day: bool, zone) -> None:
    """All-day events end the day after (RFC 5545 §3.6.1: the end is not included)."""
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    if all_day:
        part.add("dtstart", start.date())
        part.add("dtend", end.date() + dt.timedelta(days=1))
    else:
        part.add("dtstart", start)
        part.add("dtend", max(start, end))


def _moment(event, date: dt.date):
    """When the date would have begun: what RECURRENCE-ID and EXDATE name."""
    if event.all_day:
        return date
    return expansion.at_wall(date, event.local_start.time(), event.zone).astimezone(event.zone)


def _rule_text(rule: Rule, event) -> str:
    """The rule for calendars: its end is a moment in UTC when the event has an hour (RFC 5545 §3.3.10)."""
    text = rule.text()
    if rule.until and not event.all_day:
        last = expansion.at_wall(rule.until, dt.time(23, 59, 59), event.zone)
        text = text.replace(f"UNTIL={rule.until.isoformat().replace('-', '')}", f"UNTIL={last:%Y%m%dT%H%M%SZ}")
    return text


def _withdrawn(row) -> icalendar.Event:
    part = icalendar.Event()
    part.add("uid", row.uid)
    part.add("sequence", row.sequence)
    part.add("dtstamp", row.changed_at.replace(microsecond=0))
    part.add("last-modified", row.changed_at.replace(microsecond=0))
    _add_times(part, row.starts_at, row.ends_at, row.all_day, zone_info(row.time_zone))
    part.add("summary", f"{_('CANCELLED')} – {row.title}")
    part.add("status", CANCELLED)
    return part

"""Puts the values of a calendar's event into a page, reads them back, and says how two versions differ."""

from __future__ import annotations

import datetime as dt
import json
import uuid

from django.utils import timezone
from django.utils.html import escape, linebreaks, strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import override as language

from core.templatetags.core_tags import fr_date
from resources.events.models import EventPage
from resources.events.recurrence import RuleError, parse
from resources.events.rows import EventChange
from resources.events.sentences import sentence
from resources.events.zones import zone_info

SUMMARY_LENGTH = 200
PLAIN = ("title", "place_name", "address", "postcode", "commune", "insee_code", "online_url")
WHEN = ("starts_at", "ends_at", "all_day", "time_zone")
CHANGE_FIELDS = ("date", "kind", "note", "new_date", "new_time", "new_end_time", "place_name")
LABELS = {
    "title": gettext_lazy("Title"),
    "when": gettext_lazy("When"),
    "recurrence": gettext_lazy("Repeats"),
    "changes": gettext_lazy("Dates that are different"),
    "where": gettext_lazy("Where"),
    "online_url": gettext_lazy("Address of the online meeting"),
    "status": gettext_lazy("Status"),
    "text": gettext_lazy("Description"),
}
# What is compared, shown and taken together.
PARTS = {
    "title": ("title",),
    "when": WHEN,
    "recurrence": ("recurrence",),
    "changes": ("changes",),
    "where": ("place_name", "address", "postcode", "commune", "insee_code"),
    "online_url": ("online_url",),
    "status": ("status",),
    "text": ("text", "url"),
}


def differing(old: dict, new: dict) -> list[str]:
    """The parts that differ between two versions at the source; past dates that are different are not looked at."""
    today = timezone.localdate().isoformat()

    def seen(values: dict, name: str):
        if name == "changes":
            return [change for change in values.get("changes", []) if change.get("new_date", change["date"]) >= today]
        return values.get(name) or ""

    return [part for part, names in PARTS.items() if any(seen(old, name) != seen(new, name) for name in names)]


def differences(old: dict, new: dict, parts: list[str] | None = None) -> list[dict]:
    """``field``, ``before`` and ``after`` of the parts that differ, as texts to be read."""
    return [
        {"field": str(LABELS[part]), "before": said(old, part), "after": said(new, part)}
        for part in (differing(old, new) if parts is None else parts)
    ]


def said(values: dict, part: str) -> str:
    """A part of an event, as people read it."""
    if not values:
        return ""
    if part == "when":
        return when(values)
    if part == "recurrence":
        return rule_said(values)
    if part == "changes":
        kinds = dict(EventChange.Kind.choices)
        rows = values.get("changes", [])
        return ", ".join(f"{fr_date(dt.date.fromisoformat(row['date']))} ({kinds[row['kind']]})" for row in rows[:6])
    if part == "where":
        town = f"{values.get('postcode', '')} {values.get('commune', '')}".strip()
        return ", ".join(text for text in (values.get("place_name"), values.get("address"), town) if text)
    if part == "status":
        return str(dict(EventPage.Status.choices).get(values.get("status", ""), ""))
    if part == "text":
        return " ".join(text for text in (values.get("text"), values.get("url")) if text)
    return str(values.get(part, ""))


def when(values: dict) -> str:
    """The day and hour of its first date."""
    zone = zone_info(values["time_zone"])
    start, end = (dt.datetime.fromisoformat(values[name]).astimezone(zone) for name in ("starts_at", "ends_at"))
    if values["all_day"]:
        first, last = fr_date(start.date()), fr_date(end.date())
        return first if first == last else _("from %(first)s to %(last)s") % {"first": first, "last": last}
    if start.date() == end.date():
        return _("%(day)s, %(start)s to %(end)s") % {
            "day": fr_date(start.date()),
            "start": f"{start:%H:%M}",
            "end": f"{end:%H:%M}",
        }
    return _("from %(first)s to %(last)s") % {
        "first": f"{fr_date(start.date())} {start:%H:%M}",
        "last": f"{fr_date(end.date())} {end:%H:%M}",
    }


def rule_said(values: dict) -> str:
    try:
        rule = parse(values.get("recurrence", ""))
    except RuleError:
        return ""
    if rule is None:
        return ""
    zone = zone_info(values["time_zone"])
    return sentence(rule, dt.datetime.fromisoformat(values["starts_at"]).astimezone(zone).date())


def write(page: EventPage, values: dict, parts: list[str] | None = None) -> None:
    """Put the values into a page, which is not saved; only some parts when they are named."""
    for part in PARTS if parts is None else parts:
        if part == "when":
            page.starts_at, page.ends_at = (
                dt.datetime.fromisoformat(values[name]) for name in ("starts_at", "ends_at")
            )
            page.all_day, page.time_zone = values["all_day"], values["time_zone"]
        elif part == "changes":
            page.changes = [_change(row) for row in values.get("changes", [])]
        elif part == "text":
            _write_text(page, values)
        else:
            for name in PARTS[part]:
                setattr(page, name, values.get(name, ""))


def _change(row: dict) -> EventChange:
    return EventChange(
        date=dt.date.fromisoformat(row["date"]),
        kind=row["kind"],
        note=row.get("note", "")[:200],
        place_name=row.get("place_name", "")[:150],
        new_date=dt.date.fromisoformat(row["new_date"]) if row.get("new_date") else None,
        new_time=dt.time.fromisoformat(row["new_time"]) if row.get("new_time") else None,
        new_end_time=dt.time.fromisoformat(row["new_end_time"]) if row.get("new_end_time") else None,
    )


def _write_text(page: EventPage, values: dict) -> None:
    """The description as a paragraph: its words only, no markup of its own."""
    text, url = values.get("text", ""), values.get("url", "")
    markup = linebreaks(text, autoescape=True).replace("<br>", "<br/>") if text else ""
    if url:
        with language("fr"):
            label = _("The event on the site of its organiser")
        markup += f'<p><a href="{escape(url)}">{escape(label)}</a></p>'
    blocks = [{"type": "rich_text", "value": markup, "id": str(uuid.uuid4())}] if markup else []
    page.body = page._meta.get_field("body").stream_block.to_python(blocks)
    if not page.summary and text:
        page.summary = Truncator(" ".join(text.split())).chars(SUMMARY_LENGTH)


def values_of(version: dict) -> dict:
    """What a version of a page says, in the same form; its text as words.

    Args:
        version: the content of its revision. Read as it is stored: making pages of thirty of them costs two hundred
            queries.
    """
    values: dict = {name: version.get(name) or "" for name in (*PLAIN, "recurrence", "status", *WHEN)}
    rows = sorted(version.get("changes", []), key=lambda row: row["date"])
    values["changes"] = [{name: row[name] for name in CHANGE_FIELDS if row.get(name)} for row in rows]
    body = version.get("body") or "[]"
    blocks = json.loads(body) if isinstance(body, str) else body
    texts = [block["value"].replace("</p>", "</p> ") for block in blocks if isinstance(block["value"], str)]
    values["text"] = " ".join(strip_tags(" ".join(texts)).split())
    return values


def last_day(values: dict) -> dt.date | None:
    """The day after which nothing of an event is to come; ``None`` when it repeats without end."""
    zone = zone_info(values["time_zone"])
    start, end = (dt.datetime.fromisoformat(values[name]).astimezone(zone).date() for name in ("starts_at", "ends_at"))
    rule = parse(values.get("recurrence", ""))
    if rule is None:
        return end
    if rule.until:
        return rule.until
    if rule.count:
        return max(rule.completed(start).dates(start), default=start)
    return None

"""Reads of events: the list, the dates of one event, its documents. Months and weeks are in ``periods``."""

from __future__ import annotations

import re

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from core.geo import communes
from core.geo.distance import distance_to, within_box
from regions import visibility
from regions.places import Place
from resources.events import expansion, notes, periods
from resources.events.occurrences import EventOccurrence
from resources.filters import folded_match
from resources.listing import querystring

# How many more dates a card tells, and the page of an event.
DATES_ON_CARD = 3
DATES_ON_PAGE = 8

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def filtered(place: Place, form):
    """The events shown at a place for these filters, whatever their date."""
    model = apps.get_model("resources", "EventPage")
    items = visibility.visible(model.objects.all(), place)
    if theme := form.chosen("theme"):
        items = items.filter(themes=theme)
    if audience := form.chosen("audience"):
        items = items.filter(audiences=audience)
    if mode := form.chosen("mode"):
        online = ~Q(online_url="")
        on_site = ~Q(commune="") & ~Q(status=model.Status.MOVED_ONLINE)
        items = items.filter(online if mode == "online" else on_site)
    if form.centre:
        items = _around(items, form.centre, form.kilometres)
    if text := form.chosen("q"):
        items = folded_match(items, text, "folded")
    return items


def _around(items, centre, kilometres: int):
    """The events near a commune: by their own point, else by the commune or the postcode of their address."""
    near = communes.around(centre.latitude, centre.longitude, kilometres)
    codes = {one.code for one in near} | {centre.code}
    postcodes = {code for one in [*near, centre] for code in one.postcodes}
    measured = items.annotate(distance=distance_to(centre.latitude, centre.longitude))
    has_point = within_box(centre.latitude, centre.longitude, kilometres) & Q(distance__lte=kilometres)
    by_address = Q(insee_code__in=codes) | Q(insee_code="", postcode__in=postcodes)
    return measured.filter(has_point | (Q(latitude__isnull=True) & by_address)).exclude(status="moved_online")


def listed(place: Place, form):
    """The dates of the list: the next one of each event, soonest first; or the last past one, latest first."""
    dates = EventOccurrence.objects.of(filtered(place, form))
    if form.chosen("period") == "past":
        return dates.past().one_of_each(latest=True)
    return dates.upcoming().one_of_each()


def shown(dates, place: Place) -> list:
    """The events of some dates, each as it is on that date, with origin, address and local note seen from a place."""
    return notes.attach(on_dates(with_events(dates), place), place)


def with_events(dates):
    """Some dates, each with what a card says of its event."""
    return dates.select_related("event").defer("event__body")


def on_dates(rows, place: Place) -> list:
    """The events of some dates, each as it is on that date, with origin and address seen from a place."""
    events = visibility.present([row.event.at(row) for row in rows], place)
    for event in events:
        event.href += event.date_query
    return events


def with_next_dates(events: list) -> list:
    """Give each event of a list its ``more_dates``: the few that follow the one shown. One query."""
    repeated = [event.pk for event in events if event.recurrence]
    more: dict[int, list] = {}
    if repeated:
        rows = EventOccurrence.objects.upcoming().filter(event_id__in=repeated).exclude(status="cancelled")
        for row in rows.first_of_each(DATES_ON_CARD + 1):
            more.setdefault(row.event_id, []).append(row)
    for event in events:
        shown_date = event.occurrence.starts_at
        later = [row for row in more.get(event.pk, ()) if row.starts_at > shown_date]
        event.more_dates = [row.starts_at.astimezone(event.zone).date() for row in later[:DATES_ON_CARD]]
    return events


def calendar_view(place: Place, form, request, page_url: str) -> dict:
    """The variables of the calendar: which view, and the month or the week when it is the one shown."""
    others = querystring(request, "view", "month", "week")
    joined = f"{others}&" if others else ""
    urls = {name: f"{page_url}?{joined}view={name}" for name in ("month", "week")}
    context: dict = {
        "view": form.shown_as,
        "list_url": f"{page_url}?{others}" if others else page_url,
        "month_url": urls["month"],
        "week_url": urls["week"],
    }
    if form.shown_as == "list":
        return context
    period = periods.month(form.first_day) if form.shown_as == "month" else periods.week(form.first_weekday)
    dates = EventOccurrence.objects.of(filtered(place, form)).between(*period.moments)
    return context | {"period": periods.laid_out(period, shown(dates, place), urls[form.shown_as])}


def dates_of(event, asked: str | None) -> dict:
    """The variables of an event's page: the date shown (on ``event`` itself) and the others to come.

    Args:
        event: the page; from here on it is as it is on that date.
        asked: the date in the address, ``YYYY-MM-DD``; what is no date of the event is left out, and said so.
    """
    found = expansion.dates(event)
    if not event.is_recurring:
        for dated in found:
            event.at(dated)
        return {"dates": [], "date_not_found": False, "recurrence_sentence": ""}
    sentence = event.recurrence_sentence
    chosen = None
    if asked and _DATE.fullmatch(asked):
        chosen = next((dated for dated in found if f"{dated.date:%Y-%m-%d}" == asked), None)
    current = chosen or expansion.first_to_come(found)
    now = timezone.now()
    coming = sorted((dated for dated in found if dated.ends_at >= now), key=lambda dated: dated.starts_at)
    dates = [
        {
            "dated": dated,
            "day": dated.starts_at.astimezone(event.zone).date(),
            "url": f"?date={dated.date:%Y-%m-%d}",
            "is_shown": dated is current,
        }
        for dated in coming[:DATES_ON_PAGE]
    ]
    if current:
        event.at(current)
    return {
        "dates": dates,
        "more_dates_count": len(coming) - len(dates),
        "date_not_found": bool(asked) and chosen is None,
        "recurrence_sentence": sentence,
    }


def documents_by_phase(event) -> list[dict]:
    """The documents of an event, by when they serve."""
    groups: dict[str, list[dict]] = {}
    for row in event.documents.select_related("document"):
        groups.setdefault(row.get_phase_display(), []).append(
            {
                "title": str(row),
                "url": row.document.url,
                "size": row.document.get_file_size(),
                "extension": row.document.file_extension.upper(),
                "phase": row.phase,
            }
        )
    order = ["before", "during", "after"]
    return sorted(
        ({"phase_label": label, "documents": documents} for label, documents in groups.items()),
        key=lambda group: order.index(group["documents"][0]["phase"]),
    )

"""Reads of events: the list, the month, the documents, the others around."""

from __future__ import annotations

import calendar
import datetime as dt

from django.apps import apps
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from regions import visibility
from regions.places import Place
from resources.filters import folded_match
from resources.listing import querystring

MONDAY = 0


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
    if text := form.chosen("q"):
        items = folded_match(items, text, "folded")
    return items


def listed(place: Place, form):
    """The events of the list: those to come, soonest first, or the past ones, latest first."""
    items = filtered(place, form)
    if form.chosen("period") == "past":
        return items.past().order_by("-starts_at", "pk")
    return items.upcoming().order_by("starts_at", "pk")


def calendar_view(place: Place, form, request, page_url: str) -> dict:
    """The variables of the calendar: which view, and the month when it is the one shown."""
    others = querystring(request, "view", "month")
    separator = "&" if others else ""
    context: dict = {
        "view": "month" if form.shows_month else "list",
        "list_url": f"{page_url}?{others}" if others else page_url,
        "month_url": f"{page_url}?{others}{separator}view=month",
    }
    if form.shows_month:
        context["month"] = month(place, form, context["month_url"])
    return context


def month(place: Place, form, base_url: str) -> dict:
    """One month as weeks of days with their events, Monday first."""
    first = form.first_day
    weeks = calendar.Calendar(firstweekday=MONDAY).monthdatescalendar(first.year, first.month)
    start, end = (_midnight(day) for day in (weeks[0][0], weeks[-1][-1] + dt.timedelta(days=1)))
    rows = filtered(place, form).filter(starts_at__lt=end, ends_at__gte=start).order_by("starts_at", "pk")
    by_day: dict[dt.date, list] = {}
    events = visibility.present(rows, place)
    for event in events:
        for day in event.days:
            by_day.setdefault(day, []).append(event)
    today = timezone.localdate()
    previous, following = first - dt.timedelta(days=1), first + dt.timedelta(days=32)
    return {
        "label": date_format(first, "F Y"),
        "previous_url": f"{base_url}&month={previous:%Y-%m}",
        "next_url": f"{base_url}&month={following:%Y-%m}",
        "today_url": base_url,
        "events": [event for event in events if any(day.month == first.month for day in event.days)],
        "weeks": [
            [
                {
                    "date": day,
                    "in_month": day.month == first.month,
                    "is_today": day == today,
                    "events": by_day.get(day, []),
                }
                for day in week
            ]
            for week in weeks
        ],
    }


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


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

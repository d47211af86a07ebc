"""Calendars to subscribe to, and one event to take away: at addresses below ``ical/``, without an account."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _

from regions import visibility
from regions.places import Place, place_for
from resources.events import ical, notes, selectors
from resources.events.occurrences import EventOccurrence
from resources.events.publication import EventPublication
from resources.listing import querystring

PATH = "ical"
ALL, OWN, ZONE, NATION = "", "groupement", "zone", "national"
SCOPES = (ALL, OWN, ZONE, NATION)
FRESH_SECONDS = 300
# What a calendar holds at most, and how far back it goes.
MOST = 1000
KEPT_BACK = dt.timedelta(days=60)


def scope_asked(path_components: list[str]) -> str | None:
    """The scope that an address below the section asks for; ``None`` when it is no calendar."""
    if not path_components or path_components[0] != PATH or len(path_components) > 2:
        return None
    scope = path_components[1] if len(path_components) == 2 else ALL
    return scope if scope in SCOPES else None


def serve_section(page, request: HttpRequest, scope: str) -> HttpResponse:
    """The calendar of a place: all that it shows, or a part of it, for the filters of the address."""
    place = place_for(request, locale_id=page.locale_id)
    form = page.filter_form(request.GET)
    events = list(_events(place, form, scope)[:MOST])
    told = {row.page_id: row for row in EventPublication.objects.filter(page_id__in=[event.pk for event in events])}
    content = ical.calendar(name(place, form, scope), _absolute(events, place), _withdrawn(place, scope), told=told)
    response = _answer(request, content, f"agenda-{scope or 'tout'}")
    if not response.has_header("Cache-Control"):
        patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response


def serve_event(event, request: HttpRequest) -> HttpResponse:
    """One event, all its dates."""
    place = place_for(request, locale_id=event.locale_id)
    told = {row.page_id: row for row in EventPublication.objects.filter(page_id=event.pk)}
    content = ical.calendar(event.title, _absolute([event], place), told=told)
    return _answer(request, content, event.slug[:60])


def name(place: Place, form, scope: str) -> str:
    """What the subscriber's calendar is called."""
    said = {
        OWN: place.label,
        ZONE: place.groupement.zone.name if place.groupement and place.groupement.zone else place.label,
        NATION: _("National"),
    }.get(scope, place.label)
    theme = form.chosen("theme")
    return f"MARA – {said} – {theme}" if theme else f"MARA – {said}"


def links(page, place: Place, request: HttpRequest, form) -> list[dict]:
    """The calendars that a section offers, for the filters under way: label, ``https`` and ``webcal`` addresses."""
    offered = [(ALL, _("All that this calendar shows"))]
    if place.groupement:
        offered.append((OWN, _("Only %(name)s") % {"name": place.groupement.name}))
        if place.groupement.zone_id:
            offered.append((ZONE, _("The zone: %(name)s") % {"name": place.groupement.zone.name}))
        offered.append((NATION, _("Only the national events")))
    # What was not understood is not carried into an address that a phone keeps for years.
    query = querystring(request, "view", "month", "week", "period", *form.errors)
    found = []
    for scope, label in offered:
        path = f"{page.href}{PATH}/{scope + '/' if scope else ''}{'?' + query if query else ''}"
        url = path if "://" in path else place.site.root_url + path
        found.append({"label": label, "url": url, "webcal": "webcal://" + url.split("://", 1)[1]})
    return found


def _events(place: Place, form, scope: str):
    recent = EventOccurrence.objects.filter(event=OuterRef("pk"), ends_at__gte=timezone.now() - KEPT_BACK)
    events = _within(selectors.filtered(place, form), place, scope).filter(Exists(recent))
    return events.order_by("starts_at", "pk").distinct().defer("body").prefetch_related("changes", "themes")


def _withdrawn(place: Place, scope: str):
    rows = EventPublication.objects.filter(
        withdrawn_at__isnull=False, ends_at__gte=timezone.now() - KEPT_BACK
    ).order_by("-withdrawn_at")
    return _within(visibility.visible(rows, place), place, scope)[:MOST]


def _within(queryset, place: Place, scope: str):
    if scope == OWN:
        return queryset.filter(path__startswith=place.home.path)
    if scope == NATION:
        return queryset.filter(path__startswith=place.national_home.path)
    if scope == ZONE:
        condition = Q(path__startswith=place.home.path)
        for path in place.zone_home_paths:
            condition |= Q(path__startswith=path)
        return queryset.filter(condition)
    return queryset


def _absolute(events: list, place: Place) -> list:
    """Give each event its address seen from a place, host included, and its local note."""
    visibility.present(events, place)
    for event in events:
        if event.href.startswith("/"):
            event.href = place.site.root_url + event.href
    return notes.attach(events, place)


def _answer(request: HttpRequest, content: bytes, file_name: str) -> HttpResponse:
    etag = f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'
    response = HttpResponse(content, content_type=ical.CONTENT_TYPE)
    response["Content-Disposition"] = f'inline; filename="{file_name}.ics"'
    response["X-Robots-Tag"] = "noindex"
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)

"""What the calendar of a team holds: what the public sees there, its own drafts, and what is to be checked."""

from __future__ import annotations

import datetime as dt
import uuid

import icalendar
from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Locale, PageViewRestriction

from core.models import ReviewMixin
from regions import visibility
from regions.blueprint import GROUPEMENT_HOME_MODEL
from regions.models import Groupement, Mandate, Zone
from regions.places import Place, place_for, place_of
from regions.reach import starts_with
from resources.events import expansion, ical, notes, publication
from resources.events.models import EventPage
from resources.events.occurrences import EventOccurrence
from resources.events.publication import EventPublication
from resources.events.rows import EventChange

KEPT_BACK = dt.timedelta(days=60)
CHECKED_AHEAD = dt.timedelta(days=180)
MOST, MOST_DRAFTS, MOST_CHECKS = 1000, 300, 500


def calendar(mandate: Mandate, request: HttpRequest) -> bytes:
    """The calendar of the place of a mandate, in the default language."""
    here = place_for(request, locale_id=Locale.get_default().pk)
    place, paths = _place(mandate.place, here)
    if place is None:
        return ical.calendar(name_of(mandate), [])
    admin = f"{here.national_site.root_url}{reverse('wagtailadmin_home')}"
    published = _published(place, paths)
    drafts = _drafts(paths, admin)
    told = {row.page_id: row for row in EventPublication.objects.filter(page_id__in=[event.pk for event in published])}
    return ical.calendar(name_of(mandate), [*published, *drafts], told=told, more=_checks(paths, admin))


def name_of(mandate: Mandate) -> str:
    """What the subscriber's calendar is called."""
    return _("MARA – team of %(place)s") % {"place": mandate.place or _("the nation")}


def _place(held: Groupement | Zone | None, here: Place) -> tuple[Place | None, list[str]]:
    """From where the public part is read, and the tree paths of the homes that the team keeps."""
    if held is None:
        return here, [here.national_home.path]
    kept = [held] if isinstance(held, Groupement) else list(held.groupements.select_related("zone", "site"))
    roots = apps.get_model(GROUPEMENT_HOME_MODEL).objects.filter(groupement__in=kept, locale=here.locale)
    paths = list(roots.values_list("path", flat=True))
    return next((place for one in kept if (place := place_of(one, here))), None), paths


def _published(place: Place, paths: list[str]) -> list[EventPage]:
    """What the public sees, and the team's own that are reserved to some."""
    recent = EventOccurrence.objects.filter(event=OuterRef("pk"), ends_at__gte=timezone.now() - KEPT_BACK)
    seen = visibility.visible(EventPage.objects.all(), place).order_by().values("pk")
    events = EventPage.objects.filter(Q(pk__in=seen) | starts_with(paths), Exists(recent), live=True)
    events = list(events.order_by("starts_at", "pk").defer("body").prefetch_related("changes", "themes")[:MOST])
    reserved = tuple(PageViewRestriction.objects.values_list("page__path", flat=True))
    visibility.present(events, place)
    notes.attach(events, place)
    for event in events:
        if event.href.startswith("/"):
            event.href = place.site.root_url + event.href
        if reserved and event.path.startswith(reserved):
            _tag(event, _("reserved to some"))
        if event.has_unpublished_changes and event.path.startswith(tuple(paths)):
            _remark(event, _("A new version of this event is being prepared."))
    return events


def _drafts(paths: list[str], admin: str) -> list[EventPage]:
    """The team's own events that are not published, as they were last written."""
    rows = EventPage.objects.filter(starts_with(paths), live=False).select_related("latest_revision")
    rows = rows.order_by("-latest_revision_created_at", "pk").defer("body").prefetch_related("changes", "themes")
    found = []
    for event in rows[:MOST_DRAFTS]:
        _as_last_written(event)
        coming = expansion.first_to_come(expansion.dates(event, since=timezone.localdate() - KEPT_BACK))
        if coming is None or coming.ends_at < timezone.now() - KEPT_BACK:
            continue
        when = event.latest_revision.approved_go_live_at if event.latest_revision else None
        if when:
            day = date_format(timezone.localtime(when), "j F Y, H:i")
            _tag(event, _("waits for its hour"))
            _remark(event, _("Published on %(day)s.") % {"day": day})
        else:
            _tag(event, _("not published"))
        event.is_draft = True
        event.href = f"{admin}pages/{event.pk}/edit/"
        found.append(event)
    return found


def _tag(event: EventPage, words: str) -> None:
    event.title = f"[{words}] {event.title}"


def _remark(event: EventPage, words: str) -> None:
    event.summary = f"{words}\n\n{event.summary}".strip()


def _as_last_written(event: EventPage) -> None:
    """Put what calendars are told of the last version into a draft; no query for each of them."""
    content = event.latest_revision.content if event.latest_revision else None
    if not content:
        return
    for name in publication.TOLD:
        if name in content:
            setattr(event, name, event._meta.get_field(name).to_python(content[name]))
    event.changes = [
        EventChange(
            **{
                name: EventChange._meta.get_field(name).to_python(row[name])
                for name in publication.TOLD_OF_A_DATE
                if name in row
            }
        )
        for row in content.get("changes", ())
    ]


def _checks(paths: list[str], admin: str) -> list[icalendar.Event]:
    """One whole day for each page of the team whose date of checking comes, or has just passed."""
    today = timezone.localdate()
    found = []
    for model in apps.get_models():
        if not issubclass(model, ReviewMixin) or model._meta.abstract:
            continue
        rows = model.objects.filter(starts_with(paths), live=True).filter(
            next_check_on__range=(today - KEPT_BACK, today + CHECKED_AHEAD)
        )
        found += rows.order_by("next_check_on").values_list(
            "pk", "title", "next_check_on", "translation_key", "last_published_at"
        )[:MOST_CHECKS]
    return [_check(row, f"{admin}pages/{row[0]}/edit/") for row in sorted(found, key=lambda row: (row[2], row[0]))]


def _check(row: tuple, address: str) -> icalendar.Event:
    _pk, title, day, key, changed = row
    part = icalendar.Event()
    part.add("uid", str(uuid.uuid5(key, "check")))
    part.add("dtstamp", (changed or timezone.now()).replace(microsecond=0))
    part.add("dtstart", day)
    part.add("dtend", day + dt.timedelta(days=1))
    part.add("summary", _("To be checked: %(title)s") % {"title": title})
    part.add("transp", "TRANSPARENT")
    part.add("url", address)
    part.add("description", address)
    return part

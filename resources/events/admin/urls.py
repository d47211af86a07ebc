"""Addresses of the calendar's screens below /admin/, their rules, the menu entry, the words of the history."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from regions.admin import guard
from regions.admin.guard.checks import number
from regions.reach import Reach, reach_of
from resources.events import changing
from resources.events.admin import reading, views

urlpatterns = [
    path("dates/", views.CalendarsView.as_view(), name="calendars"),
    path("dates/<int:pk>/", views.CalendarDatesView.as_view(), name="calendar_dates"),
    path("dates/<int:pk>/note/<uuid:event_key>/", views.LocalNoteView.as_view(), name="local_note"),
    path("dates/evenement/<int:pk>/", views.EventDatesView.as_view(), name="event_dates"),
    path("dates/evenement/<int:pk>/<str:day>/<str:act>/", views.DateView.as_view(), name="event_date"),
]


def own_calendar(reach: Reach, value, kwargs: Mapping) -> bool:
    """A calendar of the person's own."""
    pk = number(value)
    return pk is not None and reading.calendars_of(reach).filter(pk=pk).exists()


def own_event(reach: Reach, value, kwargs: Mapping) -> bool:
    """A published event of the person's own."""
    pk = number(value)
    return pk is not None and reading.events_of(reach).filter(pk=pk).exists()


guard.register(
    {
        "calendars": guard.ALLOW,
        "calendar_dates": guard.Rule(ids={"pk": own_calendar}),
        "local_note": guard.Rule(ids={"pk": own_calendar}, free=frozenset({"event_key"})),
        "event_dates": guard.Rule(ids={"pk": own_event}),
        "event_date": guard.Rule(ids={"pk": own_event}, free=frozenset({"day", "act"})),
    }
)

HISTORY = {
    changing.CANCELLED: (_("Date cancelled"), _("A date was cancelled from “Coming dates”")),
    changing.MOVED: (_("Date moved"), _("A date was moved from “Coming dates”")),
    changing.ANNOTATED: (_("Date annotated"), _("Something was said of a date from “Coming dates”")),
    changing.RESTORED: (_("Date put back"), _("A date was put back from “Coming dates”")),
    changing.NOTE_WRITTEN: (_("Local note"), _("A local note was written on an event")),
    changing.NOTE_REMOVED: (_("Local note removed"), _("A local note was removed from an event")),
}


def register_history(actions) -> None:
    """What the history of a page says of each act."""
    for name, (label, sentence) in HISTORY.items():
        actions.register_action(name, label, sentence)


class CalendarMenuItem(MenuItem):
    """“Dates à venir”, for whoever holds a calendar."""

    def is_shown(self, request) -> bool:
        return reading.calendars_of(reach_of(request.user)).exists()


def menu_item() -> MenuItem:
    """The entry of the main menu."""
    return CalendarMenuItem(_("Coming dates"), reverse("calendars"), name="coming-dates", icon_name="date", order=44)

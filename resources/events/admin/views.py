"""The screens of the calendar. Everything is looked up within what the person holds: another's is a 404."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import cached_property

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views import View

from core.amending import NotNow
from regions.reach import reach_of
from resources.events import changing, expansion
from resources.events.admin import reading
from resources.events.admin.forms import DateForm, NoteForm
from resources.events.notes import LocalNote
from resources.events.rows import EventChange

Kind = EventChange.Kind
# What the address of an act calls it.
CANCEL, MOVE, ANNOTATE, RESTORE = "annuler", "deplacer", "annoter", "retablir"
KINDS = {CANCEL: Kind.CANCELLED, MOVE: Kind.MOVED, ANNOTATE: Kind.NOTE}


class CalendarsView(View):
    """The calendars of a person; straight to the one of the usual language where there is only one."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest) -> HttpResponse:
        sections = list(reading.calendars_of(reach_of(request.user)))
        if not sections:
            raise Http404
        usual = [section for section in sections if section.locale.is_default]
        if len(usual) == 1:
            return redirect("calendar_dates", usual[0].pk)
        rows = [{"section": section, "home": section.get_parent()} for section in sections]
        return render(request, "resources/admin/calendars.html", {"rows": rows})


class CalendarDatesView(View):
    """One calendar: the next dates of its events, and the events of others."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        reach = reach_of(request.user)
        section = get_object_or_404(reading.calendars_of(reach), pk=pk)
        place = reading.place_of_section(section, request)
        languages = reading.calendars_of(reach).filter(translation_key=section.translation_key)
        context = {
            "section": section,
            "home": section.get_parent(),
            "languages": languages.exclude(pk=section.pk),
            "dates": reading.own_dates(section),
            "others": reading.others(place) if place else [],
            "has_others": place is not None,
            "may_change": changing.may_change(request.user, section),
        }
        return render(request, "resources/admin/calendar_dates.html", context)


class EventDatesView(View):
    """The next dates of one event."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = get_object_or_404(reading.events_of(reach_of(request.user)), pk=pk)
        context = {
            "event": event,
            "section": event.get_parent(),
            "dates": reading.dates_of(event),
            "may_change": changing.may_change(request.user, event),
        }
        return render(request, "resources/admin/event_dates.html", context)


class DateView(View):
    """One date: cancelled, moved, annotated or put back, after a last look."""

    http_method_names = ("get", "head", "post", "options")

    @cached_property
    def event(self):
        event = get_object_or_404(reading.events_of(reach_of(self.request.user)), pk=self.kwargs["pk"])
        if not changing.may_change(self.request.user, event):
            raise Http404
        return event

    @cached_property
    def on(self) -> dt.date:
        """The day by the rule; a 404 when it is none of the event's."""
        try:
            day = dt.date.fromisoformat(self.kwargs["day"])
        except ValueError:
            raise Http404 from None
        if self._dated(day) is None:
            raise Http404
        return day

    @property
    def act(self) -> str:
        act = self.kwargs["act"]
        known = {CANCEL, RESTORE} if not self.event.is_recurring else {*KINDS, RESTORE}
        if act not in known:
            raise Http404
        return act

    def _dated(self, day: dt.date) -> expansion.Dated | None:
        found = expansion.dates(self.event, since=day, last=day)
        return next((dated for dated in found if dated.date == day), None)

    def get(self, request: HttpRequest, pk: int, day: str, act: str) -> HttpResponse:
        return self._show(None if self.act == RESTORE else self._form())

    def post(self, request: HttpRequest, pk: int, day: str, act: str) -> HttpResponse:
        if self.act == RESTORE:
            return self._write(None, lambda: changing.restore_date(event=self.event, on=self.on, user=request.user))
        form = self._form(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        row = form.save(commit=False)
        return self._write(form, lambda: changing.change_date(event=self.event, row=row, user=request.user))

    def _form(self, data=None) -> DateForm:
        kind = KINDS[self.act]
        known = next((row for row in self.event.changes.all() if row.date == self.on), None)
        row = EventChange(date=self.on, kind=kind, note=known.note if known else "")
        if known and known.kind == kind == Kind.MOVED:
            for name in ("new_date", "new_time", "new_end_time", "place_name"):
                setattr(row, name, getattr(known, name))
        return DateForm(data, instance=row)

    def _write(self, form, write) -> HttpResponse:
        try:
            write()
        except NotNow as reason:
            return self._show(form, status=409, problem=str(reason))
        said = {
            CANCEL: _("The date of %(day)s is cancelled. Those who registered, if any, are told by mail."),
            MOVE: _("The date of %(day)s is moved. Those who registered, if any, are told by mail."),
            ANNOTATE: _("What you wrote is shown with the date of %(day)s."),
            RESTORE: _("The date of %(day)s takes place as usual. Those who registered, if any, are told by mail."),
        }[self.act]
        messages.success(self.request, said % {"day": date_format(self.on, "j F Y")})
        return redirect("calendar_dates", self.event.get_parent().pk)

    def _show(self, form, *, status: int = 200, problem: str = "") -> HttpResponse:
        context = {
            "event": self.event,
            "section": self.event.get_parent(),
            "day": self.on,
            "dated": self._dated(self.on),
            "act": self.act,
            "form": form,
            "problem": problem,
        }
        return render(self.request, "resources/admin/event_date.html", context, status=status)


class LocalNoteView(View):
    """A groupement's note on an event of others: written, changed, removed."""

    http_method_names = ("get", "head", "post", "options")

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.section = get_object_or_404(reading.calendars_of(reach_of(request.user)), pk=kwargs["pk"])
        place = reading.place_of_section(self.section, request)
        if place is None or not changing.may_change(request.user, self.section):
            raise Http404
        self.place = place
        self.event = get_object_or_404(reading.foreign(self.place), translation_key=kwargs["event_key"])
        self.note = reading.note_on(self.place, self.event)

    def get(self, request: HttpRequest, pk: int, event_key: uuid.UUID) -> HttpResponse:
        return self._show(NoteForm(instance=self.note or LocalNote()))

    def post(self, request: HttpRequest, pk: int, event_key: uuid.UUID) -> HttpResponse:
        if "remove" in request.POST:
            return self._write(
                NoteForm(instance=self.note or LocalNote()),
                lambda: changing.remove_note(section=self.section, event=self.event, user=request.user),
                _("The note is removed."),
            )
        form = NoteForm(request.POST, instance=LocalNote(event_key=self.event.translation_key))
        if not form.is_valid():
            return self._show(form, status=422)
        words = {name: getattr(form.instance, name) for name in ("text", "url", "contact")}
        return self._write(
            form,
            lambda: changing.write_note(section=self.section, event=self.event, user=request.user, **words),
            _("The note is shown with this event, in your calendar only."),
        )

    def _write(self, form, write, said: str) -> HttpResponse:
        try:
            write()
        except NotNow as reason:
            return self._show(form, status=409, problem=str(reason))
        messages.success(self.request, said)
        return redirect("calendar_dates", self.section.pk)

    def _show(self, form: NoteForm, *, status: int = 200, problem: str = "") -> HttpResponse:
        shown = type(self.event).on_next_dates([self.event])[0]
        context = {
            "event": shown,
            "section": self.section,
            "home": self.place.home,
            "groupement": self.place.groupement,
            "form": form,
            "has_note": self.note is not None,
            "problem": problem,
        }
        return render(self.request, "resources/admin/local_note.html", context, status=status)

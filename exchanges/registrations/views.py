"""Registering for an event, on the site where it is read. Kept by no cache, sets no cookie."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from core.antispam import key_of
from exchanges.registrations import links, services, sessions
from exchanges.registrations.forms import DOOR, RegistrationForm
from exchanges.registrations.models import Registration
from exchanges.registrations.sessions import Session
from regions import visibility
from regions.places import Place, place_for
from resources.models import EventPage

DATES = 6  # offered beside the form
BIGGEST = 2_147_483_647


def event_at(place: Place, pk: int) -> EventPage:
    """An event that a place shows and that takes registrations; else a 404."""
    event = visibility.visible(EventPage.objects.all(), place).filter(pk=pk).first() if pk <= BIGGEST else None
    if event is None or not event.registers_here:
        raise Http404
    return visibility.present_one(event, place)


def session_asked(event: EventPage, asked: str) -> tuple[Session | None, bool]:
    """The date that an address asks for, else the next one; and whether it is the one asked for."""
    if event.is_recurring and asked:
        try:
            found = sessions.session_of(event, dt.date.fromisoformat(asked))
        except (ValueError, OverflowError):
            found = None
        if found is not None:
            return found, True
    coming = sessions.sessions_to_come(event, 1)
    return (coming[0] if coming else None), not (event.is_recurring and asked)


# No session stands behind this form, so there is nothing for a forged request to borrow; its own signed token says
# that we showed it, and the browser that another site did not send it (docs/adr/0047, 0053).
@method_decorator([never_cache, csrf_exempt], name="dispatch")
class RegistrationView(View):
    """The form of one date of an event."""

    http_method_names = ("get", "head", "post", "options")

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.place = place_for(request)
        self.event = event_at(self.place, kwargs["event_id"])
        self.session, self.is_asked = session_asked(self.event, request.GET.get("date", ""))

    @property
    def made_for(self) -> str:
        """What a form is for: sent for another date, it is not taken."""
        return f"{self.place.site.pk}.{self.event.pk}.{self.session.on or '' if self.session else ''}"

    def get(self, request: HttpRequest, event_id: int) -> HttpResponse:
        return self._show(RegistrationForm(initial={"token": DOOR.new_token(self.made_for), "count": 1}))

    def post(self, request: HttpRequest, event_id: int) -> HttpResponse:
        form = RegistrationForm(request.POST)
        token = DOOR.read_token(request.POST.get("token", ""), self.made_for)
        if self.session is None or not self.is_asked:
            return self._show(form, status=422, fresh=True)
        if not form.is_valid():
            return self._show(form, status=422, fresh=token is None)
        refusal = DOOR.refusal(request, token)
        if refusal or token is None:
            status, sentence, fresh = refusal or (422, "", True)
            form.add_error(None, sentence)
            return self._show(form, status=status, fresh=fresh)
        fields = {name: form.cleaned_data[name] for name in form.own_fields}
        try:
            state = services.register(
                event=self.event,
                on=self.session.on,
                key=key_of(token[0], *map(str, fields.values())),
                language=translation.get_language() or "fr",
                **fields,
            )
        except services.Closed:
            return self._show(form, status=422)
        DOOR.count(request)
        name = "registration_done" if state == Registration.State.SEATED else "registration_waiting"
        return redirect(reverse(name, args=[self.event.pk]) + self.session.query)

    def _show(self, form: RegistrationForm, *, status: int = 200, fresh: bool = False) -> HttpResponse:
        if fresh:
            form.refresh(DOOR.new_token(self.made_for))
        context = page_context(self.place, self.event, self.session) | {
            "form": form,
            "date_not_found": not self.is_asked,
            "others": self._others(),
            "why_closed": self.session.why_closed if self.session else "",
        }
        if self.session is not None:
            kept = sessions.anchor(self.event)
            held = sessions.session_of(kept, self.session.on) or self.session
            context["free"] = services.free_places(held)
        return render(self.request, "exchanges/registration.html", context, status=status)

    def _others(self) -> list[Session]:
        if not self.event.is_recurring:
            return []
        return [
            one for one in sessions.sessions_to_come(self.event, DATES) if one.on != getattr(self.session, "on", 0)
        ]


def page_context(place: Place, event: EventPage, session: Session | None) -> dict:
    """The event on one of its dates, to be shown."""
    if session is not None:
        event.at(session.dated)
    return {"place": place, "event": event, "session": session, "query": session.query if session else ""}


@never_cache
def registration_done(request: HttpRequest, event_id: int, waits: bool = False) -> HttpResponse:
    """Thanks, and what comes next: the same for everybody."""
    place = place_for(request)
    event = event_at(place, event_id)
    session, _is_asked = session_asked(event, request.GET.get("date", ""))
    context = page_context(place, event, session) | {"waits": waits}
    return render(request, "exchanges/registration_done.html", context)


# The signed link is what opens it: whoever has it may cancel, and nobody else's page has it.
@method_decorator([never_cache, csrf_exempt], name="dispatch")
class ManageView(View):
    """One's own registration, by the link of the message: read it, cancel it. Reading it changes nothing."""

    http_method_names = ("get", "head", "post", "options")

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._show(request, links.read(token))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        registration = links.read(token)
        if registration is None or registration.ends_at < timezone.now():
            return self._show(request, registration)
        services.cancel(registration=registration)
        return redirect("registration_manage", token)

    @staticmethod
    def _show(request: HttpRequest, registration: Registration | None) -> HttpResponse:
        place = place_for(request)
        context: dict = {"place": place, "registration": registration}
        if registration is None:
            return render(request, "exchanges/registration_gone.html", context, status=404)
        event = registration.event
        session = sessions.session_of(event, registration.occurrence_on)
        context |= {
            "event": event,
            "session": session,
            "event_url": links.event_url(event, session.query if session else ""),
            "is_over": registration.ends_at < timezone.now(),
        }
        answer = render(request, "exchanges/registration_manage.html", context)
        answer["Referrer-Policy"] = "no-referrer"  # the address is the key
        return answer

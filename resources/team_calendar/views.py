"""The calendar at its private address, and the screen where one asks for that address and ends it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.debug import sensitive_variables

from core.qr import qr_image
from regions.admin.guard.checks import number
from regions.places import place_for
from resources.events import ical
from resources.team_calendar import feed
from resources.team_calendar.models import TeamCalendarKey, make_key, mandates_of, stop_key


@sensitive_variables("token")
def team_calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of the team that a token opens; a wrong, ended or former one is a page that does not exist."""
    key = TeamCalendarKey.objects.opened_by(token) if request.method in {"GET", "HEAD"} else None
    if key is None:
        raise Http404
    key.note_reading()
    response = HttpResponse(feed.calendar(key.mandate, request), content_type=ical.CONTENT_TYPE)
    response["Content-Disposition"] = 'inline; filename="agenda-equipe.ics"'
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


@method_decorator(sensitive_variables("token", "address"), name="post")
class TeamCalendarView(View):
    """“S'abonner à l'agenda de l'équipe”: one address for each of one's mandates, shown once."""

    http_method_names = ("get", "head", "post", "options")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show()

    def post(self, request: HttpRequest) -> HttpResponse:
        mandate = get_object_or_404(mandates_of(request.user), pk=number(request.POST.get("mandate", "")))
        if request.POST.get("act") == "stop":
            if stop_key(mandate):
                messages.success(request, _("The address is ended: nothing can be read there any more."))
            return redirect("team_calendar")
        token = make_key(mandate)
        address = place_for(request).national_site.root_url + reverse("team_calendar_feed", args=[token])
        return self._show(mandate, address)

    def _show(self, mandate=None, address: str = "") -> HttpResponse:
        keys = {key.mandate_id: key for key in TeamCalendarKey.objects.for_user(self.request.user)}
        webcal = "webcal://" + address.split("://", 1)[1] if address else ""
        context = {
            "rows": [{"mandate": one, "key": keys.get(one.pk)} for one in mandates_of(self.request.user)],
            "made": mandate,
            "name": feed.name_of(mandate) if mandate else "",
            "address": address,
            "webcal": webcal,
            "qr": qr_image(webcal) if webcal else "",
        }
        return render(self.request, "resources/admin/team_calendar.html", context)

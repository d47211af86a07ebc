"""Which addresses the installation answers to."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from django.http.request import split_domain_port
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail.models import Site

from core.page_cache import sharing
from regions import rights
from regions.restrictions import PRIVATE_ATTRIBUTE
from regions.sites import NATIONAL_ONLY, find_site, national_site

# Asked by watchers, of a machine by its number: they show nobody's pages.
HEALTH_PATHS = frozenset({"/sante/", "/pret/"})


class KnownHostMiddleware:
    """Answers only for the network's own hosts: an unknown one gets a clear 404, never somebody's site.

    Also refuses addresses that PostgreSQL could not look up (a NUL character), and leads the sign-in
    and the editing screens to the national host.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in HEALTH_PATHS:
            return self.get_response(request)
        site = find_site(request)
        hostname = split_domain_port(request.META.get("HTTP_HOST", ""))[0]
        if site is None or site.hostname != hostname:
            national = Site.objects.filter(is_default_site=True).first()
            page = render_to_string("404_unknown_host.html", {"national_url": national.root_url if national else ""})
            return HttpResponseNotFound(page)
        if "\x00" in request.path_info:
            return HttpResponseNotFound(render_to_string("404.html", request=None))
        if request.path_info.startswith(NATIONAL_ONLY) and not site.is_default_site:
            national = national_site(request)
            return HttpResponseRedirect(national.root_url + request.get_full_path())
        return self.get_response(request)


class MandateMiddleware:
    """Opens and closes access at midnight, for sessions that the night found open, whether or not a command ran.

    What changes during a day is applied when it is written; each session therefore asks once a day.
    """

    SESSION_KEY = "mandates_read_on"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # An anonymous visitor has no session cookie, and costs nothing here.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            today = timezone.localdate().isoformat()
            if request.session.get(self.SESSION_KEY) != today:
                rights.sync_person(request.user)
                request.session[self.SESSION_KEY] = today
        return self.get_response(request)


class PrivateResponseMiddleware:
    """Keeps out of every cache what was made for somebody: signed in, or let into a reserved page or file."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # By the cookie: asking who is signed in would make every public answer vary by it.
        somebody = settings.SESSION_COOKIE_NAME in request.COOKIES
        reserved = getattr(request, PRIVATE_ATTRIBUTE, False)
        if reserved and not somebody and response.status_code in sharing.GONE:
            # Led to sign in, like every visitor: caches that hold the page of before are to hold that instead.
            for name in ("Cache-Control", "Expires"):
                del response.headers[name]
        elif somebody or reserved:
            response.headers["Cache-Control"] = "private, no-store"
        return response

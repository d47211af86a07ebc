"""What every request of a signed-in person goes through before it reaches the administration or an account."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from users import second_factor

ADMIN, ACCOUNT = "/admin/", "/compte/"
SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
ACCESS = "wagtailadmin.access_admin"
SEEN_EVERY = 60  # seconds between two notes of a person's activity: each one writes to the database
# Sent by an open tab, not by a person.
NO_ACTIVITY = ("/admin/editing-sessions/",)
# What a session that has not given its second proof may still ask of one's account.
OPEN_WITHOUT_PROOF = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reauthenticate",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)


class SignedInMiddleware:
    """Ends sessions that lasted too long, and asks for the second proof before the administration opens.

    It stands in front of every address below ``/admin/``, whatever the view: a view cannot forget it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith((ADMIN, ACCOUNT)):
            return self.get_response(request)
        response = None
        if request.user.is_authenticated:
            response = self._end_if_too_old(request) or self._ask_for_proof(request)
        response = response or self.get_response(request)
        add_never_cache_headers(response)
        return response

    def _end_if_too_old(self, request: HttpRequest) -> HttpResponse | None:
        now = int(time.time())
        session = request.session
        holds_admin = request.user.has_perm(ACCESS)
        idle, absolute = settings.MARA_ADMIN_SESSION if holds_admin else settings.MARA_SESSION
        begun = session.setdefault(SIGNED_IN_AT, now)
        seen = session.get(SEEN_AT, begun)
        if now - seen > idle.total_seconds() or now - begun > absolute.total_seconds():
            logout(request)
            messages.info(request, _("You were signed out after a while, for safety. Please sign in again."))
            return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
        if now - seen >= SEEN_EVERY and not request.path_info.startswith(NO_ACTIVITY):
            session[SEEN_AT] = now
        return None

    def _ask_for_proof(self, request: HttpRequest) -> HttpResponse | None:
        if request.path_info.startswith(ADMIN):
            if not request.user.has_perm(ACCESS):
                messages.info(
                    request, _("Your account does not open the editing screens: your mandate may have ended.")
                )
                return HttpResponseRedirect(reverse("account_overview"))
            step = second_factor.missing_step(request) if second_factor.is_required(request.user) else ""
            return HttpResponseRedirect(step) if step else None
        # One's account: a password alone must not be enough to take the second proof away.
        if self._is_open(request) or second_factor.given(request):
            return None
        if second_factor.devices_of(request.user).exists():
            return HttpResponseRedirect(second_factor.missing_step(request))
        return None

    @staticmethod
    def _is_open(request: HttpRequest) -> bool:
        try:
            return resolve(request.path_info).url_name in OPEN_WITHOUT_PROOF
        except Resolver404:
            return True

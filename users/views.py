"""“Mon compte”: one's name, password, second proof and open sessions on one page."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST

from users import audit, second_factor, services
from users.devices import browser_name


@method_decorator(login_required, name="dispatch")
class AccountView(View):
    """What a person sees of their own account."""

    def get(self, request: HttpRequest) -> HttpResponse:
        sessions = sorted(UserSession.objects.purge_and_list(request.user), key=lambda row: row.created_at)
        codes = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.RECOVERY_CODES).first()
        context = {
            "devices": list(second_factor.devices_of(request.user)),
            "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
            "sessions": [
                {
                    "pk": row.pk,
                    "browser": browser_name(row.user_agent),
                    "since": row.created_at,
                    "is_current": row.session_key == request.session.session_key,
                }
                for row in sessions
            ],
            "keeps_pages": request.user.has_perm("wagtailadmin.access_admin"),
        }
        return render(request, "account/overview.html", context)


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions; another person's is a 404."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    session.end()
    audit.record("session.ended", actor=request.user, person=request.user)
    messages.success(request, _("This session is closed."))
    return redirect("account_overview")


@require_POST
@login_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End every session of one's own but this one, also those that no list knows of."""
    services.end_sessions(request.user)
    update_session_auth_hash(request, request.user)
    UserSession.objects.create_from_request(request)
    audit.record("session.others-ended", actor=request.user, person=request.user)
    messages.success(request, _("All your other sessions are closed."))
    return redirect("account_overview")

"""“État de l'installation”: what the administrator must know, and a message to try the mail server with."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from mara_site.hosting.findings import State, findings
from regions.admin.access import NetworkManagerMixin
from users import mail

ORDER = [State.BAD, State.LOOK, State.UNKNOWN, State.GOOD]


class StatusView(NetworkManagerMixin, TemplateView):
    """Every finding, the gravest first."""

    template_name = "hosting/admin/status.html"

    def get_context_data(self, **kwargs):
        found = sorted(findings(), key=lambda finding: ORDER.index(finding.state))
        return super().get_context_data(
            findings=found, bad=sum(finding.state == State.BAD for finding in found), **kwargs
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        mail.send("hosting_test", to=[request.user.email], context={"person": request.user})
        messages.success(
            request, _("A message to %(address)s will leave within a minute.") % {"address": request.user.email}
        )
        return redirect("hosting_status")

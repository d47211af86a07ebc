"""“Courriels”: the messages that could not leave, for administrators."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView
from mailer.models import RESULT_FAILURE, Message, MessageLog

from regions.admin.access import NetworkManagerMixin
from users import mail_queue

SHOWN = 50
ERRORS_SHOWN = 5


class KeptMailView(NetworkManagerMixin, TemplateView):
    """What waits, what was given up and why; one click has it tried again, or dropped."""

    template_name = "regions/admin/kept_mail.html"

    def get_context_data(self, **kwargs):
        given_up, waiting = mail_queue.given_up(), mail_queue.waiting()
        failures = MessageLog.objects.filter(result=RESULT_FAILURE).order_by("-when_attempted")
        return super().get_context_data(
            given_up=given_up[:SHOWN],
            given_up_count=given_up.count(),
            waiting=waiting[:SHOWN],
            waiting_count=waiting.count(),
            failures=failures.only("when_attempted", "log_message")[:ERRORS_SHOWN],
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = self._chosen(request.POST)
        if request.POST.get("action") == "drop":
            count, _by_model = chosen.delete()
            messages.success(
                request,
                ngettext("%(count)s message dropped.", "%(count)s messages dropped.", count) % {"count": count},
            )
        else:
            count = mail_queue.try_again(chosen)
            text = ngettext("%(count)s message will be sent again.", "%(count)s messages will be sent again.", count)
            messages.success(request, text % {"count": count} if count else _("This message has already gone."))
        return redirect("kept_mail")

    def _chosen(self, data):
        """The message named by the form, or all that were given up."""
        number = data.get("message", "")
        if number.isascii() and number.isdigit() and len(number) < 19:
            return Message.objects.filter(pk=int(number))
        return mail_queue.given_up() if number == "all" else Message.objects.none()

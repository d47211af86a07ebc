"""“Appareils perdus”: an administrator asks to remove a person's devices, another one approves."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import FormView

from regions import people
from regions.admin.access import NetworkManagerMixin
from users import mail, services
from users.models import DeviceReset

RECENT = 20


class DeviceResetForm(forms.Form):
    """Whose device, and how the administrator made sure of it."""

    email = forms.EmailField(label=gettext_lazy("E-mail of the person"))
    reason = forms.CharField(
        label=gettext_lazy("How did you make sure that it is this person?"),
        help_text=gettext_lazy("Such as: I called back at the number that I know."),
        max_length=300,
    )

    def clean_email(self):
        self.person = get_user_model().objects.filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if self.person is None:
            raise forms.ValidationError(_("This address has no account here."))
        return self.cleaned_data["email"]


class DeviceResetsView(NetworkManagerMixin, FormView):
    """The requests that wait, those of late, and the form of a new one."""

    template_name = "regions/admin/devices.html"
    form_class = DeviceResetForm
    success_url = reverse_lazy("device_resets")

    def get_context_data(self, **kwargs):
        resets = DeviceReset.objects.select_related("person", "asked_by", "answered_by")
        return super().get_context_data(
            waiting=[
                {"reset": reset, "is_mine": self.request.user.pk in (reset.asked_by_id, reset.person_id)}
                for reset in resets.filter(answered_at__isnull=True)
            ],
            answered=resets.filter(answered_at__isnull=False)[:RECENT],
            **kwargs,
        )

    def form_valid(self, form):
        person, asked_by, reason = form.person, self.request.user, form.cleaned_data["reason"]
        try:
            services.ask_for_device_reset(person=person, reason=reason, asked_by=asked_by)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        words = {"person": person, "asked_by": asked_by, "reason": reason, "path": reverse("device_resets")}
        others = [admin.email for admin in people.administrators() if admin.pk not in (asked_by.pk, person.pk)]
        mail.send("device_reset_asked", to=others, context=words)
        mail.send("device_reset_notice", to=[person.email], context=words)
        messages.success(self.request, _("The request is noted. Another administrator must approve it."))
        return super().form_valid(form)


class DeviceResetAnswerView(NetworkManagerMixin, View):
    """The second administrator's answer."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        reset = get_object_or_404(DeviceReset, pk=pk)
        approved = request.POST.get("answer") == "approve"
        try:
            services.answer_device_reset(reset=reset, answered_by=request.user, approved=approved)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("device_resets")
        if approved:
            mail.send("device_reset_done", to=[reset.person.email], context={"path": reverse("account_login")})
        messages.success(request, _("The devices are removed.") if approved else _("The request is refused."))
        return redirect("device_resets")

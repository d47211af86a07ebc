"""The page that an invitation's link opens, on the public side."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from regions import invitations
from users.models import User


class NewAccountForm(forms.Form):
    """Name and password of somebody who has no account yet."""

    first_name = forms.CharField(
        label=gettext_lazy("First name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
    )
    again = forms.CharField(
        label=gettext_lazy("The same password again"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, email: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self):
        data = super().clean()
        password = data.get("password")
        if password and data.get("again") is not None and password != data["again"]:
            self.add_error("again", _("The two passwords are not the same."))
        if password:
            person = User(email=self.email, first_name=data.get("first_name", ""), last_name=data.get("last_name", ""))
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return data


@method_decorator(sensitive_post_parameters("password", "again"), name="dispatch")
class InvitationView(View):
    """Accept an invitation: with a new account, or with the one that the address has."""

    def dispatch(self, request: HttpRequest, token: str) -> HttpResponse:
        limited = ratelimit.consume_or_429(request, action="reset_password_from_key", limit_get=True)
        if limited:
            return limited
        found = invitations.find(token)
        if found is None:
            return render(request, "account/invitation_over.html", status=404)
        self.invitation = found
        self.account = invitations.account_of(self.invitation)
        return super().dispatch(request, token)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._show(self._form())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            return self._accept_signed_in() if self.account else self._accept_new()
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(request.path)

    def _form(self) -> NewAccountForm | None:
        return None if self.account else NewAccountForm(None, email=self.invitation.email)

    def _accept_signed_in(self) -> HttpResponse:
        if self.request.user != self.account:
            raise PermissionDenied
        invitations.accept(invitation=self.invitation, person=self.account)
        messages.success(self.request, _("Welcome to the team!"))
        return redirect("wagtailadmin_home")

    def _accept_new(self) -> HttpResponse:
        if self.request.user.is_authenticated:
            raise PermissionDenied
        form = NewAccountForm(self.request.POST, email=self.invitation.email)
        if not form.is_valid():
            return self._show(form)
        data = form.cleaned_data
        person = invitations.accept_with_new_account(
            invitation=self.invitation,
            first_name=data["first_name"],
            last_name=data["last_name"],
            password=data["password"],
        )
        messages.success(self.request, _("Welcome to the team!"))
        record_authentication(self.request, person, method="password", email=person.email, reauthenticated=True)
        login = Login(user=person, email=person.email, redirect_url=reverse("wagtailadmin_home"))
        return perform_login(self.request, login)

    def _show(self, form: NewAccountForm | None) -> HttpResponse:
        back = urlencode({"next": self.request.path})
        context = {
            "invitation": self.invitation,
            "form": form,
            "is_signed_in": bool(self.account) and self.request.user == self.account,
            "somebody_else": self.request.user.is_authenticated and self.request.user != self.account,
            "login_url": f"{reverse('account_login')}?{back}",
        }
        return render(self.request, "account/invitation.html", context)

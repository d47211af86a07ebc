"""The forms of the second proof, in our words; allauth does the checking."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _


class _CodeMixin:
    """A field for a code: pasted or filled in by the phone as well as typed."""

    code_label = _("Your code")
    code_help = _("The six figures that your application shows, or one of your recovery codes.")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label, field.help_text = self.code_label, self.code_help
        field.widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "spellcheck": "false"}
        )


class CodeForm(_CodeMixin, AuthenticateForm):
    """At sign-in."""


class CodeAgainForm(_CodeMixin, ReauthenticateForm):
    """Before a change of one's account, or when a session lacks its second proof."""


class FirstCodeForm(_CodeMixin, ActivateTOTPForm):
    """When the application is set up."""

    code_help = _("The six figures that your application shows now.")


class _NameMixin:
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("A name for this device")
        self.fields["name"].help_text = _("To recognise it later, such as: my telephone.")
        self.fields["name"].max_length = 60
        self.fields["name"].widget.attrs["maxlength"] = 60


class AddKeyForm(_NameMixin, AddWebAuthnForm):
    """A new passkey."""


class RenameKeyForm(_NameMixin, EditWebAuthnForm):
    """Another name for a passkey."""


class ForgottenPasswordForm(ResetPasswordForm):
    """Sends one message whether the address has an account or not: same answer, same time."""

    def save(self, request, **kwargs) -> str:
        if self.users:
            return super().save(request, **kwargs)
        email = self.cleaned_data["email"]
        # What a known address costs: its rows are read, a link is made.
        nobody = get_user_model()(pk=0)
        link = get_adapter().get_reset_password_from_key_url(f"0-{default_token_generator.make_token(nobody)}")
        context = {"request": request, "password_reset_url": link}
        get_adapter().send_mail("account/email/unknown_account", email, context)
        return email

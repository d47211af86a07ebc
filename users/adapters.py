"""What allauth asks of the project: the words of its errors, the mail of its notices, the secrets it keeps."""

from __future__ import annotations

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

ERRORS = {
    "account_inactive": _("This account is closed."),
    "email_password_mismatch": _("This e-mail and this password do not go together."),
    "enter_current_password": _("This is not your present password."),
    "incorrect_password": _("This is not your password."),
    "incorrect_code": _("This code is not the right one, or was used already. Wait for the next one and try again."),
    "too_many_login_attempts": _("Too many tries. Wait a few minutes, then try again."),
    "rate_limited": _("Too many tries. Wait a few minutes, then try again."),
    "invalid_password_reset": _("This link no longer works."),
    "unknown_email": _("This address has no account here."),
}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in of the project: no sign-up, our own words, notices to the address of the account."""

    error_messages = {**DefaultAccountAdapter.error_messages, **ERRORS}

    def is_open_for_signup(self, request) -> bool:
        """Accounts are born from an invitation."""
        return False

    def get_reauthentication_methods(self, user) -> list[dict]:
        methods = super().get_reauthentication_methods(user)
        words = {
            "reauthenticate": gettext("With my password"),
            "mfa_reauthenticate": gettext("With a code"),
            "mfa_reauthenticate:webauthn": gettext("With my passkey"),
        }
        return [{**method, "description": words.get(method["id"], method["description"])} for method in methods]

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        """One count for an account, whatever the browser calls the host.

        allauth counts for each ``Host`` it was told, port included, and any port is answered: a new one would be a
        new count. To remove when its limits name an account by itself (read in 65.21: ``DefaultAccountAdapter``).
        """
        return credentials.get("email", "").lower()

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        super().send_notification_mail(template_prefix, user, context, email or user.email)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of devices and recovery codes encrypted in the database, under the site's secret key."""

    error_messages = {**DefaultMFAAdapter.error_messages, **ERRORS}

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _keys().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user, type) -> str:
        return gettext("My device")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}


def _keys() -> MultiFernet:
    """The present key first; those kept for a change of key still decrypt."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"mara.second-factor" + secret.encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])

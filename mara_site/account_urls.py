"""Sign-in addresses: only the few of allauth's that people here need; there is no public sign-up.

A password or a device is changed with the notice about it, or not at all; for the application's codes and the recovery
codes allauth writes the notice after (``transaction.on_commit``).
"""

from allauth.account import views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, re_path

from core.whole_requests import whole_or_nothing
from mara_site.views import login
from regions.invitation_views import InvitationView
from users import views as users

urlpatterns = [
    path("", users.AccountView.as_view(), name="account_overview"),
    path("connexion/", login, name="account_login"),
    path("deconnexion/", views.logout, name="account_logout"),
    path("inactif/", views.account_inactive, name="account_inactive"),
    path("verification/", views.reauthenticate, name="account_reauthenticate"),
    path("mot-de-passe/", whole_or_nothing(views.password_change), name="account_change_password"),
    path("mot-de-passe/oublie/", views.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        whole_or_nothing(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/nouveau/fait/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("sessions/fermer/<int:pk>/", users.end_session, name="account_end_session"),
    path("sessions/fermer/", users.end_other_sessions, name="account_end_other_sessions"),
    path("invitation/<str:token>/", InvitationView.as_view(), name="invitation"),
    # The second proof.
    path("double-verification/", mfa.index, name="mfa_index"),
    path("double-verification/code/", mfa.authenticate, name="mfa_authenticate"),
    path("double-verification/confirmer/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("double-verification/application/", totp.activate_totp, name="mfa_activate_totp"),
    path(
        "double-verification/application/retirer/", whole_or_nothing(totp.deactivate_totp), name="mfa_deactivate_totp"
    ),
    path("double-verification/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("double-verification/codes/nouveaux/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("double-verification/cles/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("double-verification/cles/ajouter/", whole_or_nothing(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(
        "double-verification/cles/confirmer/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("double-verification/cles/<int:pk>/nom/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path(
        "double-verification/cles/<int:pk>/retirer/",
        whole_or_nothing(webauthn.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
]

"""Who signs in, how, and for how long: django-allauth is the only way in."""

from datetime import timedelta

AUTH_USER_MODEL = "users.User"
# allauth's alone: Django's own would check each password a second time, and be a second door to watch.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "users.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is born from an invitation that reached the address
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[MARA] "
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a change of password or of device is told to its owner
ACCOUNT_PREVENT_ENUMERATION = True
# Known or not, an address that asks for a new password gets one message: the same answer in the same time.
ACCOUNT_FORMS = {"reset_password": "users.forms.ForgottenPasswordForm"}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# Per network and per account, in growing windows: nobody is shut out for more than an hour.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,60/h/ip,5/300s/key,20/h/key",
    "reset_password": "5/m/ip,30/h/ip,3/m/key,6/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}

# --- The second proof -----------------------------------------------------------------------------

# Asked of whoever enters the administration; `users.middleware` sees to it on every request.
MARA_SECOND_FACTOR = True
MFA_ADAPTER = "users.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "users.forms.CodeForm",
    "reauthenticate": "users.forms.CodeAgainForm",
    "activate_totp": "users.forms.FirstCodeForm",
    "add_webauthn": "users.forms.AddKeyForm",
    "edit_webauthn": "users.forms.RenameKeyForm",
}
MFA_TOTP_ISSUER = "MARA"
MFA_TOTP_TOLERANCE = 1  # half a minute of drift on either side: clocks of phones, and of fingers
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODES_SHOW_ONCE = True

# --- Passwords ------------------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "users.passwords.MaximumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "users.passwords.HouseWordsValidator", "OPTIONS": {"names_from": ["regions.territories.TERRITORIES"]}},
]
PASSWORD_RESET_TIMEOUT = 24 * 3600

# --- How long a session lasts ---------------------------------------------------------------------

# Without activity, and in all. The first pair holds for whoever has access to the administration.
MARA_ADMIN_SESSION = (timedelta(hours=2), timedelta(hours=12))
MARA_SESSION = (timedelta(days=14), timedelta(days=30))
SESSION_COOKIE_AGE = int(MARA_SESSION[1].total_seconds())

"""What `demo`, `dev` and `test` relax on one's own machine: plain HTTP, no secret, files served by the site."""

from mara_site.env import read
from mara_site.settings.base import *  # noqa: F403 - the one place where a star import is the convention
from mara_site.settings.base import INSTALLED_APPS, VAR_DIR

INSTALLED_APPS = ["demo", *INSTALLED_APPS]

# Not a secret: it signs nothing but the sessions of a demonstration that only this machine can reach.
SECRET_KEY = read("DJANGO_SECRET_KEY", default="demonstration-only-" + "0" * 40)

MARA_NATIONAL_HOST = read("MARA_NATIONAL_HOST", default="mara.localhost")
WAGTAILADMIN_BASE_URL = read("MARA_ADMIN_URL") or f"http://{MARA_NATIONAL_HOST}:8000"
MEDIA_ROOT = read("MARA_MEDIA_ROOT", default=str(VAR_DIR / "media"))
MARA_SERVE_MEDIA = True
STATIC_ROOT = read("MARA_STATIC_ROOT") or VAR_DIR / "static"

# Without HTTPS, browsers refuse secure cookies and the __Host- names that require them.
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = False
SESSION_COOKIE_NAME = "mara-session"
CSRF_COOKIE_NAME = "mara-csrf"
LANGUAGE_COOKIE_NAME = "mara-language"

# The demonstration is entered with a password alone; sessions made there are worth nothing elsewhere.
MARA_SECURITY_CONTACT = read("MARA_SECURITY_CONTACT")
MARA_SECOND_FACTOR = read("MARA_SECOND_FACTOR", default=False)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

MAILER_EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "emails"
DEFAULT_FROM_EMAIL = read("MARA_EMAIL_FROM")

# At once, without a worker to watch.
TASKS = task_place(read("MARA_TASKS", default=IMMEDIATE))

MARA_BACKUPS_EXPECTED = False
MARA_BACKUP_DIR = read("MARA_BACKUP_DIR") or VAR_DIR / "backups"
MARA_BACKUP_COPY = read("MARA_BACKUP_COPY")
MARA_BACKUP_PASSWORD = read("MARA_BACKUP_PASSWORD")

LOGGING["root"]["level"] = "WARNING"

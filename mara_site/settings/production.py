"""Production: every value that differs from one installation to the next comes from the environment."""

from mara_site import env_check
from mara_site.database.settings import connection_settings
from mara_site.env import read
from mara_site.settings.base import *  # noqa: F403 - the one place where a star import is the convention
from mara_site.settings.logs import journal
from mara_site.settings.stores import bucket

env_check.require()

SECRET_KEY = read("DJANGO_SECRET_KEY")
DATABASES = {"default": connection_settings(read("DATABASE_URL"), read("MARA_STATEMENT_TIMEOUT_MS"))}

MARA_NATIONAL_HOST = read("MARA_NATIONAL_HOST")
WAGTAILADMIN_BASE_URL = read("MARA_ADMIN_URL") or f"https://{MARA_NATIONAL_HOST}"

MEDIA_ROOT = read("MARA_MEDIA_ROOT")
STATIC_ROOT = read("MARA_STATIC_ROOT") or STATIC_ROOT
MARA_SEARCH_DIR = read("MARA_SEARCH_DIR") or MARA_SEARCH_DIR

if _bucket := read("MARA_S3_BUCKET"):
    STORAGES["default"] = bucket(_bucket, read("MARA_S3_ENDPOINT"), read("MARA_S3_REGION"))
    MARA_SERVE_MEDIA = True  # the web server has no folder to read them from

SECURE_HSTS_SECONDS = read("MARA_HSTS_SECONDS")
MARA_SECURITY_CONTACT = read("MARA_SECURITY_CONTACT")
MARA_SECOND_FACTOR = read("MARA_SECOND_FACTOR")
if read("MARA_TRUST_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # sign-in attempts are counted by visitor, not by proxy

CACHES["pages"] = page_store(read("MARA_PAGE_CACHE_URL"))
MARA_PAGE_CACHE_SECONDS = read("MARA_PAGE_CACHE_SECONDS")
MARA_PAGE_CACHE_SHARED_SECONDS = read("MARA_PAGE_CACHE_SHARED_SECONDS")
if WAGTAILFRONTENDCACHE := read("MARA_FRONT_CACHE"):
    INSTALLED_APPS = [*INSTALLED_APPS, "wagtail.contrib.frontend_cache"]

_mail_server = read("MARA_EMAIL_URL")
MAILER_EMAIL_BACKEND = _mail_server.pop("EMAIL_BACKEND")
globals().update(_mail_server)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = read("MARA_EMAIL_FROM")

TASKS = task_place(read("MARA_TASKS"))

MARA_BACKUP_DIR = read("MARA_BACKUP_DIR") or MARA_BACKUP_DIR
MARA_BACKUP_COPY = read("MARA_BACKUP_COPY")
MARA_BACKUP_PASSWORD = read("MARA_BACKUP_PASSWORD")
MARA_ENV_FILE = read("MARA_ENV_FILE")

MARA_CERTIFICATE_FILE = read("MARA_CERTIFICATE_FILE") or None

LOGGING = journal(read("MARA_LOG_LEVEL"))
if _sentry := read("MARA_SENTRY_DSN"):
    from mara_site.hosting.logs import sentry

    sentry.start(_sentry)

"""Settings common to every environment, safe for production as they stand: the other modules relax them."""

from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from mara_site.settings.page_cache import *  # noqa: F403 - the one place where a star import is the convention
from mara_site.settings.security import *  # noqa: F403 - the one place where a star import is the convention
from mara_site.settings.sign_in import *  # noqa: F403 - the one place where a star import is the convention
from mara_site.settings.tasks import *  # noqa: F403 - the one place where a star import is the convention

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"  # whatever a running site writes; nothing in it is kept in the repository

DEBUG = False

# Deliberate: `regions.middleware.KnownHostMiddleware` answers 404 to any host that is not a Wagtail Site,
# and Sites come and go with groupements, so that a list written here could only be wrong.
ALLOWED_HOSTS = ["*"]

# --- Applications ---------------------------------------------------------------------------------

# Higher rooms first: a template or a command of ours replaces one of the same name below it.
INSTALLED_APPS = [
    "mara_site.hosting",
    "dashboards",
    "search",
    "exchanges",
    "home",
    "resources",
    "regions",
    "users",
    "core",
    "wagtail_localize",
    "wagtail_localize.locales",  # replaces wagtail.locales
    "wagtail.contrib.settings",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.redirects",
    "wagtail.contrib.search_promotions",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "mailer",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "mara_site.hosting.logs.requests.RequestIdMiddleware",
    "mara_site.middleware.ProtectionsMiddleware",
    "core.page_cache.middleware.PageCacheMiddleware",
    # Once more, further in: a page is kept with its protections, so that giving it again writes none.
    "mara_site.middleware.ProtectionsMiddleware",
    "mara_site.middleware.KeepTypedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mara_site.database.lost.LostDatabaseMiddleware",
    "regions.middleware.KnownHostMiddleware",
    "core.limits.LimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "regions.middleware.MandateMiddleware",
    "users.middleware.SignedInMiddleware",
    "regions.middleware.PrivateResponseMiddleware",
    "regions.admin.guard.middleware.AdminGuardMiddleware",
    "mara_site.middleware.StorageMiddleware",
    "mara_site.middleware.ContentPolicyMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "mara_site.urls"
WSGI_APPLICATION = "mara_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "regions.context_processors.place",
            ],
        },
    },
]

# --- Database and cache ---------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In the database: sign-in attempts are counted, and Sites are known, the same way by every worker.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "mara_cache",
        # Beyond it Django drops a third of the keys, counts of tries among them. Each key that is written costs a
        # count of the rows: 1 to 4 ms for so many, 10 to 20 for 100,000.
        "OPTIONS": {"MAX_ENTRIES": 30_000},
    },
    # Where Wagtail writes each copy of an image that it draws, even one it was given. Nowhere: the copies of a page's
    # images are read with them, and a process that remembered one would give its address after another removed it.
    "renditions": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    # Pages made for visitors: in each process's memory, so that giving one again asks nothing of the database.
    "pages": {
        "BACKEND": "core.page_cache.store.PageMemory",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 1000},  # of some 40 kB
    },
}

# --- Languages and time ---------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "mara_site" / "locale"]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
TIME_ZONE = "Europe/Paris"
USE_TZ = True
# Dates are typed and shown in forms as French people write them.
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"

# --- Files ----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "mara_site" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
MARA_SERVE_MEDIA = False  # the web server does it, except for documents/ and original_images/

STORAGES = {
    "default": {"BACKEND": "core.uploads.room.TidyStorage"},
    "staticfiles": {"BACKEND": "mara_site.staticfiles.CompressedStorage"},
}

# Livrets as PDF where the machine has pango; False serves the same pages for the browser to print.
MARA_PDF = True
MARA_PDF_SECONDS = 60  # one file takes one or two; a program that hangs is stopped
MARA_PDF_WAIT = 20  # seconds that a visitor waits while others have theirs made

DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a page of many blocks has more fields than Django's 1,000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- Security -------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^sante/$", r"^pret/$"]  # asked over plain HTTP by whatever watches the process
SECURE_HSTS_SECONDS = 31_536_000
# Neither sub-domains nor preloading: a groupement may have its own domain, whose other hosts are not ours,
# and the promise lasts a year in the browsers that heard it. Each of our hosts makes it for itself.
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_HSTS_PRELOAD = False
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"  # Wagtail allows its own previews by itself

SESSION_ENGINE = "mara_site.database.sessions"
# The __Host- prefix has the browser refuse a cookie set for a parent domain: no groupement's host reads or
# writes the cookies of another.
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = "__Host-language"
LANGUAGE_COOKIE_SECURE = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "https://data.geopf.fr"],  # map tiles, after the visitor's click
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
# Under /admin/ only: Wagtail's date pickers and wagtail-localize's editor write inline scripts, and pages are
# previewed in a frame. To remove when Wagtail's admin runs under a strict policy (wagtail issue 1288).
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:", "https://data.geopf.fr"],
    "frame-src": [SELF],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}

# --- Mail -----------------------------------------------------------------------------------------

# A message is written in the database with what it tells of, in one transaction; the clock delivers it
# (`deliver_mail`), tries again when the mail server does not answer, and shows what it gave up.
EMAIL_BACKEND = "mailer.backend.DbBackend"
EMAIL_TIMEOUT = 15  # seconds
MAILER_ERROR_HANDLER = "users.mail_queue.on_failure"
MAILER_USE_FILE_LOCK = False  # rows are locked one by one: several machines may deliver
MAILER_EMAIL_LOG_MESSAGE_DATA = False  # the log keeps outcomes, not texts
MAILER_EMAIL_MAX_DEFERRED = 3  # a server that refuses three in a row is left alone until the next turn

# --- Watching -------------------------------------------------------------------------------------

MARA_BACKUPS_EXPECTED = True  # a backup older than 26 hours is told by /pret/ and the status screen
MARA_CERTIFICATE_FILE = None

MARA_BACKUP_DIR = VAR_DIR / "backups"
MARA_BACKUP_COPY = MARA_BACKUP_PASSWORD = MARA_ENV_FILE = ""

# --- Log ------------------------------------------------------------------------------------------

# On the standard output, for whatever runs the process to keep; an unknown address is not an incident.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": []},
        "django.request": {"level": "ERROR"},
        "mailer": {"level": "WARNING"},  # its INFO lines name the recipients
    },
}

# --- Wagtail --------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "MARA"
WAGTAILIMAGES_IMAGE_MODEL = "core.Image"
WAGTAILDOCS_DOCUMENT_MODEL = "core.Document"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILADMIN_EXTERNAL_LINK_CONVERSION = ""
WAGTAILADMIN_PERMITTED_LANGUAGES = [("fr", _("French")), ("en", _("English"))]
# Pages and collections are reserved to groups only (regions.restrictions).
WAGTAIL_PRIVATE_PAGE_OPTIONS = WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False

# A submission is told to those who may approve it, and to nobody else.
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAIL_FINISH_WORKFLOW_ACTION = "regions.approval.publish_approved"

# One way in and one way to change a password: allauth's. Wagtail's own forms know no second factor.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False

# The visitors' search index of this machine: made from the database, it may be removed at any time.
MARA_SEARCH_DIR = VAR_DIR / "search"

WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "core.search_backend", "SEARCH_CONFIG": "french"},
}

# What people send is read to its end before it is kept (docs/security.md).
WAGTAILIMAGES_IMAGE_FORM_BASE = "core.uploads.forms.ImageForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "core.uploads.forms.DocumentForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]  # no SVG: it can carry a script
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "ics", "mp3", "mp4", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx", "zip"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILDOCS_SERVE_METHOD = "serve_view"

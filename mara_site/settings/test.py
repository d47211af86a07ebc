"""Settings of the test run: quick, on its own database cluster, and strict about mistakes."""

import os
import tempfile
from pathlib import Path

from mara_site.database.settings import settings_from_environment
from mara_site.database.slots import name_for_tests
from mara_site.database.template import template_name
from mara_site.settings.local import *  # noqa: F403 - the one place where a star import is the convention
from mara_site.settings.local import CACHES, INSTALLED_APPS, MIDDLEWARE, VAR_DIR

SECRET_KEY = "tests-only-" + "0" * 40
DATABASES = {"default": settings_from_environment(VAR_DIR / "test-cluster", disposable=True)}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 0,
    "TEST": {"NAME": name_for_tests(VAR_DIR), "TEMPLATE": template_name()},
}

# A record and its screens, so that the base of those of every feature is tried by itself.
INSTALLED_APPS = [*INSTALLED_APPS, "tests.sample_records"]

MARA_NATIONAL_HOST = "mara.localhost"
WAGTAILADMIN_BASE_URL = "http://mara.localhost"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = CACHES | {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Off: most tests look at what a page says once made. Those of tests/core/page_cache turn it on.
    "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
MARA_REMEMBER = False  # a test's changes are never committed: the generation does not move
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = Path(tempfile.gettempdir()) / f"mara-test-media-{os.getpid()}"
MARA_SEARCH_DIR = None  # in memory: each test sees its own transaction
STATIC_ROOT = Path(tempfile.gettempdir()) / "mara-test-static"

MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise.")]
STORAGES = {
    "default": {"BACKEND": "core.uploads.room.TidyStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"undefined": {"class": "mara_site.settings.strict_templates.UndefinedVariableHandler"}},
    "loggers": {"django.template": {"handlers": ["undefined"], "level": "DEBUG"}},
}

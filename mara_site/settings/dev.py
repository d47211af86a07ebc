"""The developer's twin of the demonstration: error pages with details, and files read as they are edited."""

from mara_site.settings.demo import *  # noqa: F403 - the one place where a star import is the convention
from mara_site.settings.demo import CACHES, MIDDLEWARE

DEBUG = True

# Static files come straight from their sources, with no copy to collect.
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise.")]
STORAGES = {
    "default": {"BACKEND": "core.uploads.room.TidyStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# A template that was just edited shows at once.
CACHES = CACHES | {"pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

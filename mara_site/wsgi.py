"""The door of the application server."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mara_site.settings.production")
django.setup(set_prefix=False)

from core.page_cache import generation  # noqa: E402 - Django is set up first
from mara_site.requests import Handler  # noqa: E402

application = Handler()
generation.watch()

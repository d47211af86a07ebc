"""The door of the application server."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mara_site.settings.production")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402 - Django is set up first
from django.urls import reverse  # noqa: E402
from django.utils import translation  # noqa: E402

from core.page_cache import generation  # noqa: E402
from core.page_cache.keeping import code_print  # noqa: E402
from mara_site.requests import Handler  # noqa: E402

application = Handler()
generation.watch()

# What the first visitor would wait for is read before this process is asked anything: views, addresses, words.
code_print()
for _code, _name in settings.LANGUAGES:
    with translation.override(_code):
        reverse("health")

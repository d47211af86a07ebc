"""The door of the application server."""

import gc
import os

import django

gc.disable()  # what is loaded stays: looking through it for what does not is a sixth of the time that it takes
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mara_site.settings.production")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402 - Django is set up first
from django.db import connections  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import translation  # noqa: E402

from core.page_cache import generation  # noqa: E402
from core.page_cache.keeping import code_print  # noqa: E402
from mara_site import warming  # noqa: E402
from mara_site.requests import Handler  # noqa: E402

application = Handler()
generation.watch()

# What the first visitor would wait for is read before this process is asked anything: views, addresses, words.
code_print()
for _code, _name in settings.LANGUAGES:
    with translation.override(_code):
        reverse("health")
gc.freeze()  # nor is it looked through afterwards, each time for as long as two pages take
gc.enable()


def warmed() -> Handler:
    """The same door, opened once the pages that are asked first were made: for servers of the application."""
    warming.warm()
    connections.close_all()
    gc.freeze()
    return application

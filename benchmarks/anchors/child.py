"""A product, in a process of its own that stays alive: told which page to ask and how often, it says what that cost.

Run by the Python of the product's own environment; knows Django and Wagtail, and nothing of the product. Caches are
cleared before each request, out of what is measured, unless they are to be kept. One line of JSON asks, one answers.
"""

from __future__ import annotations

import json
import os
import sys

PATIENCE = 3  # requests that are not measured: templates are read, the connection is made


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever the product prints is for people
    from django.conf import settings
    from django.utils.module_loading import import_string

    application = import_string(settings.WSGI_APPLICATION)  # the product's own, with whatever it prepares
    for line in sys.stdin:
        answers.write(json.dumps(asked(application, **json.loads(line))) + "\n")
        answers.flush()


def asked(application, host: str, path: str, settings: dict, times: int, count: bool, kept: bool = False) -> dict:
    """Milliseconds of CPU of each request, with these settings; queries and bytes of one more, if they are counted."""
    from django.test.utils import override_settings

    from benchmarks.asking import Visitor, cpu

    visitor = Visitor(application, host, path.encode().decode("latin-1"))  # as WSGI has it
    visitor.environ["wsgi.url_scheme"] = "https"
    with override_settings(**settings):
        if count:
            for _time in range(PATIENCE):
                visitor.get()
            return counted(visitor, kept)
        if kept:
            visitor.get()  # fills what the page that was asked before this one had cleared
        found = []
        for _time in range(times):
            if not kept:
                clear()
            found.append(cpu(visitor.get, 1))
    return {"cpu": found}


def counted(visitor, kept: bool) -> dict:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    if not kept:
        clear()
    with CaptureQueriesContext(connection) as captured:
        body = visitor.get()
    return {"queries": len(captured), "bytes": len(body)}


def clear() -> None:
    """All the caches of Django, and Wagtail's list of sites wherever the product keeps it."""
    from django.core.cache import caches
    from wagtail.models import Site

    for name in caches.settings:
        caches[name].clear()
    Site.clear_site_root_paths_cache()


if __name__ == "__main__":
    main()

"""One web process of a site, for tests: told what to do by its input, line by line; it answers by its output.

python -m tests.resources.index.process DATABASE FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    """Serve until the input ends."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    connection.settings_dict["NAME"] = sys.argv[1]
    settings.MARA_SEARCH_DIR = Path(sys.argv[2])
    for line in sys.stdin:
        action, *arguments = json.loads(line)
        answer = ACTIONS[action](*arguments)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def add(host: str, title: str) -> int:
    from tests.factories import pages
    from tests.resources.index.helpers import place_of

    return pages.news(place_of(host).home, title).pk


def publish(pk: int, title: str) -> None:
    page = _page(pk)
    page.title = title
    page.save_revision().publish()


def unpublish(pk: int) -> None:
    _page(pk).unpublish()


def reserve(pk: int) -> None:
    from wagtail.models import PageViewRestriction

    PageViewRestriction.objects.create(page=_page(pk), restriction_type="login")


def open_again(pk: int) -> None:
    from wagtail.models import PageViewRestriction

    PageViewRestriction.objects.filter(page_id=pk).delete()


def remove(pk: int) -> None:
    """Remove a page, and what tells that it was."""
    from wagtail.models import PageLogEntry

    from resources.models import IndexEntry

    _page(pk).delete()
    PageLogEntry.objects.filter(page_id=pk).delete()
    IndexEntry.objects.filter(pk=pk).delete()


def ask(host: str, text: str) -> list[str]:
    from tests.resources.index.helpers import titles

    return titles(host, text)


def engine() -> str:
    """Which engine answers here."""
    from resources.index import following, local

    try:
        return "tantivy" if local.ready(following.state()).folder else "memory"
    except local.UnavailableError:
        return "PostgreSQL"


def _page(pk: int):
    from wagtail.models import Page

    return Page.objects.get(pk=pk).specific


ACTIONS = {action.__name__: action for action in (add, publish, unpublish, reserve, open_again, remove, ask, engine)}


if __name__ == "__main__":
    main()

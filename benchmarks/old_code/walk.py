"""What the old version does with the demonstration of the present one. Run in the old version's folder.

It asks only for what every version has: addresses, Wagtail's pages, the form of visitors, the clock's commands.
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from tests.controls import fields_of

OLD_ENOUGH = 3.2  # seconds: a visitor's form sent sooner is taken for a robot's
CLOCK = (
    *("publish_scheduled", "extend_calendars", "follow_event_dates", "follow_callbacks", "follow_registrations"),
    *("follow_checks", "follow_labels", "end_expired_mandates", "follow_index", "deliver_mail"),
)


class Walk:
    """What was asked, and what failed of it."""

    def __init__(self) -> None:
        from django.contrib.auth import get_user_model
        from django.test import Client

        self.rows: dict[str, dict] = {}
        people = get_user_model().objects
        self.admin = people.create_user(email="drill@example.org", first_name="Old", last_name="Code")
        people.filter(pk=self.admin.pk).update(is_superuser=True)
        self.admin.refresh_from_db()
        self.visitor = Client(raise_request_exception=False)
        self.editor = Client(raise_request_exception=False)
        self.editor.force_login(self.admin)

    @contextmanager
    def asking(self, kind: str, what: object) -> Iterator[None]:
        row = self.rows.setdefault(kind, {"asked": 0, "failed": []})
        row["asked"] += 1
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what one looks for
            told = traceback.format_exception_only(error)[-1].strip()
            row["failed"].append(f"{what}: {told[:300]}")

    def run(self) -> None:
        from wagtail.models import Page

        public = [page for page in Page.objects.live().filter(depth__gt=1).specific() if page.full_url]
        models = {type(page): page for page in public if not page.alias_of_id}
        self.host = urlsplit(public[0].full_url).netloc
        self._read([page.full_url for page in public])
        self._screens(models.values())
        self._write(models.values())
        self._form(public)
        self._callback(public)
        self._clock()

    def _answer(self, client, url: str, data: dict | None = None, *, wanted: tuple[int, ...] = (200,)):
        parts = urlsplit(url)
        host = parts.netloc or self.host
        ask: Callable = client.get if data is None else client.post
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        answer = ask(path, *([] if data is None else [data]), headers={"host": host})
        if answer.status_code not in wanted:
            raise AssertionError(f"answered {answer.status_code}")
        return answer

    def _read(self, urls: list[str]) -> None:
        hosts = sorted({urlsplit(url).netloc for url in urls})
        services = ("/sitemap.xml", "/recherche/?q=emploi", "/sante/", "/agenda/", "/annuaire/", "/etre-rappele/")
        for url in urls:
            with self.asking("a visitor reads each published page", url):
                # What is reserved leads to the sign-in, and a page of one's own host to another.
                self._answer(self.visitor, url, wanted=(200, 301, 302))
        for url in (f"http://{host}{path}" for host in hosts for path in services):
            with self.asking("searches, listings, services of each site", url):
                self._answer(self.visitor, url, wanted=(200, 301, 302, 404))

    def _screens(self, pages) -> None:
        from django.urls import reverse

        names = ("wagtailadmin_home", "wagtailadmin_explore_root", "wagtailimages:index", "wagtaildocs:index")
        screens = [reverse(name) for name in names]
        for page in pages:
            of_page = ("wagtailadmin_pages:edit", "wagtailadmin_pages:history", "wagtailadmin_explore")
            screens += [reverse(name, args=[page.pk]) for name in of_page]
        for path in screens:
            with self.asking("screens of the administration", path):
                self._answer(self.editor, path)

    def _write(self, pages) -> None:
        for page in pages:
            with self.asking("a page of each type: draft, published, withdrawn, published", page.full_url):
                page.save_revision(user=self.admin).publish(user=self.admin)
                page.refresh_from_db()
                page.unpublish(user=self.admin)
                page.save_revision(user=self.admin).publish(user=self.admin)
                page.refresh_from_db()
                if not page.live:
                    raise AssertionError("it is not published")

    def _form(self, public) -> None:
        from django.urls import reverse

        page = next(page for page in public if type(page).__name__ == "NewsPage" and not page.alias_of_id)
        with self.asking("published by the editing screen, and read", page.full_url):
            address = reverse("wagtailadmin_pages:edit", args=[page.pk])
            form = _soup(self._answer(self.editor, address)).select_one("form[data-edit-form]")
            # Blocks are laid out by a script: none is sent.
            sent = fields_of(form) | {"title": "Publié par la version d’avant", "body-count": "0"}
            self._answer(self.editor, address, sent | {"action-publish": "action-publish"}, wanted=(302,))
            if sent["title"] not in self._answer(self.visitor, page.full_url).content.decode():
                raise AssertionError("the visitor does not read what was published")

    def _callback(self, public) -> None:
        home = next(page for page in public if type(page).__name__ == "GroupementHomePage")
        address = f"http://{urlsplit(home.full_url).netloc}/etre-rappele/"
        with self.asking("a visitor's request, kept", address):
            before = _count("exchanges_callbackrequest")
            sent = fields_of(_soup(self._answer(self.visitor, address)).select_one("form.callback__form"))
            time.sleep(OLD_ENOUGH)
            sent |= {"name": "Un visiteur", "phone": "02 99 00 00 00", "about": "Par où commencer ?", "consent": "on"}
            self._answer(self.visitor, address, sent, wanted=(302,))
            if _count("exchanges_callbackrequest") != before + 1:
                raise AssertionError("it is not kept")

    def _clock(self) -> None:
        from django.core.management import call_command, get_commands

        for name in CLOCK:
            if name in get_commands():
                with self.asking("the clock's commands", name):
                    call_command(name, verbosity=0, stdout=sys.stderr)


def _soup(answer) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def _count(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


if __name__ == "__main__":
    import django

    django.setup()
    from django.conf import settings

    # Its own, and removed with the rest.
    settings.MARA_SEARCH_DIR = Path(f"{settings.STATIC_ROOT}-search")
    settings.MARA_SEARCH_DIR.mkdir()
    settings.EMAIL_FILE_PATH = settings.MEDIA_ROOT
    walk = Walk()
    walk.run()
    sys.stdout.write(json.dumps(walk.rows) + "\n")

"""Who walks: a client that asks for the answer alone."""

from __future__ import annotations

import sys

from django.core.signals import got_request_exception
from django.test import Client

NATIONAL_HOST = "mara.localhost"


class Browser(Client):
    """Django's test client without the copies that it keeps of each template's variables."""

    # What the last answer failed on, for whoever reads why.
    raised: BaseException | None = None

    def request(self, **request):
        self.raised = None
        got_request_exception.connect(self._note)
        try:
            response = self.handler(self._base_environ(**request))
        finally:
            got_request_exception.disconnect(self._note)
        self.cookies.update(response.cookies)
        return response

    def _note(self, **kwargs) -> None:
        self.raised = sys.exc_info()[1]


def browser_of(world, person: str) -> Browser:
    """A browser on the national host, signed in as one of the world's people, or as nobody."""
    browser = Browser(headers={"host": NATIONAL_HOST}, raise_request_exception=False)
    if person != "anonymous":
        browser.force_login(world.people[person])
    return browser

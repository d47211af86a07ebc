"""Who walks: a client that asks for the answer alone."""

from __future__ import annotations

from django.test import Client

NATIONAL_HOST = "mara.localhost"


class Browser(Client):
    """Django's test client without the copies that it keeps of each template's variables."""

    def request(self, **request):
        response = self.handler(self._base_environ(**request))
        self.cookies.update(response.cookies)
        return response


def browser_of(world, person: str) -> Browser:
    """A browser on the national host, signed in as one of the world's people, or as nobody."""
    browser = Browser(headers={"host": NATIONAL_HOST}, raise_request_exception=False)
    if person != "anonymous":
        browser.force_login(world.people[person])
    return browser

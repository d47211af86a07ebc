"""The works that are killed: what is there before, and what a person or the clock does."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.test import Client

from benchmarks.killed.stand_ins import Partner


@dataclass(frozen=True)
class Work:
    """One work.

    Attributes:
        prepare: makes what must be there before, and returns what the work needs to know.
        act: does it, as a person or the clock does; asked again, it goes on from what it finds.
        partner: the site that the clock reads meanwhile.
        bare: it starts from an installation without any network.
    """

    name: str
    prepare: Callable[[], object]
    act: Callable[[object], object]
    partner: Partner | None = None
    bare: bool = False


class Refused(Exception):
    """The screen answered what no person could go on from."""


def send(client: Client, address: str, fields: dict) -> HttpResponseBase:
    """Send a form, as often as one likes: done already, it may be refused in words, and by nothing else.

    Raises:
        Refused: the answer is neither the next screen, nor the form with what is wrong, nor a conflict.
    """
    response = client.post(address, fields)
    if response.status_code not in {200, 302, 403, 404, 409, 422}:
        raise Refused(f"{response.status_code} of {address}")
    return response


def signed_in(name: str) -> Client:
    """Somebody of the world of the tests, on the host where one edits."""
    from django.contrib.auth import get_user_model

    from tests.factories import world as world_module

    client = Client(headers={"host": world_module.NATIONAL_HOST})
    client.force_login(get_user_model().objects.get(email=f"{name}@example.org"))
    return client


def all_works() -> list[Work]:
    """Every work, in the order in which they are tried."""
    from benchmarks.killed import works_imports, works_network, works_publishing

    families = (works_publishing.works(), works_network.works(), works_imports.works())
    # In turn, so that a run that is stopped has tried some of each.
    rounds = itertools.zip_longest(*families)
    return [work for one in rounds for work in one if work is not None]

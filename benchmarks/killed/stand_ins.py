"""What stands for the world outside: the clock, who waits no minute here, and the site of a partner."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator

from core.outbound import Answer, Fetcher
from mara_site.run import scheduler
from resources.contacts.importing import applying as contacts
from resources.contacts.importing import steps, unattended
from resources.contacts.importing import undoing as contacts_back
from resources.events.importing import applying as events
from resources.events.importing import refreshing
from resources.events.importing import undoing as events_back

STEPS = (contacts, contacts_back, events, events_back)
ADVANCE = (steps.advance, events.advance)


class Partner(Fetcher):
    """A partner's site, which gives one file and says nothing of its version. Stands for the network."""

    def __new__(cls, file: bytes):
        partner = object.__new__(cls)
        object.__setattr__(partner, "file", file)
        return partner

    def __init__(self, file: bytes) -> None:
        pass

    def fetch(self, address, **options):
        return Answer(self.file, "", "")


@contextlib.contextmanager
def hurried(partner: Partner | None = None) -> Iterator[None]:
    """Have the clock take up at once what it leaves alone for a minute, steps of one line, and the partner's site read."""
    chunks = [module.CHUNK for module in STEPS]
    for module in STEPS:
        module.CHUNK = 1
    budgets = [advance.__kwdefaults__["seconds"] for advance in ADVANCE]
    for advance in ADVANCE:
        advance.__kwdefaults__["seconds"] = 0  # one step a request, however fast the machine
    before = unattended.LEFT_ALONE, refreshing.LEFT_ALONE, refreshing.LEASE, refreshing.Fetcher
    unattended.LEFT_ALONE = refreshing.LEFT_ALONE = refreshing.LEASE = dt.timedelta(0)
    if partner is not None:
        refreshing.Fetcher = lambda **options: partner  # type: ignore[assignment,misc]
    try:
        yield
    finally:
        unattended.LEFT_ALONE, refreshing.LEFT_ALONE, refreshing.LEASE, refreshing.Fetcher = before  # type: ignore[misc]
        for module, chunk in zip(STEPS, chunks, strict=True):
            module.CHUNK = chunk
        for advance, budget in zip(ADVANCE, budgets, strict=True):
            advance.__kwdefaults__["seconds"] = budget


def turn_of_the_clock() -> None:
    """Each of the commands that the clock runs each minute, once.

    Raises:
        Exception: what one of them raised.
    """
    outcomes = scheduler._run_all(scheduler.COMMANDS)
    for error in filter(None, outcomes.values()):
        raise error

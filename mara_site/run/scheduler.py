"""The clock of a served site: what cron does in production, each minute and each night, in one process."""

import contextlib
import datetime
import logging
import os
import time
from collections.abc import Iterator, Mapping

import django
from django.core.management import call_command
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

logger = logging.getLogger(__name__)

PERIOD = 60  # seconds
LOCK = 0x4D415241  # of one clock's turn, among the advisory locks of the database
COMMANDS = (
    "settle_restoration",
    "publish_scheduled",
    "continue_contact_imports",
    "follow_event_dates",
    "follow_index",
    "read_event_sources",
    "purge_counts",
)
# Of this machine: run even while the clock of another server is in its turn.
OWN_COMMANDS = ("settle_restoration", "follow_index")
# Between two turns too: somebody may be waiting for a message.
QUICK_COMMANDS = ("deliver_mail",)
QUICK_PERIOD = 5  # seconds
# Between two turns, in the second after a page is to appear or to go.
AT_ITS_HOUR = ("publish_scheduled",)
# With the first turn of each day, and the first after a start: each is safe to repeat.
DAILY_COMMANDS = (
    "extend_calendars",
    "end_expired_mandates",
    "follow_labels",
    "clearsessions",
    "purge_mail",
    "purge_search_counts",
    "follow_callbacks",
    "follow_registrations",
    "follow_checks",
    "purge_corrections",
    "locate_contacts",
    "purge_contact_imports",
    "purge_event_imports",
    "purge_made_files",
    "purge_tasks",
)


def main() -> None:
    """Run the periodic commands until the process that started us ends."""
    parent = os.getppid()
    django.setup()
    day = None
    while os.getppid() == parent:
        day = turn(day)
        close_old_connections()
        _sleep_while_attached(parent)


def turn(day: datetime.date | None) -> datetime.date | None:
    """Run what is due.

    Args:
        day: the day whose commands have all been run; ``None`` at the start.

    Returns:
        the same for the next turn: a day whose commands failed comes again.
    """
    with _alone() as alone:
        if not alone:
            _run_all(OWN_COMMANDS)
            return day
        outcomes = _run_all(COMMANDS)
        today = timezone.localdate()
        if day != today:
            daily = _run_all(DAILY_COMMANDS)
            outcomes |= daily
            if not any(daily.values()):
                day = today
        _record({"clock": None, **outcomes})
        return day


@contextlib.contextmanager
def _alone() -> Iterator[bool]:
    """Tell whether no clock of another server is in its turn, and keep them waiting meanwhile.

    A lock of the database session: it goes with us, however we end.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            row = cursor.fetchone()
    except DatabaseError:
        yield True  # each command says for itself that the database does not answer
        return
    alone = bool(row and row[0])
    try:
        yield alone
    finally:
        if alone:
            with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _run_all(commands: tuple[str, ...]) -> dict[str, Exception | None]:
    """Run commands one after the other; return the error of each, ``None`` where it succeeded."""
    outcomes: dict[str, Exception | None] = {}
    for command in commands:
        outcomes[command] = None
        try:
            call_command(command, verbosity=0)
        except DatabaseError as error:
            outcomes[command] = error
            # Its words may quote a row: the journal takes its kind only.
            logger.warning("periodic command put off: %s (%s)", command, type(error).__name__)
        except Exception as error:
            outcomes[command] = error
            logger.exception("periodic command failed: %s", command)
    return outcomes


def _record(outcomes: Mapping[str, Exception | None]) -> None:
    """Write down what became of the commands, for `/pret/` and the administrator's screen."""
    # Here: the models are there once Django is set up.
    from mara_site.hosting import pulses

    try:
        pulses.record(outcomes)
    except DatabaseError as error:
        logger.warning("the clock's turn could not be written down (%s)", type(error).__name__)


def _sleep_while_attached(parent: int) -> None:
    """Wait for the next turn; meanwhile do what is quick, and what has its hour at its hour."""
    deadline = time.monotonic() + PERIOD
    quick = time.monotonic() + QUICK_PERIOD
    hour = _next_hour()
    while time.monotonic() < deadline and os.getppid() == parent:
        time.sleep(1)
        if hour is not None and timezone.now() > hour:
            _run_and_record(AT_ITS_HOUR)
            hour = _next_hour()
        if time.monotonic() >= quick:
            _run_and_record(QUICK_COMMANDS)
            close_old_connections()
            hour = _next_hour()
            quick = time.monotonic() + QUICK_PERIOD


def _run_and_record(commands: tuple[str, ...]) -> None:
    """Run commands between two turns: their failures alone are written down."""
    if failed := {name: error for name, error in _run_all(commands).items() if error}:
        _record(failed)


def _next_hour() -> datetime.datetime | None:
    from core.management.commands.publish_scheduled import next_hour

    try:
        return next_hour()
    except DatabaseError:
        return None


if __name__ == "__main__":
    main()

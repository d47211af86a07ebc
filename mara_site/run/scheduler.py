"""The clock of a served site: what cron does in production, each minute and each night, in one process."""

import datetime
import logging
import os
import sys
import time

import django
from django.core.management import call_command
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

logger = logging.getLogger(__name__)

PERIOD = 60  # seconds
COMMANDS = (
    "publish_scheduled",
    "continue_contact_imports",
    "follow_event_dates",
    "follow_index",
    "read_event_sources",
)
# Between two turns too: somebody may be waiting for a message.
QUICK_COMMANDS = ("deliver_mail",)
QUICK_PERIOD = 5  # seconds
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
    _run_all(COMMANDS)
    today = timezone.localdate()
    if day == today or not _run_all(DAILY_COMMANDS):
        return day
    return today


def _run_all(commands: tuple[str, ...]) -> bool:
    """Run commands one after the other; tell whether they all succeeded."""
    succeeded = True
    for command in commands:
        try:
            call_command(command, verbosity=0)
        except DatabaseError as error:
            succeeded = False
            sys.stderr.write(f"Tâche « {command} » remise à plus tard : {error}\n")
        except Exception:
            succeeded = False
            logger.exception("periodic command failed: %s", command)
    return succeeded


def _sleep_while_attached(parent: int) -> None:
    deadline = time.monotonic() + PERIOD
    quick = time.monotonic() + QUICK_PERIOD
    while time.monotonic() < deadline and os.getppid() == parent:
        time.sleep(1)
        if time.monotonic() >= quick:
            _run_all(QUICK_COMMANDS)
            close_old_connections()
            quick = time.monotonic() + QUICK_PERIOD


if __name__ == "__main__":
    main()

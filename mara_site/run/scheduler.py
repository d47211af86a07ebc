"""The clock of a served site: what a cron job does in production, once a minute, in one process."""

import os
import sys
import time

import django
from django.core.management import call_command
from django.db import DatabaseError, close_old_connections

PERIOD = 60  # seconds
COMMANDS = ("publish_scheduled",)


def main() -> None:
    """Run the periodic commands until the process that started us ends."""
    parent = os.getppid()
    django.setup()
    while os.getppid() == parent:
        for command in COMMANDS:
            try:
                call_command(command, verbosity=0)
            except DatabaseError as error:
                sys.stderr.write(f"Tâche « {command} » remise à plus tard : {error}\n")
        close_old_connections()
        _sleep_while_attached(parent)


def _sleep_while_attached(parent: int) -> None:
    deadline = time.monotonic() + PERIOD
    while time.monotonic() < deadline and os.getppid() == parent:
        time.sleep(1)


if __name__ == "__main__":
    main()

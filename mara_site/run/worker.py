"""The worker of a served site: does the tasks that the database keeps, and ends after the one under way when asked."""

import logging
import signal
import sys

import django
from django.db import DatabaseError

logger = logging.getLogger(__name__)

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def main() -> int:
    """Do tasks until SIGTERM or SIGINT."""
    django.setup()
    # Here: the models are there once Django is set up.
    from core.tasks.asking import are_kept
    from core.tasks.worker import Worker

    if not are_kept():
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        logger.warning("tasks are done at once here (MARA_TASKS): there is nothing for a worker to do")
        signal.sigwait(STOP_SIGNALS)  # to end would have us started again for ever
        return 0
    worker = Worker(heard=_heard)
    for number in STOP_SIGNALS:
        signal.signal(number, lambda *_arguments: worker.stop())
    worker.run()
    return 0


def _heard() -> None:
    """Write down that a worker is at work, for `/pret/` and the administrator's screen."""
    from mara_site.hosting import pulses

    try:
        pulses.record({pulses.WORKER: None})
    except DatabaseError as error:
        logger.warning("the worker could not be written down (%s)", type(error).__name__)


if __name__ == "__main__":
    sys.exit(main())

"""Messages kept in the database until they are gone: delivery, new tries, and what was given up.

Django's mail goes through ``mailer.backend.DbBackend``, which writes each message in the transaction of
what it tells of. Delivery is at least once: a process killed between the mail server's answer and its own
commit sends that message again.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils import timezone
from mailer.engine import send_all
from mailer.models import PRIORITY_DEFERRED, PRIORITY_MEDIUM, RESULT_FAILURE, RESULT_SUCCESS, Message, MessageLog

logger = logging.getLogger(__name__)

# How long after it was written a message that could not leave is tried again; after the last, it waits for
# an administrator.
RETRY_AFTER = (
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=20),
    dt.timedelta(hours=1),
    dt.timedelta(hours=6),
    dt.timedelta(days=1),
)
KEPT_DAYS = 30


def deliver() -> None:
    """Send what waits, and again what failed long enough ago."""
    now = timezone.now()
    for tries, delay in enumerate(RETRY_AFTER):
        Message.objects.deferred().filter(retry_count=tries, when_added__lte=now - delay).update(
            priority=PRIORITY_MEDIUM, retry_count=tries + 1
        )
    send_all()


def on_failure(connection, message: Message, error: Exception):
    """Set a message aside until its next try, whatever was wrong with it: the others must go on.

    Called by django-mailer; returns the connection to use for the next message (none: a new one) and the outcome.

    Raises:
        DatabaseError: as it came; the transaction that holds the message cannot be used any more.
    """
    if isinstance(error, DatabaseError):
        raise error
    message.defer()
    MessageLog.objects.log(message, RESULT_FAILURE, log_message=f"{type(error).__name__}: {error}")
    logger.warning("a message could not be sent (try %s): %s", message.retry_count + 1, type(error).__name__)
    return None, "deferred"


def given_up() -> QuerySet[Message]:
    """The messages whose tries are exhausted, the oldest first."""
    return Message.objects.filter(priority=PRIORITY_DEFERRED, retry_count__gte=len(RETRY_AFTER)).order_by("when_added")


def waiting() -> QuerySet[Message]:
    """The messages that will be tried, or tried again."""
    return Message.objects.exclude(pk__in=given_up().values("pk")).order_by("when_added")


def try_again(messages: QuerySet[Message]) -> int:
    """Have messages tried at the next turn, with all their tries before them; return how many."""
    return messages.update(priority=PRIORITY_MEDIUM, retry_count=0, when_added=timezone.now())


def purge() -> None:
    """Forget the outcomes older than thirty days, and the messages given up since."""
    MessageLog.objects.purge_old_entries(KEPT_DAYS, [RESULT_SUCCESS, RESULT_FAILURE])
    given_up().filter(when_added__lt=timezone.now() - dt.timedelta(days=KEPT_DAYS)).delete()

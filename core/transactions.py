"""What is written in a transaction is kept whole, and nobody is told that it is when it is not.

Django ends a transaction that can only be taken back by a ROLLBACK *without an error*, once something on the way has
caught the error (``Atomic.__exit__``), and so does PostgreSQL when it is asked to COMMIT one (its manual, COMMIT).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, transaction
from psycopg.pq import TransactionStatus

LOST = "the transaction was lost on the way: nothing of it is kept"


def must_be_kept() -> None:
    """For the end of a transaction, before anybody is told.

    Raises:
        django.db.OperationalError: what was written can only be taken back, and nothing on the way said so.
    """
    if _is_lost():
        raise OperationalError(LOST)


def _is_lost() -> bool:
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        return False
    raw = connection.connection
    return connection.needs_rollback or raw is None or raw.info.transaction_status == TransactionStatus.INERROR


@contextmanager
def undone_alone(logger: logging.Logger, message: str, *args: object) -> Iterator[None]:
    """Undo a step that fails, and that step only; the log says it, and whoever called goes on.

    Such as the message about a request, which is kept all the same.

    Args:
        message: for ``logger``, with its ``args``.

    Raises:
        Exception: what failed, when the transaction around is lost with it.
    """
    try:
        with transaction.atomic():
            yield
    except Exception:
        if _is_lost():
            raise
        logger.exception(message, *args)
    else:
        must_be_kept()

"""Files made once: found if they are kept, made by one process at a time, kept for a while."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from core.models import MadeFile

KEPT = dt.timedelta(days=7)
KEPT_COUNT = 300  # of about a megabyte
AT_ONCE = 2  # files being made by all machines together
_PAUSE = 0.1  # seconds between two looks


class BusyError(Exception):
    """Others are having files made, and it takes longer than a visitor is asked to wait."""


def digest(*parts: str) -> str:
    """The key of a file made from these texts."""
    return sha256("\x1f".join(parts).encode()).hexdigest()


def obtain(key: str, make: Callable[[], bytes]) -> bytes:
    """The file of this key: the one kept, or made now; those who ask meanwhile wait for it.

    Args:
        key: a :func:`digest` of all that the file says.
        make: makes it; called by one process at a time for a key, and by ``AT_ONCE`` for all keys.

    Raises:
        BusyError: nothing came within ``MARA_PDF_WAIT`` seconds.
    """
    if (data := _kept(key)) is not None:
        return data
    deadline = time.monotonic() + settings.MARA_PDF_WAIT
    with _one_of([f"made-file/{key}"], deadline):
        if (data := _kept(key)) is not None:
            return data
        with _one_of([f"made-file-place/{place}" for place in range(AT_ONCE)], deadline):
            data = make()
        MadeFile.objects.get_or_create(key=key, defaults={"data": data})
        return data


def purge() -> int:
    """Forget files made more than a week ago, and the oldest beyond 300; how many. Asked for, they are made again."""
    with transaction.atomic():
        count = MadeFile.objects.filter(made_at__lt=timezone.now() - KEPT).delete()[0]
        newest = MadeFile.objects.order_by("-made_at", "-pk").values("pk")[:KEPT_COUNT]
        return count + MadeFile.objects.exclude(pk__in=list(newest.values_list("pk", flat=True))).delete()[0]


def _kept(key: str) -> bytes | None:
    data = MadeFile.objects.filter(key=key).values_list("data", flat=True).first()
    return None if data is None else bytes(data)


@contextmanager
def _one_of(names: list[str], deadline: float) -> Iterator[None]:
    """Hold one of several locks of the database, common to all machines and freed if the process dies."""
    numbers = [int.from_bytes(sha256(name.encode()).digest()[:8], signed=True) for name in names]
    while True:
        for number in numbers:
            if _asks("pg_try_advisory_lock", number):
                try:
                    yield
                finally:
                    _asks("pg_advisory_unlock", number)
                return
        if time.monotonic() >= deadline:
            raise BusyError
        time.sleep(_PAUSE)


def _asks(function: str, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [number])
        return cursor.fetchone()[0]

"""The tasks of the drill. Their effect is one row each time that they are done: doing one twice is seen."""

from __future__ import annotations

import os
import random
import signal
import time

from django.db import connection

from core.tasks.asking import work

SECONDS = 0.03  # an ordinary task


def _leave(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO drill_effect (name) VALUES (%s)", [name])


@work(lambda name: name)
def ordinary(name: str) -> None:
    time.sleep(SECONDS)
    _leave(name)


@work(lambda name: name)
def capricious(name: str) -> None:
    """Fails half the time."""
    if random.random() < 0.5:
        raise ValueError(name)
    _leave(name)


@work(lambda name: name)
def poison(name: str) -> None:
    _leave(name)
    raise ValueError(name)


@work(lambda name: name)
def killer(name: str) -> None:
    _leave(name)
    os.kill(os.getpid(), signal.SIGKILL)

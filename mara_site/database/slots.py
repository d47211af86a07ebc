"""Names of test databases, for test runs that share a cluster: two at once must not erase each other's."""

import fcntl
import os
from pathlib import Path

SLOT_VARIABLE = "MARA_TEST_SLOT"


def name_for_tests(directory: Path) -> str:
    """Return a database name that no other running test run uses.

    The first process of a run takes a free number and hands it to its children through the environment.
    """
    slot = os.environ.get(SLOT_VARIABLE) or _take_slot(directory)
    os.environ[SLOT_VARIABLE] = slot
    return f"test_mara_{slot}"


def _take_slot(directory: Path) -> str:
    directory.mkdir(parents=True, exist_ok=True)
    number = 0
    while True:
        # Left open on purpose: the system frees the lock when this process ends, however it ends.
        lock = os.open(directory / f"test-slot-{number}.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            number += 1
        else:
            return str(number)


def any_taken(directory: Path) -> bool:
    """Tell whether a test run is going on in this clone."""
    for path in directory.glob("test-slot-*.lock"):
        with path.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
    return False

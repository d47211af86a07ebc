"""Files made once: kept, made by one at a time, forgotten after a while."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from core.models import MadeFile
from core.pdf import keeping


def test_obtain__asked_twice__makes_it_once(db):
    made = []
    for _time in range(2):
        assert keeping.obtain("k", lambda: made.append(1) or b"%PDF-1") == b"%PDF-1"
    assert made == [1]


def test_obtain__another_key__is_another_file(db):
    first, second = keeping.digest("a", "bc"), keeping.digest("ab", "c")
    assert first != second
    assert keeping.obtain(first, lambda: b"1") == b"1"
    assert keeping.obtain(second, lambda: b"2") == b"2"


def test_obtain__making_fails__is_tried_again_the_next_time(db):
    def fail() -> bytes:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        keeping.obtain("k", fail)
    assert keeping.obtain("k", lambda: b"1") == b"1"


def test_obtain__six_at_once__make_it_once(django_db_setup, django_db_blocker):
    """On connections of their own, hence outside of the test's transaction; the row is removed afterwards."""
    with django_db_blocker.unblock():
        barrier, made, given = threading.Barrier(6), [], []
        going_on = threading.Event()

        def make() -> bytes:
            made.append(1)
            going_on.wait(timeout=0.5)  # never set: the others come while it is being made
            return b"%PDF-1"

        def ask() -> None:
            barrier.wait(timeout=30)
            given.append(keeping.obtain("six-at-once", make))
            connection.close()

        threads = [threading.Thread(target=ask) for _number in range(6)]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert made == [1]
            assert given == [b"%PDF-1"] * 6
        finally:
            MadeFile.objects.filter(key="six-at-once").delete()
            connection.close()


def test_obtain__all_places_are_taken__says_busy_and_leaves_no_lock(db, settings):
    settings.MARA_PDF_WAIT = 0
    taken, leave = threading.Barrier(keeping.AT_ONCE + 1), threading.Event()

    def hold(number: int) -> None:
        with keeping._one_of([f"made-file-place/{number}"], 0):
            taken.wait(timeout=30)
            leave.wait(timeout=30)
        connection.close()

    threads = [threading.Thread(target=hold, args=[number]) for number in range(keeping.AT_ONCE)]
    for thread in threads:
        thread.start()
    taken.wait(timeout=30)
    try:
        with pytest.raises(keeping.BusyError):
            keeping.obtain("k", lambda: b"1")
    finally:
        leave.set()
        for thread in threads:
            thread.join()
    assert keeping.obtain("k", lambda: b"1") == b"1"


def test_purge__old_and_too_many__are_forgotten(db, monkeypatch):
    now = timezone.now()
    for number in range(4):
        MadeFile.objects.create(key=f"new-{number}", data=b"x", made_at=now - dt.timedelta(hours=number))
    MadeFile.objects.create(key="old", data=b"x", made_at=now - keeping.KEPT - dt.timedelta(minutes=1))
    monkeypatch.setattr(keeping, "KEPT_COUNT", 3)
    call_command("purge_made_files")
    assert set(MadeFile.objects.values_list("key", flat=True)) == {"new-0", "new-1", "new-2"}

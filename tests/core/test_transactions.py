"""A step that is undone alone: the log tells of it, and nothing is called kept that is not."""

from __future__ import annotations

import contextlib
import logging

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError, connection, transaction

from core.transactions import undone_alone

logger = logging.getLogger("tests")


def lose_the_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def test_step__that_fails__is_undone_alone_and_told(db, caplog):
    with transaction.atomic():
        Group.objects.create(name="kept")
        with undone_alone(logger, "step %s failed", 7):
            Group.objects.create(name="undone")
            raise ValueError("no")
    assert [group.name for group in Group.objects.filter(name__in=["kept", "undone"])] == ["kept"]
    assert caplog.messages == ["step 7 failed"]


@pytest.mark.parametrize("error", [None, ValueError("of the step, the connection being gone")])
def test_step__that_loses_the_transaction_around__lets_nothing_be_called_kept(elsewhere, error):
    acknowledged = []

    def work():
        with transaction.atomic():
            Group.objects.create(name="never kept")
            with undone_alone(logger, "failed"):
                try:
                    lose_the_connection()
                except OperationalError:
                    raise error or OperationalError("lost") from None
        acknowledged.append(True)

    with pytest.raises(type(error) if error else OperationalError):
        elsewhere(work)
    assert not acknowledged
    assert not elsewhere(Group.objects.filter(name="never kept").exists)


def test_step__that_hides_that_it_lost_the_transaction_around__lets_nothing_be_called_kept(elsewhere):
    def work():
        with transaction.atomic():
            Group.objects.create(name="never kept")
            with undone_alone(logger, "failed"), contextlib.suppress(OperationalError), transaction.atomic():
                lose_the_connection()

    with pytest.raises(OperationalError):
        elsewhere(work)
    assert not elsewhere(Group.objects.filter(name="never kept").exists)


def test_step__alone_and_without_database__is_told_and_whoever_called_goes_on(elsewhere, caplog):
    def work():
        with undone_alone(logger, "step failed"):
            lose_the_connection()
        return "went on"

    assert elsewhere(work) == "went on"
    assert "step failed" in caplog.messages

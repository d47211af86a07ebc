"""An import stopped anywhere resumes to the same end: never a line twice, never a half contact."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from resources.contacts.importing import applying, undoing
from resources.contacts.importing.reading import describe
from resources.models import ContactImport, ContactImportRow, ContactPage
from tests.factories import pages
from tests.imports import run, section_of, table

RAW = table(
    "Atelier du port;Employeur;02 98 00 00 01;atelier@example.org;29200;Brest;lundi, 9 h – 12 h",
    "Mairie;Employeur;;mairie@example.org;29000;Quimper;",
)
# Every so many statements of the longer stages: a prime number, so that the points differ from one step to the next.
STRIDE = {"applying": 17, "undoing": 31}


class KilledError(BaseException):
    """Stands for the end of the process: nothing catches it."""


class Killer:
    """Stops the work at its n-th statement, once."""

    def __init__(self, at: int | None) -> None:
        self.at, self.seen = at, 0

    def __call__(self, execute, sql, params, many, context):
        self.seen += 1
        if self.at is not None and self.seen == self.at:
            raise KilledError
        return execute(sql, params, many, context)


@pytest.fixture
def section(world):
    section = section_of(world)
    pages.category("employeur", "work")
    pages.contact(section.get_parent(), "Mairie", commune="Quimper", email="ancienne@example.org")
    return section


def _new(world, section) -> ContactImport:
    return ContactImport.objects.create(
        groupement=world.a,
        section=section,
        started_by=world.people["referent_a"],
        file_title="contacts.csv",
        raw=RAW,
        form=describe(RAW),
    )


def _compared(world, section) -> ContactImport:
    origin = run(_new(world, section))
    origin.state = "checking"
    origin.save(update_fields=["state"])
    return run(origin)


def read(origin):
    return run(origin)


def check(origin):
    origin = run(origin)
    if origin.state == "columns":
        ContactImport.objects.filter(pk=origin.pk).update(state="checking")
        origin.refresh_from_db()
    return run(origin)


def apply(world):
    def work(origin):
        if origin.state == "ready":
            with transaction.atomic():
                applying.confirm(origin, user=world.people["referent_a"], publish=True)
        return run(origin)

    return work


def undo(world):
    def work(origin):
        origin = apply(world)(origin)
        if origin.state == "done":
            with transaction.atomic():
                undoing.begin(origin, user=world.people["referent_a"])
        return run(origin)

    return work


def picture(section) -> tuple:
    """What the database holds of contacts and of the import, numbers apart."""
    contacts = ContactPage.objects.filter(path__startswith=section.path).order_by("title")
    rows = ContactImportRow.objects.order_by("line").values_list("line", "action", "outcome")
    return (
        [
            (page.title, page.email, page.live, [phone.number for phone in page.phones.all()], page.revisions.count())
            for page in contacts
        ],
        list(rows),
        list(ContactImport.objects.values_list("state", "total")),
        section.__class__.objects.get(pk=section.pk).numchild,
    )


# A process that ends leaves its cursors open; here it goes on, and Python tells of them.
@pytest.mark.filterwarnings("ignore:Exception ignored in.*ServerCursorMixin:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("stage", ["reading", "checking", "applying", "undoing"])
def test_import__killed_at_any_point_of_a_stage__resumes_to_the_same_end(world, section, stage):
    work = {"reading": read, "checking": check, "applying": apply(world), "undoing": undo(world)}[stage]
    origin = _compared(world, section) if stage in {"applying", "undoing"} else _new(world, section)
    start = transaction.savepoint()
    counter = Killer(None)
    with connection.execute_wrapper(counter):
        work(ContactImport.objects.get(pk=origin.pk))
    expected = picture(section)
    transaction.savepoint_rollback(start)
    tried = 0
    for at in range(1, counter.seen + 1, STRIDE.get(stage, 1)):
        start = transaction.savepoint()
        killed = False
        try:
            with connection.execute_wrapper(Killer(at)):
                work(ContactImport.objects.get(pk=origin.pk))
        except (KilledError, TransactionManagementError):
            # The second: the task that indexes caught the first, and went on in a transaction that is over.
            killed = True
        work(ContactImport.objects.get(pk=origin.pk))
        assert picture(section) == expected, f"killed at statement {at} of {counter.seen}"
        transaction.savepoint_rollback(start)
        tried += killed  # what the process remembers makes the last runs a little shorter
    assert tried >= 10

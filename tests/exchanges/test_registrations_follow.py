"""Places under simultaneous requests, what those who registered are told, and what is deleted when."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from exchanges.registrations import services
from exchanges.registrations.models import Registration
from tests.exchanges.registering import open_event, registration
from tests.factories import world as world_module


@pytest.fixture
def event(world):
    return open_event(world.home(world.a), capacity=2)


def told() -> list[tuple[str, str]]:
    return sorted((message.to[0], message.subject) for message in mail.outbox)


def register(event, email: str, count: int = 1, **fields) -> str:
    words = {"on": None, "key": uuid.uuid4(), "name": "x", "language": "fr"} | fields
    return services.register(event=event, email=email, count=count, **words)


def test_register__twenty_at_once__no_place_is_given_twice(django_db_setup, django_db_blocker):
    """On connections of their own, hence outside of the test's transaction; the event is removed afterwards."""
    with django_db_blocker.unblock():
        world = world_module.load()
        event = open_event(world.home(world.a), f"Cohue {uuid.uuid4().hex[:6]}", capacity=7)
        barrier, results = threading.Barrier(20), []

        def race(number: int) -> None:
            barrier.wait(timeout=30)
            try:
                results.append(register(event, f"cohue{number}@example.org", 1 + number % 3))
            finally:
                connection.close()

        threads = [threading.Thread(target=race, args=[number]) for number in range(20)]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            rows = Registration.objects.filter(event=event)
            assert (len(results), rows.count()) == (20, 20)
            assert rows.seated().people() == 7
            assert all(row.count > 7 - rows.seated().people() for row in rows.waiting())
            seated = list(rows.seated())
            racers = [
                threading.Thread(target=lambda row=row: (services.cancel(registration=row), connection.close()))
                for row in seated
            ]
            for racer in racers:
                racer.start()
            for racer in racers:
                racer.join()
            assert rows.seated().people() <= 7
            assert rows.seated().exists()
        finally:
            event.delete()
            connection.close()


def test_register__same_form_eight_times_at_once__makes_one(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        world = world_module.load()
        event = open_event(world.home(world.a), f"Double {uuid.uuid4().hex[:6]}")
        key, barrier = uuid.uuid4(), threading.Barrier(8)

        def race() -> None:
            barrier.wait(timeout=30)
            register(event, "double@example.org", key=key)
            connection.close()

        threads = [threading.Thread(target=race) for _time in range(8)]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert Registration.objects.filter(event=event).count() == 1
        finally:
            event.delete()
            connection.close()


def test_cancel__the_first_who_fits__is_seated_and_told(event):
    for number, count in enumerate((1, 1, 2, 1)):
        register(event, f"p{number}@example.org", count)
    mail.outbox.clear()
    services.cancel(registration=Registration.objects.get(email="p0@example.org"))
    states = dict(Registration.objects.values_list("email", "state"))
    assert (states["p2@example.org"], states["p3@example.org"]) == ("waiting", "seated")
    assert [to for to, _subject in told()] == ["p0@example.org", "p3@example.org"]
    assert next(message for message in mail.outbox if message.to == ["p3@example.org"]).attachments


def test_publish__more_places__seats_those_who_wait(event):
    for number in range(4):
        register(event, f"p{number}@example.org")
    mail.outbox.clear()
    event.capacity = 3
    event.save_revision().publish()
    assert Registration.objects.seated().people() == 3
    assert [to for to, _subject in told()] == ["p2@example.org"]


def test_publish__moved__tells_each_once_with_the_new_date(event):
    register(event, "p0@example.org")
    mail.outbox.clear()
    event.starts_at += dt.timedelta(days=1)
    event.ends_at += dt.timedelta(days=1)
    for _time in range(2):
        event.save_revision().publish()
    [message] = mail.outbox
    assert message.attachments
    assert Registration.objects.get().starts_at == event.starts_at
    call_command("follow_registrations", verbosity=0)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("how", ["cancelled", "postponed", "unpublished"])
def test_publish__called_off__tells_each_once_and_the_return_too(event, how):
    register(event, "p0@example.org")
    mail.outbox.clear()
    if how == "unpublished":
        event.unpublish()
    else:
        event.status = how
        event.save_revision().publish()
    services.follow_all()
    assert len(mail.outbox) == 1
    event.status = "confirmed"
    event.save_revision().publish()
    assert len(mail.outbox) == 2


def test_publish__only_the_text_changed__tells_nobody(event):
    register(event, "p0@example.org")
    mail.outbox.clear()
    event.summary = "Un autre résumé"
    event.save_revision().publish()
    assert not mail.outbox


def test_delete__event__tells_those_who_were_to_come_and_keeps_nothing(event):
    register(event, "p0@example.org")
    mail.outbox.clear()
    event.delete()
    assert [to for to, _subject in told()] == ["p0@example.org"]
    assert not Registration.objects.exists()


def test_mail__that_fails__loses_nothing_and_is_tried_again(event, settings, caplog):
    settings.EMAIL_BACKEND = "nowhere.Backend"
    assert register(event, "p0@example.org") == "seated"
    assert Registration.objects.get().told_state == ""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    services.follow_all()
    services.follow_all()
    assert [to for to, _subject in told()] == ["p0@example.org"]


def test_purge__three_months_after__deletes_and_not_before(world, event):
    now = timezone.now()
    for days in (80, 100):
        registration(event, world.a, ends_at=now - dt.timedelta(days=days), email=f"d{days}@example.org")
    call_command("follow_registrations", verbosity=0)
    assert list(Registration.objects.values_list("email", flat=True)) == ["d80@example.org"]


def test_clock__runs_the_command_each_day():
    from mara_site.run.scheduler import DAILY_COMMANDS

    assert "follow_registrations" in DAILY_COMMANDS

"""Who is told, who is reminded, what is deleted; and that nothing is lost when mail fails."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from exchanges import answering, services
from exchanges.models import CallbackRequest
from regions.models import Groupement
from regions.roles import RoleCode
from regions.services import grant_mandate

Level = CallbackRequest.Level


def ago(days: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


def told() -> list[str]:
    """Who was written to since the last call."""
    found = sorted(address for message in mail.outbox for address in message.to)
    mail.outbox.clear()
    return found


@pytest.fixture
def vacant(world):
    world.a.status = Groupement.Status.VACANT
    world.a.save()
    return world.a


def test_answerer__groupement_with_a_referent__is_itself(world):
    found = answering.answerer_of(world.a)
    assert (found.level, found.emails) == (Level.GROUPEMENT, ("referent_a@example.org",))


def test_answerer__vacant_with_a_stand_in__is_the_stand_in(world, vacant):
    grant_mandate(person=world.people["member"], role=RoleCode.REFERENT, groupement=world.neighbour)
    vacant.fallback = world.neighbour
    vacant.save()
    found = answering.answerer_of(vacant)
    assert (found.level, found.emails, found.stand_in) == (Level.STAND_IN, ("member@example.org",), world.neighbour)


def test_answerer__vacant_alone__is_the_zone(world, vacant):
    assert answering.answerer_of(vacant).emails == ("zone_a@example.org",)


def test_answerer__no_zone_either__is_the_nation(world, vacant):
    vacant.zone = None
    vacant.save()
    assert answering.answerer_of(vacant).emails == ("admin@example.org",)


def test_request__of_a_vacant_groupement__is_seen_by_its_stand_in_and_by_no_other(world, vacant, ask):
    grant_mandate(person=world.people["member"], role=RoleCode.REFERENT, groupement=world.b)
    vacant.fallback = world.b
    vacant.save()
    ask(vacant)
    seen = {who: CallbackRequest.objects.for_user(person).count() for who, person in world.people.items()}
    assert seen == {
        "referent_a": 1, "zone_a": 1, "admin": 1,  # whose it is
        "referent_b": 1, "zone_b": 1, "member": 1,  # who answers in its stead, and their zone
        "contributor_a": 0, "editor": 0,
    }  # fmt: skip


def test_reminders__nobody_takes_it__the_referent_then_the_zone_then_the_nation(world, make):
    request = make(world.a, received_at=ago(4))
    assert services.remind() == 0
    expected = [
        ("referent_a@example.org", Level.GROUPEMENT),
        ("zone_a@example.org", Level.ZONE),
        ("admin@example.org", Level.NATION),
    ]
    CallbackRequest.objects.update(received_at=ago(5.1))
    for address, level in expected:
        assert services.remind() == 1
        assert services.remind() == 0, "once only"
        request.refresh_from_db()
        assert (told(), request.level) == ([address], level)
        CallbackRequest.objects.update(reminded_at=ago(5.1))
    assert services.remind() == 0, "the nation is told once"


def test_reminders__handed_to_the_nation__its_editor_sees_it(world, make):
    make(world.a)
    assert not CallbackRequest.objects.for_user(world.people["editor"]).exists()
    CallbackRequest.objects.update(level=Level.NATION)
    assert CallbackRequest.objects.for_user(world.people["editor"]).exists()


def test_reminders__several_of_one_place__make_one_message_without_names(world, make):
    for _time in range(3):
        make(world.a, received_at=ago(6))
    make(world.b, received_at=ago(6))
    make(world.a, received_at=ago(6), state="taken")
    assert services.remind() == 4
    assert all("Morvan" not in message.body for message in mail.outbox)
    assert told() == ["referent_a@example.org", "referent_b@example.org"]


def test_purge__twelve_months_later__is_deleted_whatever_its_state(world, make):
    for state in ("received", "taken", "closed"):
        make(world.a, state=state, received_at=ago(366))
    young = make(world.a, received_at=ago(364))
    call_command("follow_callbacks", verbosity=0)
    assert list(CallbackRequest.objects.all()) == [young]


def test_clock__runs_the_command_each_day():
    from mara_site.run.scheduler import DAILY_COMMANDS

    assert "follow_callbacks" in DAILY_COMMANDS


def test_mail__that_fails__loses_nothing_and_is_tried_again(world, ask, settings, caplog):
    settings.EMAIL_BACKEND = "nowhere.Backend"
    assert ask(world.a, email="claire@example.org").status_code == 302
    kept = CallbackRequest.objects.get()
    assert kept.told_at is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert services.tell_again() == 1
    assert services.tell_again() == 0
    assert told() == ["referent_a@example.org"]


def test_request__nobody_answers_for_the_network_yet__is_told_once_somebody_does(world, ask):
    get_user_model().objects.update(is_active=False)
    ask(None)
    assert CallbackRequest.objects.get().told_at is None
    get_user_model().objects.filter(email="admin@example.org").update(is_active=True)
    services.tell_again()
    assert told() == ["admin@example.org"]
    assert CallbackRequest.objects.get().told_at


def test_take__six_at_once__one_gets_it(django_db_setup, django_db_blocker):
    """On connections of their own, hence outside of the test's transaction; the row is removed afterwards."""
    with django_db_blocker.unblock():
        people = list(get_user_model().objects.filter(email__endswith="@example.org")[:6])
        request = CallbackRequest.objects.create(key=uuid.uuid4(), name="x", about="y", consent_version="2026-11")
        barrier, results = threading.Barrier(len(people)), []

        def race(person):
            barrier.wait(timeout=30)
            results.append((services.take(request=request, by=person), person.pk))
            connection.close()

        threads = [threading.Thread(target=race, args=[person]) for person in people]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            request.refresh_from_db()
            assert [pk for got, pk in results if got] == [request.taken_by_id]
        finally:
            CallbackRequest.objects.all().delete()
            connection.close()

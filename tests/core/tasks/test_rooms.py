"""The works of the rooms as kept tasks: asked by the clock one by one, done by a worker, one that fails alone."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page

from core.tasks import keeping
from core.tasks.asking import title_of
from core.tasks.worker import Worker
from exchanges.checking import clock, planning
from exchanges.checking.models import CheckRound
from exchanges.models import CallbackRequest
from resources.contacts.importing import steps, unattended
from resources.events.importing import refreshing
from resources.models import ContactImport, ContactListingPage, EventImport, EventSource
from tests import partner_calendars as calendars
from tests.core.tasks.test_keeping import come_round
from tests.factories import pages
from tests.resources.test_contacts_import_undo import ATELIER, prepared, press, table
from tests.resources.test_events_import_long import many_events

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(kept):
    worker = Worker()
    yield worker
    worker.presence.let_go()


def drain(worker: Worker) -> None:
    while worker.turn():
        pass


def asked() -> list[str]:
    """What waits of ours, in words."""
    rows = DBTaskResult.objects.exclude(task_path__startswith="wagtail").exclude(task_path__startswith="modelsearch")
    return sorted(title_of(row.task_path, **row.args_kwargs) for row in rows)


def make_request(world, groupement) -> CallbackRequest:
    return CallbackRequest.objects.create(
        key=uuid.uuid4(), groupement=groupement, level="groupement", name="Anne Morvan",
        phone="+33600000000", about="other", consent_version="1", told_at=timezone.now(),
        received_at=timezone.now() - dt.timedelta(days=6),
    )  # fmt: skip


def test_publish__with_kept_tasks__the_search_of_the_administration_follows_once_a_worker_has_been_there(
    world, worker
):
    page = pages.guide(world.home(world.a), "Guide zqbreton")
    drain(worker)
    page.title = "Guide zqnormand"
    page.save_revision().publish()
    assert DBTaskResult.objects.filter(task_path="modelsearch.tasks.insert_or_update_object_task").exists()
    assert Page.objects.search("zqnormand").count() == 0
    drain(worker)
    assert Page.objects.search("zqnormand").count() == 1
    assert not DBTaskResult.objects.exists()


def test_callbacks__reminders__are_one_task_for_each_place_and_one_that_fails_keeps_no_other(world, worker, settings):
    for groupement in (world.a, world.b, world.a):
        make_request(world, groupement)
    call_command("follow_callbacks", verbosity=0)
    call_command("follow_callbacks", verbosity=0)
    assert len(asked()) == 2
    assert any("Finistère" in title for title in asked())
    sound, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.core.tasks.samples.CapriciousOutbox"
    drain(worker)
    assert [message.to for message in mail.outbox] == [["referent_b@example.org"]]
    assert len(asked()) == 1
    settings.EMAIL_BACKEND = sound
    come_round()
    drain(worker)
    assert len(mail.outbox) == 2
    assert asked() == []


def test_checks__a_round_that_opens__asks_in_its_own_transaction_that_its_people_be_told(world, worker):
    pages.contact(world.home(world.a), "Zqmission")
    drain(worker)
    clock.open_rounds(planning.planned_day(world.a, timezone.localdate()))
    assert asked() == [f"« Toujours exact ? » demandé à {world.a}"]
    assert worker.turn()
    round_ = CheckRound.objects.get(groupement=world.a)
    row = DBTaskResult.objects.get(task_path__endswith="ask_holders")
    assert row.args_kwargs["args"] == [round_.pk, False]


@pytest.fixture
def client(signed_in):
    return signed_in("referent_a")


def test_calendars__a_long_file__is_read_as_soon_as_a_worker_is_free(world, worker, client):
    section = calendars.section_of(world)
    calendars.send(client, section, many_events(200))
    assert EventImport.objects.get().state == "fetching"
    assert len(asked()) == 1
    assert "Finistère" in asked()[0]
    drain(worker)
    assert EventImport.objects.get().state == "ready"


def test_calendars__address_that_ends_its_reader__is_given_up_after_five_tries(world, worker, client):
    section = calendars.section_of(world)
    calendars.give(client, section, "https://agenda.partenaire.example/public.ics")
    source = EventSource.objects.get()
    for number in range(5):
        come_round()
        assert keeping.claim(f"worker-{number}")
        refreshing._claim(source.pk)  # and there the process ends
        keeping.release(keeping.running(), frozenset())
        call_command("read_event_sources", verbosity=0)
        assert DBTaskResult.objects.filter(task_path__endswith="read_address").count() == 1
    assert keeping.given_up().count() == 1


def test_calendars__address_being_read_by_another__is_tried_again_later(world, worker, client):
    calendars.give(client, calendars.section_of(world), "https://agenda.partenaire.example/public.ics")
    refreshing._claim(EventSource.objects.get().pk)
    drain(worker)
    row = DBTaskResult.objects.get(task_path__endswith="read_address")
    assert row.exception_class_path.endswith("BeingReadError")


def test_calendars__given_up_then_wished_for_again__begins_anew(world, worker, client):
    calendars.give(client, calendars.section_of(world), "https://agenda.partenaire.example/public.ics")
    DBTaskResult.objects.filter(task_path__endswith="read_address").update(
        status="FAILED", worker_ids=["w"] * 5, finished_at=timezone.now()
    )
    assert keeping.given_up().count() == 1
    client.post(reverse("event_source", args=[EventSource.objects.get().pk]), {"step": "read"})
    assert not keeping.given_up().exists()
    assert keeping.waiting_since() is not None


def test_contacts__an_import_left_alone__is_gone_on_with_to_its_end_in_turns(world, worker, client, monkeypatch):
    monkeypatch.setattr(unattended, "TURN_SECONDS", 0)
    section = ContactListingPage.objects.descendant_of(world.home(world.a)).get()
    origin = prepared(client, section, table(ATELIER))
    press(client, origin, "apply", publish="1")
    ContactImport.objects.update(moved_at=timezone.now() - dt.timedelta(minutes=5))
    call_command("continue_contact_imports", verbosity=0)
    assert len(asked()) == 1
    drain(worker)
    origin.refresh_from_db()
    assert origin.state == "done"
    assert steps.advance(origin.pk).state == "done"
    assert asked() == []

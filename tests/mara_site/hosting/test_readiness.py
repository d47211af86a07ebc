"""`/pret/`: the database, the disk, the clock, the queue and the backups, told to a watcher without a secret."""

from __future__ import annotations

import datetime as dt
import os
from collections import namedtuple
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from mailer.models import Message

from core.tasks import presence
from core.tasks.asking import ask
from mara_site.hosting import findings, pulses, readiness, views
from mara_site.hosting.models import Pulse
from mara_site.settings.tasks import DATABASE, task_place
from tests.core.tasks import samples
from tests.helpers import count_queries

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def ready(settings, monkeypatch):
    """An installation where everything was done a moment ago."""
    settings.MARA_BACKUPS_EXPECTED = True
    settings.EMAIL_BACKEND = "mailer.backend.DbBackend"
    monkeypatch.setattr(readiness.shutil, "disk_usage", lambda path: Usage(100, 50, 50))
    pulses.record({pulses.CLOCK: None})
    pulses.succeeded(pulses.BACKUP, bytes=1)
    return Client(headers={"host": "10.0.0.7"})


def made(name: str, **ago) -> None:
    Pulse.objects.filter(name=name).update(succeeded_at=timezone.now() - dt.timedelta(**ago))


def failing(response) -> set[str]:
    return {name for name, check in response.json()["checks"].items() if not check["ok"]}


def test_ready__all_is_well__is_200_on_any_host_and_never_kept(ready):
    response = ready.get("/pret/")
    assert response.status_code == 200
    assert response.json()["status"] == "ok"
    assert set(response.json()["checks"]) == {"database", "disk", "queue", "clock", "backup"}
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_ready__asked_over_plain_http__is_not_led_elsewhere(ready, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert ready.get("/pret/").status_code == 200
    assert ready.get("/pret/x").status_code == 301


def test_ready__each_request__costs_two_queries(ready):
    assert count_queries(lambda: ready.get("/pret/")) == 2


@pytest.mark.parametrize(
    ("name", "late", "in_time"),
    [(pulses.CLOCK, {"minutes": 6}, {"minutes": 4}), (pulses.BACKUP, {"hours": 27}, {"hours": 25})],
)
def test_ready__work_too_old__is_503_and_named(ready, name, late, in_time):
    made(name, **late)
    response = ready.get("/pret/")
    assert response.status_code == 503
    assert failing(response) == {name}
    made(name, **in_time)
    assert ready.get("/pret/").status_code == 200


def test_ready__never_backed_up__is_503_except_where_none_is_expected(ready, settings):
    Pulse.objects.filter(name=pulses.BACKUP).delete()
    assert failing(ready.get("/pret/")) == {"backup"}
    settings.MARA_BACKUPS_EXPECTED = False
    assert ready.get("/pret/").status_code == 200


def test_ready__disk_nearly_full__is_503(ready, monkeypatch):
    monkeypatch.setattr(readiness.shutil, "disk_usage", lambda path: Usage(100, 91, 9))
    response = ready.get("/pret/")
    assert failing(response) == {"disk"}
    assert response.json()["checks"]["disk"]["figure"] == 9


@pytest.fixture
def disks(settings, tmp_path, monkeypatch):
    """Folders of which each may be put on a disk of its own: ``disks(files=50, backups=9)``, percents left."""

    def lay(**left: int) -> None:
        numbers = {}
        for number, (name, setting) in enumerate(readiness.KEPT.items()):
            folder = tmp_path / name
            if name in left:
                folder.mkdir()
                numbers[folder] = number
            setattr(settings, setting, folder)
        stat = Path.stat

        def stat_of(path: Path, **options) -> os.stat_result:
            found = list(stat(path, **options))
            found[2] = numbers.get(path, found[2])  # st_dev
            return os.stat_result(found)

        monkeypatch.setattr(Path, "stat", stat_of)
        free = {tmp_path / name: percent for name, percent in left.items()}
        monkeypatch.setattr(readiness.shutil, "disk_usage", lambda path: Usage(100, 100 - free[path], free[path]))

    return lay


@pytest.mark.parametrize("name", ["files", "backups", "search"])
def test_disk__one_of_several_nearly_full__is_the_one_that_is_told(ready, disks, name):
    disks(**{"files": 50, "backups": 60, "search": 70, name: 9})
    response = ready.get("/pret/")
    assert failing(response) == {"disk"}
    assert response.json()["checks"]["disk"] == {"ok": False, "figure": 9, "holds": [name]}
    assert findings.disk().state == findings.State.BAD


def test_disk__folder_that_is_not_there__is_left_out(ready, disks):
    disks(files=50)
    assert ready.get("/pret/").json()["checks"]["disk"] == {"ok": True, "figure": 50, "holds": ["files"]}


def test_disk__all_on_one__is_looked_at_once(ready, settings, tmp_path, monkeypatch):
    for setting in readiness.KEPT.values():
        setattr(settings, setting, tmp_path)
    asked = []
    monkeypatch.setattr(readiness.shutil, "disk_usage", lambda path: asked.append(path) or Usage(100, 91, 9))
    assert readiness.disk() == readiness.Check(ok=False, figure=9, holds=("files", "backups", "search"))
    assert asked == [tmp_path]


def test_ready__message_that_waits_too_long__is_503(ready):
    EmailMessage("Bonjour", "…", to=["a@example.net"]).send()
    assert ready.get("/pret/").status_code == 200
    Message.objects.update(when_added=timezone.now() - dt.timedelta(minutes=6))
    response = ready.get("/pret/")
    assert failing(response) == {"queue"}
    assert b"example.net" not in response.content


def test_ready__message_set_aside_for_later__is_no_alarm(ready):
    EmailMessage("Bonjour", "…", to=["a@example.net"]).send()
    Message.objects.get().defer()
    Message.objects.update(when_added=timezone.now() - dt.timedelta(hours=6))
    assert ready.get("/pret/").status_code == 200


def test_ready__database_gone__is_503_without_details(rf, ready):
    def refuse(*arguments):
        raise DatabaseError("password=secret")

    with connection.execute_wrapper(refuse):
        response = views.ready(rf.get("/pret/"))
    assert response.status_code == 503
    assert b"secret" not in response.content


def test_ready__posted__is_refused(ready):
    assert ready.post("/pret/").status_code == 405


def test_existing__folder_not_made_yet__is_the_nearest_above(tmp_path):
    assert readiness.existing(tmp_path / "a" / "b") == tmp_path


def test_pulses__failure_then_success__is_failing_no_more():
    pulses.record({"publish_scheduled": ValueError("Anne Durand")})
    pulse = Pulse.objects.get(name="publish_scheduled")
    assert pulse.is_failing
    assert pulse.failure == "ValueError"
    pulses.record({"publish_scheduled": None})
    pulse.refresh_from_db()
    assert not pulse.is_failing
    assert pulse.failed_at is not None


def test_pulses__a_turn_of_many_works__is_two_statements():
    outcomes = {f"work-{number}": ValueError() if number % 2 else None for number in range(20)}
    assert count_queries(lambda: pulses.record(outcomes)) == 2
    assert Pulse.objects.count() == 20


@pytest.fixture
def kept(ready, settings):
    """The same, with tasks kept for a worker that was heard a moment ago."""
    settings.TASKS = task_place(DATABASE)
    pulses.record({pulses.WORKER: None})
    return ready


def test_ready__tasks_kept__costs_four_queries_more_and_names_three_checks(kept):
    assert count_queries(lambda: kept.get("/pret/")) <= 6
    assert {"worker", "tasks", "undone_tasks"} <= set(kept.get("/pret/").json()["checks"])
    assert kept.get("/pret/").status_code == 200


def test_ready__worker_silent__is_503_unless_one_holds_its_lock(kept):
    made(pulses.WORKER, minutes=3)
    assert failing(kept.get("/pret/")) == {"worker"}
    one = presence.Presence()
    one.hold()
    try:
        assert kept.get("/pret/").status_code == 200, "it is at a long task"
    finally:
        one.let_go()
    assert failing(kept.get("/pret/")) == {"worker"}


def test_ready__task_that_waits_too_long_or_was_given_up__is_503(kept):
    ask(samples.note, [("Durand",)])
    assert kept.get("/pret/").status_code == 200
    DBTaskResult.objects.update(enqueued_at=timezone.now() - dt.timedelta(minutes=11))
    assert failing(kept.get("/pret/")) == {"tasks"}
    DBTaskResult.objects.update(status="FAILED")
    response = kept.get("/pret/")
    assert failing(response) == {"undone_tasks"}
    assert b"Durand" not in response.content


def test_findings__tasks__say_what_to_do_in_each_state(kept):
    def told() -> list:
        return findings.tasks(Pulse.objects.filter(name=pulses.WORKER).first())

    assert [finding.state for finding in told()] == [findings.State.GOOD]
    made(pulses.WORKER, minutes=3)
    assert "mara-worker" in told()[0].to_do
    ask(samples.note, [("a",)])
    DBTaskResult.objects.update(status="FAILED")
    assert [finding.state for finding in told()] == [findings.State.BAD] * 2
    Pulse.objects.filter(name=pulses.WORKER).delete()
    assert findings.State.BAD in {finding.state for finding in told()}


def test_findings__tasks_done_at_once__say_nothing(ready):
    assert findings.tasks(None) == []

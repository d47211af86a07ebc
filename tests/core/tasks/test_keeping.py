"""Kept tasks: written with the work, tried again later, given up after five tries, named once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone, translation
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from core.tasks import keeping
from core.tasks.asking import are_kept, ask, ask_soon, title_of
from core.tasks.worker import Worker
from tests.core.tasks import samples

pytestmark = pytest.mark.django_db
FORCED = dt.timedelta(days=1)


@pytest.fixture
def worker(kept):
    worker = Worker()
    yield worker
    worker.presence.let_go()


def drain(worker: Worker) -> int:
    count = 0
    while worker.turn():
        count += 1
    return count


def come_round() -> None:
    """Let the delays pass."""
    DBTaskResult.objects.filter(run_after__lt=timezone.now() + FORCED).update(run_after=timezone.now())


def test_enqueue__work_undone__leaves_nothing_to_do(worker):
    with transaction.atomic():
        samples.note.enqueue("a")
        transaction.set_rollback(True)
    assert drain(worker) == 0
    assert samples.done == []


def test_enqueue__work_done__is_done_once_and_forgotten(worker):
    with transaction.atomic():
        samples.note.enqueue("a")
        assert samples.done == []
    assert drain(worker) == 1
    assert drain(worker) == 0
    assert samples.done == ["a"]
    assert not DBTaskResult.objects.exists()


def test_ask__the_same_again__is_there_once_until_it_is_done(worker):
    assert ask(samples.note, [("a",), ("b",)]) == 2
    ask(samples.note, [("a",)])
    assert DBTaskResult.objects.count() == 2
    drain(worker)
    ask(samples.note, [("a",)])
    drain(worker)
    assert samples.done == ["a", "b", "a"]


def test_ask__same_arguments_of_another_task__is_another(worker):
    ask(samples.note, [("a",)])
    ask(samples.slow, [("a",)])
    assert drain(worker) == 2


def test_turn__long_ones__let_the_others_go_first(worker):
    ask(samples.slow, [("long",)])
    ask(samples.note, [("short",)])
    drain(worker)
    assert samples.done == ["short", "long"]


def test_turn__task_with_more_to_do__goes_on_behind_the_others(worker):
    ask(samples.in_parts, [("part",)])
    ask(samples.note, [("other",)])
    drain(worker)
    assert samples.done == ["part", "other", "part"]


def test_turn__task_that_fails__is_tried_five_times_ever_later_then_waits_for_somebody(worker, settings):
    samples.failing.add("poison")
    ask(samples.note, [("poison",), ("a",)])
    delays = []
    for number in range(1, 6):
        assert not keeping.given_up().exists()
        come_round()
        before = timezone.now()
        drain(worker)
        row = DBTaskResult.objects.get()
        assert len(row.worker_ids) == number
        if number < 5:
            delays.append((row.run_after - before).total_seconds())
            assert [task.pk for task in keeping.failing()] == [row.pk]
    assert [round(delay, -1) for delay in delays] == list(settings.MARA_TASK_RETRY_AFTER)
    assert samples.done == ["a"]
    assert keeping.given_up().get().status == TaskResultStatus.FAILED
    come_round()
    assert drain(worker) == 0, "a given-up task blocks nothing and is not tried"
    ask(samples.note, [("poison",)])
    assert drain(worker) == 0, "nor is it asked for again"


def test_failed__what_is_kept_of_an_error__is_its_kind_and_places_without_words(worker):
    samples.failing.add("poison")
    ask(samples.note, [("poison",)])
    drain(worker)
    row = DBTaskResult.objects.get()
    assert row.exception_class_path.endswith("samples.SampleError")
    assert "samples.py" in row.traceback
    assert "Durand" not in row.traceback


def test_turn__task_that_asks_to_exit__ends_alone(worker):
    ask(samples.leave, [("x",)])
    ask(samples.note, [("a",)])
    assert drain(worker) == 2
    assert samples.done == ["a"]
    assert DBTaskResult.objects.get().exception_class_path == "builtins.SystemExit"


def test_turn__task_of_a_version_that_is_gone__is_given_up_like_another(worker):
    ask(samples.note, [("a",)])
    DBTaskResult.objects.update(task_path="tests.core.tasks.samples.removed")
    for _number in range(5):
        come_round()
        assert drain(worker) == 1
    row = keeping.given_up().get()
    assert "removed" in title_of(row.task_path, **row.args_kwargs)


def test_turn__wagtail_s_about_a_row_that_is_gone__has_nothing_left_to_do(worker):
    from modelsearch.tasks import insert_or_update_object_task

    insert_or_update_object_task.enqueue("wagtailcore", "page", "987654321")
    drain(worker)
    assert not DBTaskResult.objects.exists()


def test_release__worker_that_has_ended__is_a_failed_try(worker):
    ask(samples.note, [("a",)])
    keeping.claim("worker-0")
    drain(worker)
    row = DBTaskResult.objects.get()
    assert (row.status, row.worker_ids) == (TaskResultStatus.READY, ["worker-0"])
    assert row.exception_class_path == keeping.WORKER_ENDED
    come_round()
    drain(worker)
    assert samples.done == ["a"]


def test_release__task_that_kills_each_worker__is_given_up_after_five(worker):
    ask(samples.note, [("a",)])
    for number in range(5):
        come_round()
        assert keeping.claim(f"worker-{number}")
        assert keeping.release(keeping.running(), frozenset()) == 1
    assert keeping.given_up().count() == 1
    assert drain(worker) == 0


def test_release__worker_that_lives__is_left_alone(worker):
    ask(samples.note, [("a",)])
    name = worker.presence.hold()
    keeping.claim(name)
    assert keeping.release(keeping.running(), {name}) == 0


def test_claim_taken_over__the_first_worker_comes_back__changes_nothing(worker):
    ask(samples.note, [("a",)])
    stale = keeping.claim("worker-1")
    keeping.release(keeping.running(), frozenset())
    come_round()
    fresh = keeping.claim("worker-2")
    assert not keeping.done(stale)
    assert not keeping.failed(stale, "x")
    assert keeping.done(fresh)


def test_try_again__given_up__has_all_its_tries_before_it(worker):
    samples.failing.add("a")
    ask(samples.note, [("a",)])
    for _number in range(5):
        come_round()
        drain(worker)
    samples.failing.clear()
    assert keeping.try_again(keeping.given_up()) == 1
    drain(worker)
    assert samples.done == ["a"]


def test_drop__given_up__is_left_alone_for_thirty_days(worker):
    ask(samples.note, [("a",)])
    DBTaskResult.objects.update(status=TaskResultStatus.FAILED, finished_at=timezone.now())
    assert keeping.drop(keeping.given_up()) == 1
    assert not keeping.given_up().exists()
    ask(samples.note, [("a",)])
    assert drain(worker) == 0
    assert keeping.purge() == 0
    DBTaskResult.objects.update(finished_at=timezone.now() - dt.timedelta(days=31))
    assert keeping.purge() == 1
    ask(samples.note, [("a",)])
    assert drain(worker) == 1


def test_purge__given_up__waits_for_somebody_whatever_its_age(worker):
    ask(samples.note, [("a",)])
    old = timezone.now() - dt.timedelta(days=400)
    DBTaskResult.objects.update(status=TaskResultStatus.FAILED, finished_at=old)
    assert keeping.purge() == 0


def test_waiting_since__counts_what_is_due_only(worker):
    assert keeping.waiting_since() is None
    ask(samples.note, [("a",), ("b",)])
    asked = timezone.now() - dt.timedelta(minutes=7)
    DBTaskResult.objects.update(enqueued_at=asked)
    assert keeping.waiting_since() == asked
    DBTaskResult.objects.update(run_after=timezone.now() + dt.timedelta(hours=1))
    assert keeping.waiting_since() is None


def test_immediate__where_tasks_are_not_kept__all_are_tried_then_the_first_error_is_told():
    samples.done.clear()
    samples.failing.clear()
    assert not are_kept()
    samples.failing.add("poison")
    with pytest.raises(samples.SampleError):
        ask(samples.note, [("poison",), ("a",)])
    assert samples.done == ["a"]
    assert not ask_soon(samples.note, "b")
    assert samples.done == ["a"]
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("note", ["a"], "Noter « a »"),
        ("leave", ["nobody"], "Ce qui a été supprimé entre-temps"),
        ("note", ["of", "another", "version"], "Travail interne (note)"),
        ("removed", ["a"], "Travail interne (removed)"),
    ],
)
def test_title__whatever_the_task__says_something(name, arguments, words):
    with translation.override("fr"):
        assert title_of(f"tests.core.tasks.samples.{name}", arguments, {}) == words

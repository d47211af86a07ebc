"""“Tâches du site”: what was given up, for administrators alone; tried again or dropped, with a trace."""

from __future__ import annotations

import logging

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core.tasks import keeping
from core.tasks.asking import ask
from mara_site.settings.tasks import DATABASE, task_place
from tests.core.tasks import samples
from tests.helpers import page_html

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(settings):
    settings.TASKS = task_place(DATABASE)


@pytest.fixture
def given_up(world):
    ask(samples.note, [("Finistère",), ("Gers",)])
    DBTaskResult.objects.update(
        status="FAILED",
        worker_ids=["w"] * 5,
        finished_at=timezone.now(),
        exception_class_path="tests.core.tasks.samples.SampleError",
        traceback="samples.py:20 note",
    )
    return list(keeping.given_up())


@pytest.fixture
def admin(signed_in):
    return signed_in("admin")


def test_screen__two_clicks_from_the_first_one__names_what_was_given_up(world, admin, given_up):
    assert reverse("network_state") in page_html(admin.get("/admin/"))
    state = page_html(admin.get(reverse("network_state")))
    assert reverse("site_tasks") in state
    assert "2 tâches n’ont pas abouti" in state
    html = page_html(admin.get(reverse("site_tasks")))
    assert "Noter «\u00a0Finistère\u00a0»" in html or "Noter « Finistère »" in html
    assert "tentée 5 fois" in html
    assert "Erreur imprévue (SampleError)" in html


def test_screen__everybody_else__is_told_that_it_does_not_exist(world, signed_in, given_up):
    for name in ("referent_a", "editor", "zone_a"):
        client = signed_in(name)
        assert client.get(reverse("site_tasks")).status_code == 404
        assert client.post(reverse("site_tasks"), {"task": "all", "action": "retry"}).status_code == 404
    assert keeping.given_up().count() == 2


@pytest.mark.parametrize(("asked", "left"), [("one", 1), ("all", 0), ("x", 2), ("", 2), ("9" * 40, 2)])
def test_screen__try_again__has_the_chosen_tasks_wait_and_says_so_in_the_journal(
    world, admin, given_up, caplog, asked, left
):
    chosen = str(given_up[0].pk) if asked == "one" else asked
    with caplog.at_level(logging.INFO, logger="mara.security"):
        admin.post(reverse("site_tasks"), {"task": chosen, "action": "retry"})
    assert keeping.given_up().count() == left
    assert ("tasks.tried_again" in caplog.text) == (left < 2)
    assert "Finistère" not in caplog.text


def test_screen__drop__asks_first_then_leaves_that_task_alone(world, admin, given_up, caplog):
    form = {"task": given_up[0].pk, "action": "drop"}
    html = page_html(admin.post(reverse("site_tasks"), form))
    assert "Abandonner cette tâche" in html
    assert keeping.given_up().count() == 2
    with caplog.at_level(logging.INFO, logger="mara.security"):
        admin.post(reverse("site_tasks"), form | {"confirmed": "yes"})
    assert list(keeping.given_up()) == given_up[1:]
    assert "tasks.dropped" in caplog.text
    again = admin.post(reverse("site_tasks"), form, follow=True)
    assert "n’est plus là" in page_html(again)


def test_screen__task_under_way_or_waiting__cannot_be_dropped(world, admin):
    ask(samples.note, [("a",)])
    pk = DBTaskResult.objects.get(task_path__endswith="note").pk
    admin.post(reverse("site_tasks"), {"task": pk, "action": "drop", "confirmed": "yes"})
    assert DBTaskResult.objects.get(pk=pk).status == "READY"


def test_screen__failed_once__says_when_the_next_try_is(world, admin):
    ask(samples.note, [("a",)])
    keeping.claim("worker-0")
    keeping.release(keeping.running(), frozenset())
    html = page_html(admin.get(reverse("site_tasks")))
    assert "Essai 1 sur 5" in html
    assert "s’est arrêté" in html

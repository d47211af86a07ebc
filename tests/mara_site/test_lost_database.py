"""A database that restarts or stays away: pages are made again, nothing is written twice, and it is said in French."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest
from django.core.handlers.exception import convert_exception_to_response
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from mara_site.database import lost

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_absence(monkeypatch):
    monkeypatch.setattr(lost, "absence", lost.Absence())


@pytest.fixture
def elsewhere(django_db_setup, django_db_blocker):
    """Run something on a connection of its own, outside the test's transaction, and give what it returned."""

    def run(action):
        given = []

        def work():
            try:
                given.append(action())
            finally:
                connection.close()

        with django_db_blocker.unblock():
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
        return given[0]

    return run


class View:
    """A page that reads the database; in its first makings the server ends its connection."""

    def __init__(self, losses: int) -> None:
        self.losses, self.made = losses, 0

    def __call__(self, request):
        self.made += 1
        assert not hasattr(request, "half_read")
        request.half_read = True
        with connection.cursor() as cursor:
            if self.made <= self.losses:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            cursor.execute("SELECT 'made'")
            return HttpResponse(cursor.fetchone()[0])


def answer(view, method: str = "get", path: str = "/page/", **headers):
    middleware = lost.LostDatabaseMiddleware(convert_exception_to_response(view))
    return middleware(getattr(RequestFactory(), method)(path, headers=headers))


def leave() -> None:
    """Have this thread's database be where none is."""
    connection.close()
    connection.settings_dict = {**connection.settings_dict, "HOST": "/nonexistent", "PORT": ""}
    connection.settings_dict["OPTIONS"] = {"connect_timeout": 2}


@pytest.mark.parametrize("losses", [1, 2])
def test_reading__connection_lost_while_the_page_is_made__is_made_again(elsewhere, losses):
    view = View(losses)
    response = elsewhere(lambda: answer(view))
    assert (response.status_code, response.content, view.made) == (200, b"made", losses + 1)


def test_writing__connection_lost__is_done_once_and_said_not_to_be_confirmed(elsewhere):
    view = View(losses=1)
    response = elsewhere(lambda: answer(view, "post"))
    assert (response.status_code, view.made) == (503, 1)
    assert "n’est pas confirmé" in response.content.decode()
    assert response["Retry-After"] == "5"
    assert response["Cache-Control"] == "no-store"


def test_writing__kept_connection_that_died_before__begins_on_another(elsewhere):
    view = View(losses=0)

    def post():
        connection.ensure_connection()
        connection.health_check_done = False  # as at the beginning of each request
        with psycopg.connect(connection.connection.info.dsn) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        return answer(view, "post")

    assert elsewhere(post).status_code == 200
    assert view.made == 1


@pytest.mark.parametrize(("method", "makings"), [("get", 1), ("post", 0)])
def test_database__that_stays_away__is_said_in_french_within_three_seconds(elsewhere, method, makings):
    view = View(losses=0)

    def ask():
        leave()
        begun = time.monotonic()
        first = answer(view, method)
        return first, time.monotonic() - begun

    response, seconds = elsewhere(ask)
    assert response.status_code == 503
    assert "le site redémarre" in response.content.decode().lower()
    assert lost.PATIENCE - lost.PAUSE <= seconds < 3
    assert view.made == makings


def test_database__away_for_long__nobody_waits_any_more(elsewhere):
    def ask():
        leave()
        for _turn in range(2):
            begun = time.monotonic()
            response = answer(View(losses=0))
        return response, time.monotonic() - begun

    response, seconds = elsewhere(ask)
    assert response.status_code == 503
    assert seconds < lost.PATIENCE / 2


@pytest.mark.parametrize(("ago", "waits"), [(lost.PATIENCE, False), (3600, True), (-3600, True)])
def test_database__away__request_that_waited_elsewhere_does_not_wait_again(elsewhere, ago, waits):
    def ask():
        leave()
        begun = time.monotonic()
        response = answer(View(losses=0), **{"X-Request-Start": f"{time.time() - ago:.3f}"})
        return response, time.monotonic() - begun

    response, seconds = elsewhere(ask)
    assert response.status_code == 503
    assert (seconds > lost.PATIENCE / 2) is waits


def test_database__back_after_an_absence__is_believed_at_once(elsewhere):
    lost.absence.seen()
    response = elsewhere(lambda: answer(View(losses=0)))
    assert response.status_code == 200
    assert not lost.absence.lasts


def test_health__database_away__answers_by_itself(elsewhere):
    def ask():
        leave()
        begun = time.monotonic()
        response = answer(lambda request: HttpResponse("{}", status=503), path="/sante/")
        return response, time.monotonic() - begun

    response, seconds = elsewhere(ask)
    assert response.content == b"{}"
    assert seconds < 1


@pytest.mark.parametrize(
    ("cause", "is_lost"),
    [
        (psycopg.OperationalError("the connection is closed"), True),
        (psycopg.errors.AdminShutdown(), True),
        (psycopg.errors.CannotConnectNow(), True),
        (psycopg.errors.ConnectionFailure(), True),
        (psycopg.errors.QueryCanceled(), False),  # a query that was too long would be too long again
        (psycopg.errors.DiskFull(), False),
        (psycopg.errors.DeadlockDetected(), False),
    ],
)
def test_error__of_the_database__is_a_loss_or_a_refusal(cause, is_lost):
    error = OperationalError(*cause.args)
    error.__cause__ = cause
    assert lost.is_lost(error) is is_lost


def test_page__that_loses_its_connection_each_time__is_given_up(elsewhere):
    view = View(losses=9)
    response = elsewhere(lambda: answer(view))
    assert (response.status_code, view.made) == (503, lost.MOST_TRIES)


def test_site__connection_lost_before_any_view__is_no_bare_error(world, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(connection, "cursor", refuse)
    client = Client(headers={"host": world.national_host}, raise_request_exception=False)
    assert client.get("/").status_code == 503

"""A database that restarts or stays away: pages are made again, nothing is written twice, and it is said in French."""

from __future__ import annotations

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.exception import convert_exception_to_response
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from mara_site.database import lost
from mara_site.database.sessions import SessionStore
from tests.helpers import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_absence(monkeypatch):
    monkeypatch.setattr(lost, "absence", lost.Absence())


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(lost, "time", made)
    return made


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


class Visit(View):
    """A page of somebody who is signed in, whose session is written; the connection ends just before it is."""

    def __call__(self, request):
        self.made += 1
        request.session["seen"] = self.made
        if self.made <= self.losses:
            with connection.cursor() as cursor, pytest.raises(OperationalError):
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return HttpResponse("made")


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


@pytest.fixture
def signed_in_session(elsewhere):
    """The key of a session that is there for every connection."""
    session = elsewhere(lambda: (stored := SessionStore()).create() or stored)
    yield session.session_key
    elsewhere(session.delete)


def visited(view, session_key: str, method: str = "get"):
    request = getattr(RequestFactory(), method)("/admin/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = session_key
    with_session = convert_exception_to_response(SessionMiddleware(view))
    return lost.LostDatabaseMiddleware(with_session)(request)


def test_reading__connection_lost_while_the_session_is_written__is_made_again(elsewhere, signed_in_session):
    view = Visit(losses=1)
    response = elsewhere(lambda: visited(view, signed_in_session))
    assert (response.status_code, response.content, view.made) == (200, b"made", 2)
    assert elsewhere(lambda: SessionStore(signed_in_session)["seen"]) == 2


def test_writing__connection_lost_while_the_session_is_written__is_said_not_to_be_confirmed(
    elsewhere, signed_in_session
):
    view = Visit(losses=1)
    response = elsewhere(lambda: visited(view, signed_in_session, "post"))
    assert (response.status_code, view.made) == (503, 1)
    assert "n’est pas confirmé" in response.content.decode()


def test_session__deleted_meanwhile__is_what_it_is(elsewhere, signed_in_session):
    def write():
        session = SessionStore(signed_in_session)
        session["seen"] = 1
        SessionStore(signed_in_session).delete()
        with pytest.raises(UpdateError):
            session.save()
        return True

    assert elsewhere(write)


def test_writing__kept_connection_that_died_before__begins_on_another(elsewhere):
    view = View(losses=0)

    def post():
        connection.ensure_connection()
        connection.health_check_done = False  # as at the beginning of each request
        with psycopg.connect(connection.connection.info.dsn) as other:
            other.execute("SELECT pg_terminate_backend(%s, 10000)", [connection.connection.info.backend_pid])
        return answer(view, "post")

    assert elsewhere(post).status_code == 200
    assert view.made == 1


@pytest.mark.parametrize(("method", "makings"), [("get", 1), ("post", 0)])
def test_database__that_stays_away__is_said_in_french_within_three_seconds(elsewhere, clock, method, makings):
    view = View(losses=0)

    def ask():
        leave()
        return answer(view, method)

    response = elsewhere(ask)
    assert response.status_code == 503
    assert "le site redémarre" in response.content.decode().lower()
    assert lost.PATIENCE - lost.PAUSE <= clock.waited < lost.PATIENCE + 2 * lost.PAUSE < 3
    assert view.made == makings


def test_database__away_for_long__nobody_waits_any_more(elsewhere, clock):
    def ask():
        leave()
        answer(View(losses=0))
        clock.begun, clock.waited = clock.time(), 0.0
        return answer(View(losses=0))

    assert elsewhere(ask).status_code == 503
    assert clock.waited == 0


@pytest.mark.parametrize(("ago", "waits"), [(lost.PATIENCE, False), (3600, True), (-3600, True)])
def test_database__away__request_that_waited_elsewhere_does_not_wait_again(elsewhere, clock, ago, waits):
    def ask():
        leave()
        return answer(View(losses=0), **{"X-Request-Start": f"{clock.time() - ago:.3f}"})

    assert elsewhere(ask).status_code == 503
    assert (clock.waited > lost.PATIENCE / 2) is waits


def test_database__back_after_an_absence__is_believed_at_once(elsewhere):
    lost.absence.seen()
    response = elsewhere(lambda: answer(View(losses=0)))
    assert response.status_code == 200
    assert not lost.absence.lasts


def test_health__database_away__answers_by_itself(elsewhere, clock):
    def ask():
        leave()
        return answer(lambda request: HttpResponse("{}", status=503), path="/sante/")

    assert elsewhere(ask).content == b"{}"
    assert clock.waited == 0


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

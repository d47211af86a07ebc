"""What a visitor sends is kept with the message about it: both, or neither, whatever is cut between the two."""

from __future__ import annotations

import uuid

import pytest
from django.db import InterfaceError, OperationalError, connection

from exchanges.models import CallbackRequest
from exchanges.registrations import services as registrations
from exchanges.registrations.models import Registration
from tests.exchanges.registering import open_event
from tests.factories import world as world_module
from users import mail as messages


class Killed(BaseException):
    """The process ends here: no ``except Exception`` of ours runs any more."""


def kill(*args, **kwargs):
    raise Killed


def lose_the_database(*args, **kwargs):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def test_request__killed_before_its_message__is_not_kept(world, ask, monkeypatch):
    monkeypatch.setattr(messages, "send", kill)
    with pytest.raises(Killed):
        ask(world.a)
    assert not CallbackRequest.objects.exists()


def test_request__database_lost_while_its_message_is_written__is_not_said_to_be_kept(ask, elsewhere, monkeypatch):
    monkeypatch.setattr(messages, "send", lose_the_database)
    response = elsewhere(lambda: ask(world_module.load().a))
    assert response.status_code == 503
    assert "n’est pas confirmé" in response.content.decode()
    assert not elsewhere(CallbackRequest.objects.exists)


def test_registration__database_lost_while_its_message_is_written__is_not_said_to_be_kept(elsewhere, monkeypatch):
    monkeypatch.setattr(messages, "send", lose_the_database)
    event = elsewhere(lambda: open_event(world_module.load().home(world_module.load().a), f"Coupé {uuid.uuid4().hex}"))

    def register():
        return registrations.register(
            event=event, on=None, key=uuid.uuid4(), name="x", email="x@example.org", count=1, language="fr"
        )

    try:
        with pytest.raises((OperationalError, InterfaceError)):
            elsewhere(register)
        assert not elsewhere(Registration.objects.filter(event=event).exists)
    finally:
        elsewhere(event.delete)

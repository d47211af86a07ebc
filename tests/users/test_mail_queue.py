"""Messages are kept with the work they tell of, tried again, and shown when they were given up."""

from __future__ import annotations

import datetime as dt
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from mailer.models import Message, MessageLog

from users import mail, mail_queue

pytestmark = pytest.mark.django_db
HERE = "tests.users.test_mail_queue"


class RefusingServer(BaseEmailBackend):
    """A mail server that knows nobody."""

    def send_messages(self, email_messages):
        raise SMTPRecipientsRefused({"x@example.net": (550, b"unknown")})


class CapriciousServer(BaseEmailBackend):
    """A mail server that hangs up on one message and takes the others."""

    def send_messages(self, email_messages):
        for message in email_messages:
            if "b@example.net" in message.to:
                raise SMTPServerDisconnected
            django_mail.outbox.append(message)
        return len(email_messages)


@pytest.fixture(autouse=True)
def kept(settings):
    settings.EMAIL_BACKEND = "mailer.backend.DbBackend"
    settings.MAILER_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def write(*addresses: str, **options) -> None:
    context = {"person": "Anne", "path": "/"}
    mail.send("device_reset_done", to=addresses, context=context, **options)


def age(message_filter, **delay) -> None:
    message_filter.update(when_added=timezone.now() - dt.timedelta(**delay))


def test_send__work_undone__leaves_no_message():
    with transaction.atomic():
        write("a@example.net")
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_deliver__waiting_messages__leave_once_with_their_files():
    write("a@example.net", "b@example.net", attachments=[("date.ics", b"BEGIN:VCALENDAR", "text/calendar")])
    assert not django_mail.outbox
    mail_queue.deliver()
    mail_queue.deliver()
    assert sorted(message.to[0] for message in django_mail.outbox) == ["a@example.net", "b@example.net"]
    assert django_mail.outbox[0].attachments[0][0] == "date.ics"
    assert not Message.objects.exists()


def test_deliver__one_message_fails__the_others_leave(settings):
    settings.MAILER_EMAIL_BACKEND = f"{HERE}.CapriciousServer"
    write("a@example.net", "b@example.net", "c@example.net")
    mail_queue.deliver()
    assert [message.to[0] for message in django_mail.outbox] == ["a@example.net", "c@example.net"]
    assert [message.to_addresses for message in mail_queue.waiting()] == [["b@example.net"]]


def test_deliver__server_refuses__tries_again_later_then_gives_up(settings):
    settings.MAILER_EMAIL_BACKEND = f"{HERE}.RefusingServer"
    write("a@example.net")
    mail_queue.deliver()
    mail_queue.deliver()
    assert MessageLog.objects.count() == 1, "tried again at once"
    for delay in mail_queue.RETRY_AFTER:
        assert not mail_queue.given_up().exists()
        age(Message.objects.all(), seconds=delay.total_seconds() + 1)
        mail_queue.deliver()
    assert MessageLog.objects.count() == 1 + len(mail_queue.RETRY_AFTER)
    assert mail_queue.given_up().count() == 1
    assert not mail_queue.waiting().exists()
    settings.MAILER_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail_queue.deliver()
    assert not django_mail.outbox, "what was given up waits for somebody"


def test_purge__after_thirty_days__forgets_outcomes_and_messages_given_up(settings):
    settings.MAILER_EMAIL_BACKEND = f"{HERE}.RefusingServer"
    write("a@example.net", "b@example.net")
    mail_queue.deliver()
    Message.objects.update(retry_count=len(mail_queue.RETRY_AFTER))
    first = Message.objects.order_by("pk").first()
    age(Message.objects.filter(pk=first.pk), days=31)
    MessageLog.objects.update(when_attempted=timezone.now() - dt.timedelta(days=31))
    mail_queue.purge()
    assert mail_queue.given_up().count() == 1
    assert not MessageLog.objects.exists()


@pytest.fixture
def given_up(settings):
    settings.MAILER_EMAIL_BACKEND = f"{HERE}.RefusingServer"
    write("a@example.net", "b@example.net")
    mail_queue.deliver()
    Message.objects.update(retry_count=len(mail_queue.RETRY_AFTER))
    settings.MAILER_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return list(mail_queue.given_up())


def test_screen__for_administrators__shows_what_could_not_leave(world, signed_in, given_up):
    html = signed_in("admin").get(reverse("kept_mail")).content.decode()
    assert "a@example.net" in html
    assert "550" in html
    assert signed_in("referent_a").get(reverse("kept_mail")).status_code == 404


@pytest.mark.parametrize(("number", "leave"), [("one", 1), ("all", 2), ("0", 0), ("x", 0), ("9" * 30, 0)])
def test_screen__send_again__has_the_chosen_messages_leave(world, signed_in, given_up, number, leave):
    chosen = str(given_up[0].pk) if number == "one" else number
    signed_in("admin").post(reverse("kept_mail"), {"message": chosen, "action": "retry"})
    mail_queue.deliver()
    assert len(django_mail.outbox) == leave
    assert mail_queue.given_up().count() == 2 - leave


def test_screen__drop__forgets_that_message_only(world, signed_in, given_up):
    signed_in("admin").post(reverse("kept_mail"), {"message": given_up[0].pk, "action": "drop"})
    assert list(mail_queue.given_up()) == given_up[1:]

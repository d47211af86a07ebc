"""Partners' addresses: wished for by a person, read by the clock only, again and again, never twice the same."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core.outbound import Answer, Fetcher, UnfetchableError
from resources.events.importing import refreshing
from resources.events.importing.applying import advance
from resources.models import EventImport, EventImportRow, EventSource, ImportedEvent
from tests import html
from tests.partner_calendars import events_below, finish, give, prepared, press, section_of, vcalendar, vevent

ADDRESS = "https://agenda.partenaire.example/public.ics"
FORUM, CAFE = vevent(), vevent("deux@partenaire.example", title="Café des créateurs")


class Partner(Fetcher):
    """The partner's site: what it gives next, and what it was asked. Stands for the network, not for our code."""

    def __new__(cls, *answers):
        partner = object.__new__(cls)
        object.__setattr__(partner, "answers", list(answers))
        object.__setattr__(partner, "asked", [])
        return partner

    def __init__(self, *answers) -> None:
        pass

    def fetch(self, address, **kwargs):
        self.asked.append((address, kwargs.get("etag", ""), connection.in_atomic_block))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return Answer(answer, '"1"', "") if answer is None or isinstance(answer, bytes) else answer


@pytest.fixture
def client(signed_in):
    return signed_in("referent_a")


@pytest.fixture
def section(world):
    return section_of(world)


@pytest.fixture
def source(client, section):
    assert give(client, section, ADDRESS).status_code == 302
    return EventSource.objects.get()


def read_due(fetcher) -> int:
    """What the clock asks for, on this network."""
    return sum(refreshing.read_one(pk, fetcher) for pk in refreshing.due().values_list("pk", flat=True))


def due(source):
    EventSource.objects.filter(pk=source.pk).update(read_from=timezone.now())


def followed(client, source, *events) -> EventSource:
    """A source that was read, seen and confirmed."""
    read_due(Partner(vcalendar(*events)))
    origin = source.imports.get()
    press(client, origin, "apply")
    finish(client, origin)
    source.refresh_from_db()
    return source


def read_again(source, *answers) -> Partner:
    due(source)
    partner = Partner(*answers)
    read_due(partner)
    source.refresh_from_db()
    return partner


def test_address__given__is_not_read_by_the_page_and_looks_again_without_a_script(client, source):
    origin = EventImport.objects.get()
    assert origin.state == "fetching"
    page = client.get(reverse("event_import", args=[origin.pk]))
    assert "dans la minute" in html.visible_text(html.parse(page))
    assert page["Refresh"] == "15"
    answer = client.post(page.request["PATH_INFO"], {"step": "continue"}, headers={"accept": "application/json"})
    assert answer.json()["running"] is True
    assert source.last_tried_at is None


def test_address__read_by_the_clock__waits_to_be_confirmed_then_drafts_come_by_themselves(client, section, source):
    read_due(Partner(vcalendar(FORUM)))
    origin = EventImport.objects.get()
    assert origin.state == "ready"
    assert events_below(section).count() == 0
    press(client, origin, "apply")
    finish(client, origin)
    assert events_below(section).count() == 1
    source.refresh_from_db()
    partner = read_again(source, vcalendar(FORUM, CAFE))
    assert [page.title for page in events_below(section)] == ["Café des créateurs", "Forum de l’emploi"]
    assert not events_below(section).filter(live=True).exists()
    assert partner.asked[0][:2] == (ADDRESS, '"1"')
    latest = EventImport.objects.order_by("-pk")[0]
    assert (latest.by_itself, latest.state, latest.started_by) == (True, "done", None)
    assert read_due(Partner(vcalendar())) == 0, "not before its time"


def test_address__nothing_new__leaves_no_import(client, source):
    followed(client, source, FORUM)
    read_again(source, vcalendar(FORUM))
    read_again(source, None)
    assert EventImport.objects.count() == 1
    assert source.error == ""
    assert source.read_from > timezone.now() + dt.timedelta(hours=5)


def test_address__changed_and_gone__updates_drafts_and_tells_the_rest(client, section, source):
    followed(client, source, FORUM, CAFE)
    events_below(section).get(title="Café des créateurs").get_latest_revision().publish()
    read_again(source, vcalendar(vevent(title="Forum et métiers")))
    forum, cafe = ImportedEvent.objects.order_by("pk")
    assert forum.page.get_latest_revision_as_object().title == "Forum et métiers"
    assert (forum.notice, cafe.notice) == ("", "gone")
    cafe.page.refresh_from_db()
    assert cafe.page.live
    read_again(source, vcalendar(vevent(title="Forum et métiers")))
    assert EventImport.objects.filter(by_itself=True).count() == 1, "not told twice"


def test_address__in_error__is_told_waits_longer_and_recovers(client, source):
    followed(client, source, FORUM)
    waits = []
    for _turn in range(8):
        read_again(source, UnfetchableError("Le site répond qu’il n’y a rien."))
        waits.append(source.read_from - source.last_tried_at)
    assert waits[1] == 2 * waits[0]
    assert waits[-1] == dt.timedelta(days=1)
    shown = html.visible_text(html.parse(client.get(reverse("event_source", args=[source.pk]))))
    assert "il n’y a rien" in shown
    partner = read_again(source, vcalendar(FORUM))
    assert partner.asked[0][1] == "", "after an error the whole calendar is asked for"
    assert (source.failures, source.error) == (0, "")


def test_address__first_reading_fails__is_refused_and_may_be_tried_again(client, source):
    read_due(Partner(UnfetchableError("Non.")))
    origin = EventImport.objects.get()
    assert (origin.state, origin.refusal) == ("refused", "Non.")
    assert "Non." in client.get(reverse("event_import", args=[origin.pk])).content.decode()
    press(client, origin, "retry")
    read_due(Partner(vcalendar(FORUM)))
    origin.refresh_from_db()
    assert origin.state == "ready"


@pytest.mark.parametrize("body", [b"<html></html>", b"", b"BEGIN:VCALENDAR", b"\xff" * 2000])
def test_address__what_is_no_calendar__is_told_and_no_event_is_gone(client, source, body):
    followed(client, source, FORUM)
    read_again(source, body)
    assert source.error
    assert ImportedEvent.objects.get().notice == ""


def test_address__a_reading_that_breaks__does_not_stop_the_others(client, section, source):
    give(client, section, ADDRESS.replace("public", "autre"), title="Mission locale")
    read_due(Partner(RuntimeError("inattendu"), vcalendar(FORUM)))
    assert sorted(EventImport.objects.values_list("state", flat=True)) == ["ready", "refused"]


def test_address__while_it_is_read__no_transaction_is_open_and_nobody_else_reads_it(source, django_db_blocker):
    refreshing._claim(source.pk)
    assert read_due(Partner(vcalendar(FORUM))) == 0


def test_address__undone__is_no_longer_read_and_comes_whole_when_followed_again(client, section, source):
    followed(client, source, FORUM)
    origin = EventImport.objects.get()
    press(client, origin, "undo")
    finish(client, origin)
    source.refresh_from_db()
    assert source.is_paused
    assert read_again(source, vcalendar(FORUM)).asked == []
    client.post(reverse("event_source", args=[source.pk]), {"step": "read"})
    partner = Partner(vcalendar(FORUM))
    read_due(partner)
    assert partner.asked[0][1] == ""
    assert events_below(section).count() == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/a.ics",
        "https://mara.localhost/agenda/ical/",
        "https://finistere.mara.localhost/agenda/ical/",
        "ftp://a.example.com/",
        "https://u:p@a.example.com/",
        "https://a.example.com:8443/",
        "https://10.0.0.1/",
        "x" * 5000,
        "\x00",
    ],
)
def test_address__that_may_not_be_read__is_refused_on_the_form(client, section, address):
    response = give(client, section, address)
    assert response.status_code == 422
    assert not EventSource.objects.exists()


def test_address__given_twice__is_said(client, section, source):
    again = give(client, section, ADDRESS.replace("https", "webcal"), title="Autre")
    assert again.status_code == 422
    assert "CCI de Brest" in again.content.decode()


def test_command__with_nothing_to_read__does_nothing(db):
    call_command("read_event_sources", verbosity=0)
    call_command("purge_event_imports", verbosity=0)


def test_purge__after_thirty_days__forgets_imports_not_what_was_made(client, section, source):
    followed(client, source, FORUM)
    EventImport.objects.update(started_at=timezone.now() - dt.timedelta(days=31))
    assert refreshing.purge() == 1
    assert events_below(section).count() == 1
    read_again(source, vcalendar(FORUM))
    assert events_below(section).count() == 1


class KilledError(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("step", ["apply", "undo"])
def test_import__killed_anywhere__resumes_to_the_same_end(client, section, step):
    """Every so many statements: each time a step has happened or has not, and the next one goes on."""
    raw = vcalendar(*[vevent(str(number), title=f"Rendez-vous {number}") for number in range(12)])
    origin = prepared(client, section, raw)
    press(client, origin, "apply")
    if step == "undo":
        finish(client, origin)
        press(client, origin, "undo")
    seen, at, kills = 0, 23, 0

    def killer(execute, sql, params, many, context):
        nonlocal seen
        seen += 1
        if seen == at:
            raise KilledError
        return execute(sql, params, many, context)

    origin.refresh_from_db()
    while origin.is_running:
        seen = 0
        try:
            with connection.execute_wrapper(killer):
                origin = advance(origin.pk, seconds=0)
        except KilledError:
            kills += 1
        at += 83
        done = EventImportRow.objects.filter(outcome="created").count()
        assert events_below(section).count() == ImportedEvent.objects.count() == done
    assert kills > 1
    count = 12 if step == "apply" else 0
    assert events_below(section).count() == ImportedEvent.objects.count() == count
    assert origin.state == ("done" if step == "apply" else "undone")

"""Calendars that leave the site, read back as others read them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resources.events import publication
from resources.models import EventPublication
from tests.factories import pages
from tests.html import parse, visible_text
from tests.resources.test_occurrences import change, first_tuesday, meeting, rows

PARIS = ZoneInfo("Europe/Paris")


def read(response) -> icalendar.Calendar:
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(response.content)


def names(calendar) -> set[str]:
    return {str(event["SUMMARY"]) for event in calendar.walk("VEVENT")}


def test_calendar__of_a_groupement__holds_its_own_and_the_nation_s(world, visit):
    meeting(world.home(world.a), "Permanence de Brest")
    meeting(world.home(world.b), "Permanence d'Agen")
    pages.event(world.national, "Forum national")
    host = world.host(world.a)
    assert names(read(visit(host, "/agenda/ical/"))) == {"Permanence de Brest", "Forum national"}
    assert names(read(visit(host, "/agenda/ical/groupement/"))) == {"Permanence de Brest"}
    assert names(read(visit(host, "/agenda/ical/zone/"))) == {"Permanence de Brest"}
    assert names(read(visit(host, "/agenda/ical/national/"))) == {"Forum national"}


@pytest.mark.parametrize("path", ["/agenda/ical/x/", "/agenda/ical/zone/zone/", "/agenda/icals/"])
def test_calendar__address_that_is_none__is_absent(world, visit, path):
    assert visit(world.host(world.a), path).status_code == 404


def test_calendar__headers__are_those_that_outlook_google_and_apple_ask(world, visit):
    meeting(world.home(world.a))
    response = visit(world.host(world.a), "/agenda/ical/")
    calendar = read(response)
    for name in (
        "PRODID",
        "VERSION",
        "METHOD",
        "X-WR-CALNAME",
        "X-WR-TIMEZONE",
        "REFRESH-INTERVAL",
        "X-PUBLISHED-TTL",
    ):
        assert name in calendar
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]
    assert max(len(line) for line in response.content.split(b"\r\n")) <= 75
    again = visit(world.host(world.a), "/agenda/ical/", HTTP_IF_NONE_MATCH=response["ETag"])
    assert again.status_code == 304


def test_dates__cancelled_moved_left_out__are_read_back_as_the_site_shows_them(world, visit):
    event = meeting(world.home(world.a), "Permanence")
    first, second, third, *_others = rows(event)
    change(event, first, "cancelled", note="Salle prise.")
    change(event, second, "moved", new_date=second.date + dt.timedelta(days=1), new_time=dt.time(19))
    change(event, third, "left_out")
    calendar = read(visit(world.host(world.a), f"/agenda/{event.slug}/ical/"))
    shown = rows(event)[:12]
    found = recurring_ical_events.of(calendar).between(first.date, shown[-1].date + dt.timedelta(days=2))
    assert {part["DTSTART"].dt for part in found} == {row.starts_at for row in shown}
    off = [part for part in found if part["STATUS"] == "CANCELLED"]
    assert [part["DTSTART"].dt for part in off] == [first.starts_at]
    assert {str(part["UID"]) for part in found} == {publication.uid_of(event)}
    assert {part["DTSTART"].dt.astimezone(PARIS).hour for part in found} == {18, 19}  # winter and summer alike


@pytest.mark.parametrize("zone", ["America/Guadeloupe", "Indian/Reunion", "Pacific/Noumea"])
def test_dates__with_a_last_day_overseas__end_on_that_day(world, visit, zone):
    day = first_tuesday()
    until = day + dt.timedelta(weeks=3)
    event = meeting(world.home(world.a), rule=f"FREQ=WEEKLY;BYDAY=TU;UNTIL={until:%Y%m%d}", zone=zone)
    calendar = read(visit(world.host(world.a), f"/agenda/{event.slug}/ical/"))
    found = recurring_ical_events.of(calendar).between(day, until + dt.timedelta(days=30))
    assert [part["DTSTART"].dt for part in found] == [row.starts_at for row in rows(event)]
    assert len(found) == 4


def test_all_day__event_of_two_days__ends_on_the_third_which_is_not_included(world, visit):
    start = dt.datetime.combine(first_tuesday(), dt.time.min, PARIS)
    end = start + dt.timedelta(days=1, hours=23, minutes=59)
    event = pages.event(world.national, starts_at=start, ends_at=end, all_day=True)
    [part] = read(visit(world.national_host, f"/agenda/{event.slug}/ical/")).walk("VEVENT")
    assert part["DTSTART"].dt == start.date()
    assert part["DTEND"].dt == start.date() + dt.timedelta(days=2)


def test_sequence__changed_and_published__grows_and_the_identifier_stays(world):
    event = meeting(world.home(world.a))
    before = EventPublication.objects.get(page_id=event.pk)
    event.save_revision().publish()
    assert EventPublication.objects.get(page_id=event.pk).sequence == before.sequence, "nothing new to learn"
    event.place_name = "Maison des associations"
    event.save_revision()
    assert EventPublication.objects.get(page_id=event.pk).sequence == before.sequence, "a draft is told to nobody"
    event.get_latest_revision().publish()
    after = EventPublication.objects.get(page_id=event.pk)
    assert (after.sequence, after.uid) == (before.sequence + 1, before.uid)


@pytest.mark.parametrize("act", ["unpublish", "delete"])
def test_event__withdrawn__is_told_as_cancelled_where_it_was_seen_then_forgotten(world, visit, act):
    event = meeting(world.home(world.a), "Permanence de Brest")
    uid = publication.uid_of(event)
    getattr(event, act)()
    [part] = read(visit(world.host(world.a), "/agenda/ical/")).walk("VEVENT")
    assert (str(part["UID"]), str(part["STATUS"]), part["SEQUENCE"]) == (uid, "CANCELLED", 1)
    assert not names(read(visit(world.host(world.b), "/agenda/ical/")))
    EventPublication.objects.update(withdrawn_at=timezone.now() - dt.timedelta(days=200))
    call_command("extend_calendars", verbosity=0)
    assert not names(read(visit(world.host(world.a), "/agenda/ical/")))


def test_national_event__cancelled__is_so_in_every_calendar_at_once(world, visit):
    event = pages.event(world.national, "Forum national")
    event.status = "cancelled"
    event.save_revision().publish()
    for place in (world.a, world.b):
        [part] = read(visit(world.host(place), "/agenda/ical/")).walk("VEVENT")
        assert part["STATUS"] == "CANCELLED"
        assert part["UID"] == publication.uid_of(event)


def test_calendar__thirty_events__costs_what_three_do(world, visit):

    home, counts = world.home(world.a), []
    for number in (3, 27):
        for rank in range(number):
            meeting(home, f"Permanence {number} {rank}")
        with CaptureQueriesContext(connection) as seen:
            assert visit(world.host(world.a), "/agenda/ical/").status_code == 200
        counts.append(len(seen))
    assert counts[1] <= counts[0]


def test_page__of_the_calendar__says_how_to_subscribe(world, visit):
    meeting(world.home(world.a))
    text = visit(world.host(world.a), "/agenda/").content.decode()
    assert "webcal://" in text
    assert "/agenda/ical/groupement/" in text
    assert "Google" in text


def test_calendar_page__theme_chosen__offers_the_calendar_of_that_theme(world, visit):
    theme = pages.theme("emploi-prive")
    theme.name = "Emploi privé"
    theme.save()
    pages.event(world.national, "Forum de l'emploi", themes=[theme])
    pages.event(world.national, "Bal des officiers")
    host = world.host(world.a)
    offer = "du thème «\u00a0Emploi privé\u00a0»"
    assert offer not in visible_text(parse(visit(host, "/agenda/")))
    page = parse(visit(host, "/agenda/?theme=emploi-prive"))
    [link] = [link for link in page.select("a[href^=webcal]") if offer in link.get_text()]
    address = link["href"].removeprefix(f"webcal://{host}")
    assert names(read(visit(host, address))) == {"Forum de l'emploi"}

"""The dates of events: laid out on publishing, shown by lists, weeks and months, right on every clock."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from resources.events import expansion
from resources.index import following
from resources.models import EventChange, EventOccurrence, EventPage, IndexEntry
from tests.factories import pages
from tests.helpers import page_html
from tests.html import parse

PARIS = ZoneInfo("Europe/Paris")


def first_tuesday(months_ahead: int = 1) -> dt.date:
    today = timezone.localdate()
    month = dt.date(today.year + (today.month - 1 + months_ahead) // 12, (today.month - 1 + months_ahead) % 12 + 1, 1)
    return month + dt.timedelta(days=(1 - month.weekday()) % 7)


def meeting(home, title="Permanence", *, on=None, rule="FREQ=MONTHLY;BYDAY=1TU", zone="Europe/Paris", **fields):
    """An event at 18 h for two hours on its own clock, the first Tuesday of each month."""
    day = on or first_tuesday()
    start = dt.datetime.combine(day, dt.time(18), ZoneInfo(zone))
    return pages.event(
        home,
        title,
        starts_at=start,
        ends_at=start + dt.timedelta(hours=2),
        recurrence=rule,
        time_zone=zone,
        **fields,
    )


def rows(event) -> list[EventOccurrence]:
    return list(event.occurrences.order_by("date"))


def change(event, row: EventOccurrence, kind: str, **fields) -> None:
    event.changes.add(EventChange(date=row.date, kind=kind, **fields))
    event.save()


def test_dates__of_a_published_event__reach_the_horizon(world):
    event = meeting(world.home(world.a))
    found = rows(event)
    assert 58 <= len(found) <= 61
    assert {row.starts_at.astimezone(PARIS).weekday() for row in found} == {1}
    assert all(row.date.day <= 7 for row in found)


def test_hours__winter_and_summer__stay_those_of_the_wall(world):
    found = rows(meeting(world.home(world.a)))
    assert {row.starts_at.astimezone(PARIS).hour for row in found} == {18}
    assert len({row.starts_at.hour for row in found}) == 2  # in UTC they change


def test_hours__of_an_overseas_event__are_those_of_its_own_wall(world):
    event = meeting(world.home(world.a), zone="Indian/Reunion")
    assert {row.starts_at.astimezone(ZoneInfo("Indian/Reunion")).hour for row in rows(event)} == {18}
    assert {row.starts_at.hour for row in rows(event)} == {14}


def test_hour__that_spring_skips__is_put_forward():
    moment = expansion.at_wall(dt.date(2027, 3, 28), dt.time(2, 30), PARIS)
    assert moment.astimezone(PARIS).strftime("%H:%M") == "03:30"


def test_length__over_the_night_of_summer_time__is_that_of_the_wall(world):
    start = dt.datetime(2026, 10, 17, 23, tzinfo=PARIS)
    event = EventPage(
        starts_at=start, ends_at=start + dt.timedelta(hours=5), recurrence="FREQ=WEEKLY;BYDAY=SA;COUNT=3"
    )
    ends = [dated.ends_at.astimezone(PARIS).hour for dated in expansion.dates(event)]
    assert ends == [4, 4, 4]  # the clocks go back in the night of 24 October


def test_dates__one_cancelled_one_moved_one_left_out__are_laid_out_so(world):
    event = meeting(world.home(world.a))
    first, second, third, fourth, *_others = rows(event)
    change(event, first, "cancelled", note="Salle prise.")
    change(event, second, "moved", new_date=second.date + dt.timedelta(days=1), new_time=dt.time(19))
    change(event, third, "left_out")
    change(event, fourth, "note", note="Avec l'Apec.")
    found = {row.date: row for row in rows(event)}
    assert found[first.date].status == "cancelled"
    moved = found[second.date]
    assert moved.is_moved
    assert moved.starts_at.astimezone(PARIS).hour == 19
    assert moved.ends_at - moved.starts_at == dt.timedelta(hours=2)
    assert third.date not in found
    assert found[fourth.date].note == "Avec l'Apec."
    assert found[first.date].pk == first.pk, "rows stay the same rows"


def test_dates__event_withdrawn__are_gone(world):
    event = meeting(world.home(world.a))
    event.unpublish()
    assert not EventOccurrence.objects.filter(event_id=event.pk).exists()


def test_dates__draft_saved__stay_those_of_the_published_version(world):
    event = meeting(world.home(world.a))
    before = [row.starts_at for row in rows(event)]
    event.starts_at += dt.timedelta(hours=1)
    event.save_revision()
    assert [row.starts_at for row in rows(event)] == before
    event.get_latest_revision().publish()
    assert rows(event)[0].starts_at == before[0] + dt.timedelta(hours=1)


def test_clock__some_time_later__extends_the_dates(world):
    event = meeting(world.home(world.a))
    expected = len(rows(event))
    event.occurrences.filter(date__gt=timezone.localdate() + dt.timedelta(days=700)).delete()
    call_command("extend_calendars", verbosity=0)
    assert len(rows(event)) == expected


def test_list__meeting_of_each_month__is_one_card_with_its_next_dates(world, visit):
    event = meeting(world.home(world.a), "Permanence de Brest")
    meeting(world.home(world.b), "Permanence d'Agen")
    soup = parse(visit(world.host(world.a), "/agenda/"))
    cards = soup.select(".card--event")
    assert [card.select_one(".card__title").get_text(strip=True) for card in cards] == ["Permanence de Brest"]
    assert "Tous les premiers mardis du mois" in cards[0].get_text()
    assert cards[0].a["href"] == f"/agenda/{event.slug}/?date={rows(event)[0].date}"


@pytest.mark.parametrize("view", ["month", "week"])
def test_period__with_a_date_of_a_repeating_event__shows_it_each_time(world, visit, view):
    event = meeting(world.home(world.a), "Permanence de Brest")
    meeting(world.home(world.b), "Permanence d'Agen")
    for row in rows(event)[:3]:
        asked = f"{row.date:%Y-%m}" if view == "month" else str(row.date)
        text = page_html(visit(world.host(world.a), f"/agenda/?view={view}&{view}={asked}"))
        assert f"/agenda/{event.slug}/?date={row.date}" in text
        assert "permanence-dagen" not in text


def test_page__date_in_its_address__shows_that_date(world, visit):
    event = meeting(world.home(world.a))
    _first, second, *_others = rows(event)
    change(event, second, "cancelled", note="Salle prise.")
    text = page_html(visit(world.host(world.a), f"/agenda/{event.slug}/?date={second.date}"))
    assert "Salle prise." in text
    assert "EventCancelled" in text
    assert "Salle prise." not in page_html(visit(world.host(world.a), f"/agenda/{event.slug}/"))


@pytest.mark.parametrize("asked", ["2026-02-30", "x", "%00", "9999-99-99", "2001-01-01", "a" * 5000, "٢٠٢٧-٠١-٠١"])
def test_page__date_that_is_none_of_its_own__shows_the_next_and_says_so(world, visit, asked):
    event = meeting(world.home(world.a))
    soup = parse(visit(world.host(world.a), f"/agenda/{event.slug}/?date={asked}"))
    assert "prochaine date" in soup.select_one(".notice").get_text()


def test_event__that_nobody_repeated__is_upcoming_then_past(world):
    soon, over = pages.event(world.national, in_days=1), pages.event(world.national, in_days=-2)
    assert list(EventPage.objects.upcoming()) == [soon]
    assert list(EventPage.objects.past()) == [over]
    assert soon.next_occurrence.starts_at == soon.starts_at
    assert over.next_occurrence is None


def test_search__date_that_is_over__tells_the_next_one(world):
    event = meeting(world.home(world.a))
    following.follow()
    assert IndexEntry.objects.get(page_id=event.pk).starts_at == rows(event)[0].starts_at
    day = dt.timedelta(days=-2)
    IndexEntry.objects.filter(page_id=event.pk).update(
        starts_at=timezone.now() + day, ends_at=timezone.now() + day, digest=""
    )
    call_command("follow_event_dates", verbosity=0)
    assert IndexEntry.objects.get(page_id=event.pk).starts_at == rows(event)[0].starts_at

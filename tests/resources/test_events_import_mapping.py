"""What the events of other calendars become: dates, zones, rules, places and texts; and what is refused, in words."""

from __future__ import annotations

import codecs
import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from resources.events.importing import writing
from resources.events.importing.mapping import MAX_EVENTS, events_of, plain
from resources.events.importing.places import place
from resources.events.importing.reading import UnreadableCalendarError, read
from tests.partner_calendars import day, vcalendar, vevent

PARIS, REUNION = ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion")


def found(*events: str, head: str = "", zone: ZoneInfo = PARIS):
    return events_of(read(vcalendar(*events, head=head)), zone)


def one(*lines: str, start: str = "", title: str = "Forum", head: str = "", zone: ZoneInfo = PARIS):
    return found(vevent("a", *lines, start=start, title=title), head=head, zone=zone)[0]


def wall(event) -> str:
    zone = ZoneInfo(event.values["time_zone"])
    return f"{dt.datetime.fromisoformat(event.values['starts_at']).astimezone(zone):%Y%m%d %H:%M}"


WINTER = f"{dt.date.today().year + 2}0115"


@pytest.mark.parametrize(
    ("start", "clock", "hour"),
    [
        (f"DTSTART;TZID=Europe/Paris:{WINTER}T140000", "Europe/Paris", "14:00"),
        (f"DTSTART:{WINTER}T130000Z", "Europe/Paris", "14:00"),
        (f"DTSTART:{WINTER}T140000", "Europe/Paris", "14:00"),
        (f"DTSTART;TZID=America/New_York:{WINTER}T080000", "Europe/Paris", "14:00"),
        (f"DTSTART;TZID=Romance Standard Time:{WINTER}T140000", "Europe/Paris", "14:00"),
        (f"DTSTART;TZID=/mozilla.org/20050126_1/Europe/Paris:{WINTER}T140000", "Europe/Paris", "14:00"),
        (f"DTSTART;TZID=Indian/Reunion:{WINTER}T140000", "Indian/Reunion", "14:00"),
        (f"DTSTART;TZID=Heure de chez nous:{WINTER}T140000", "Europe/Paris", "14:00"),
        (f"DTSTART;TZID=../../etc/passwd:{WINTER}T140000", "Europe/Paris", "14:00"),
    ],
)
def test_zone__of_any_calendar__is_an_hour_on_a_clock_of_ours(start, clock, hour):
    event = one(start=start)
    assert (event.values["time_zone"], wall(event)) == (clock, f"{WINTER} {hour}")


def test_zone__that_nobody_knows__is_said():
    assert "inconnu" in one(start=f"DTSTART;TZID=Chez nous:{WINTER}T140000").problems[0]


def test_zone__floating_hours__are_those_of_the_groupement_or_of_the_calendar():
    floating = f"DTSTART:{WINTER}T140000"
    assert one(start=floating, zone=REUNION).values["time_zone"] == "Indian/Reunion"
    event = one(start=floating, head="X-WR-TIMEZONE:Europe/Paris", zone=REUNION)
    assert wall(event) == f"{WINTER} 14:00"


def test_all_day__the_last_day_is_not_included():
    event = one("DTEND;VALUE=DATE:20990118", start="DTSTART;VALUE=DATE:20990115")
    assert event.values["all_day"]
    assert writing.when(event.values) == "du jeudi 15 janvier 2099 au samedi 17 janvier 2099"
    assert wall(one(start="DTSTART;VALUE=DATE:20990115")) == "20990115 00:00"


@pytest.mark.parametrize("end", ["DTEND:garbage", "DTEND:19990101T100000Z", "DURATION:-PT2H", "DURATION:x"])
def test_end__missing_or_wrong__is_two_hours_and_said(end):
    event = one(end, start=f"DTSTART;TZID=Europe/Paris:{WINTER}T140000")
    length = dt.datetime.fromisoformat(event.values["ends_at"]) - dt.datetime.fromisoformat(event.values["starts_at"])
    assert length == dt.timedelta(hours=2)
    assert event.problems


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=5",
        "FREQ=HOURLY;COUNT=3",
        "FREQ=DAILY;COUNT=1000000000",
        "FREQ=WEEKLY;COUNT=99999999999999999999",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=MONTHLY;BYSETPOS=1,2,3;BYDAY=MO,TU",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=WEEKLY;BYHOUR=1,2,3",
        "FREQ=YEARLY;BYYEARDAY=" + ",".join(map(str, range(1, 366))),
        "FREQ=NEVER",
        "n’importe quoi",
        ";;;",
        "FREQ=WEEKLY;FREQ=DAILY",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2",
    ],
)
def test_rule__that_the_calendar_cannot_say__is_left_out_with_a_sentence(rule):
    event = one(f"RRULE:{rule}")
    assert (event.refused, event.values) == (True, {})
    assert event.problems[0].endswith((".", "!"))


def test_rule__of_people__is_kept_and_read_aloud():
    event = one("RRULE:FREQ=MONTHLY;BYDAY=1TU;WKST=MO", start="DTSTART;TZID=Europe/Paris:20270105T180000")
    assert "premiers mardis" in writing.rule_said(event.values)
    assert not event.over, "it goes on"


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "FREQ=MONTHLY;BYMONTHDAY=31"])
def test_rule__that_began_long_ago__has_the_same_dates_in_few_steps(rule):
    from resources.events.importing.moments import dates_from
    from resources.events.recurrence import parse

    start = dt.date(2015, 1, 1)
    found_rule = parse(rule).completed(start)
    today, last = day(0), day(200)
    assert list(dates_from(found_rule, start, today, last)) == list(found_rule.dates(start, since=today, last=last))


def test_rule__first_date_that_is_none_of_its_own__begins_with_the_first_that_is():
    event = one("RRULE:FREQ=WEEKLY;BYDAY=TU", start="DTSTART;TZID=Europe/Paris:20990101T180000")  # a Thursday
    assert wall(event) == "20990106 18:00"
    assert one("RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=3", start="DTSTART:20990101T180000").refused


def test_changes__exdate_and_recurrence_id__are_dates_that_are_different():
    days = [day(offset) for offset in (7, 14, 21, 28)]
    start = f"DTSTART;TZID=Europe/Paris:{days[0]:%Y%m%d}T180000"

    def at(date, name="RECURRENCE-ID"):
        return f"{name};TZID=Europe/Paris:{date:%Y%m%d}T180000"

    events = (
        vevent("a", "RRULE:FREQ=WEEKLY", at(days[1], "EXDATE"), "LOCATION:Salle A", start=start),
        vevent(
            "a", at(days[2]), "LOCATION:Salle B", start=start.replace(f"{days[0]:%Y%m%d}T18", f"{days[2]:%Y%m%d}T19")
        ),
        vevent("a", at(days[3]), "STATUS:CANCELLED", start=start),
        vevent("a", at(day(3)), start=start),
    )
    (event,) = found(*events)
    assert event.values["changes"] == [
        {"date": days[1].isoformat(), "kind": "left_out"},
        {"date": days[2].isoformat(), "kind": "moved", "new_time": "19:00", "place_name": "Salle B"},
        {"date": days[3].isoformat(), "kind": "cancelled"},
    ]
    assert len(event.problems) == 1, "the date that is none of the rule's is said"


def test_recurrence_id__without_its_rule__is_an_event_of_its_own():
    events = [
        vevent("a", f"RECURRENCE-ID:{day(n):%Y%m%d}T120000Z", start=f"DTSTART:{day(n):%Y%m%d}T120000Z") for n in (5, 6)
    ]
    assert len({event.key for event in found(*events)}) == 2


def test_uid__twice__the_latest_is_taken():
    first, second = found(vevent("a", "SEQUENCE:2", title="Deux"), vevent("a", "SEQUENCE:1", title="Un"))
    assert (first.title, first.refused, second.refused) == ("Deux", False, True)


def test_past__is_counted_not_taken():
    assert one(start="DTSTART:20200101T100000Z").over
    assert one("RRULE:FREQ=WEEKLY;UNTIL=20200301T000000Z", start="DTSTART:20200101T100000Z").over


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le Quartz, 60 rue du Château, 29200 Brest, France", ("Le Quartz", "60 rue du Château", "29200", "Brest")),
        ("Salle des fêtes - Quimper", ("Salle des fêtes", "", "29000", "Quimper")),
        ("12 quai de la Douane 29200 BREST", ("12 quai de la Douane", "", "29200", "Brest")),
        ("Salle B", ("Salle B", "", "", "")),
        ("Saint-Denis", ("Saint-Denis", "", "", "")),
        ("", ("", "", "", "")),
    ],
)
def test_place__its_commune_is_recognised_when_there_is_no_doubt(text, expected):
    read_place = place(text)
    assert tuple(read_place.get(name, "") for name in ("place_name", "address", "postcode", "commune")) == expected


def test_place__an_address_of_the_web__is_the_online_meeting():
    assert place("https://visio.example.org/salle")["online_url"] == "https://visio.example.org/salle"


def test_text__of_a_calendar__is_words_without_markup_and_cut():
    assert plain("<p>Un&nbsp;<b>deux</b></p><script>x()</script><p>trois</p>").split() == ["Un", "deux", "trois"]
    assert plain("a < b et c > d") == "a < b et c > d"
    event = one("DESCRIPTION:" + "mot " * 3000)
    assert len(event.values["text"]) <= 5001
    assert "coupée" in event.problems[0]


@pytest.mark.parametrize(
    "encode", [lambda t: codecs.BOM_UTF8 + t.encode(), lambda t: t.encode("cp1252"), lambda t: t.encode("utf-16")]
)
def test_encoding__of_any_usual_kind__is_read(encode):
    text = vcalendar(vevent(title="Été à l’hôtel")).decode()
    assert events_of(read(encode(text)), PARIS)[0].title == "Été à l’hôtel"


def test_folding__in_the_middle_of_a_letter_or_broken__is_put_together():
    raw = vcalendar(vevent(title="Rencontre des créateurs"))
    at = raw.index("é".encode()) + 1
    assert events_of(read(raw[:at] + b"\r\n " + raw[at:]), PARIS)[0].title == "Rencontre des créateurs"
    broken = vcalendar(vevent("a", "DESCRIPTION:Une ligne coupée\r\nsans espace\r\n et une autre"))
    assert events_of(read(broken), PARIS)[0].values["text"] == "Une ligne coupéesans espaceet une autre"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "vide"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "coupé"),
        (b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\nEND:VCALENDAR", "ligne 2"),
        (b"<!doctype html><html></html>", "page web"),
        (b"BEGIN:VCARD\r\nEND:VCARD", "pas un agenda"),
        (b"x" * (1024 * 1024 + 1), "volumineux"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 60_000, "abîmé"),
        (vcalendar(*["BEGIN:VEVENT\r\nEND:VEVENT"] * 2001), "2000"),
    ],
)
def test_read__what_is_no_whole_calendar__is_refused_in_words(raw, said):
    with pytest.raises(UnreadableCalendarError, match=said):
        read(raw)


def test_events__more_than_five_hundred_to_come__are_refused_in_words():
    events = [vevent(str(number), start=f"DTSTART:{WINTER}T100000Z") for number in range(MAX_EVENTS + 1)]
    with pytest.raises(UnreadableCalendarError, match="500"):
        found(*events)

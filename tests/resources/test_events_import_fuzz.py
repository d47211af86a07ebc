"""Any bytes and any event: a calendar or a refusal in words, never an error, never without end."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resources.events.importing import writing
from resources.events.importing.mapping import events_of
from resources.events.importing.reading import UnreadableCalendarError, read
from tests.partner_calendars import vcalendar

PARIS = ZoneInfo("Europe/Paris")
FRAGMENTS = st.sampled_from(
    [
        *(b"BEGIN:VCALENDAR", b"END:VCALENDAR", b"BEGIN:VEVENT", b"END:VEVENT", b"BEGIN:VALARM", b"END:VALARM"),
        *(b"UID:a", b"SUMMARY:x\\, y\\", b"DTSTART:20990101T100000", b"DTSTART;VALUE=DATE:20990101"),
        *(b"DTSTART;TZID=x:20990101T1", b"DTEND:20991301T100000Z", b"RRULE:FREQ=WEEKLY;COUNT=500"),
        *(b"RRULE:FREQ=SECONDLY", b"EXDATE:20990101T100000,x", b"DURATION:P9999999W", b" suite", b"\xff\xfe"),
        *(b"RECURRENCE-ID;RANGE=THISANDFUTURE:20990108T100000", b'X-A;B="c:d', b"DTSTART:00010101T000000Z"),
        *(b"DTSTART:99991231T235959Z", b"LOCATION:29200", b"DESCRIPTION:<b>", b"STATUS:CANCELLED"),
    ]
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400) | st.lists(FRAGMENTS | st.binary(max_size=12), max_size=30).map(b"\r\n".join))
def test_import__any_bytes__are_events_or_a_refusal_in_words(raw):
    try:
        events = events_of(read(raw), PARIS)
    except UnreadableCalendarError:
        return
    assert all(event.refused == (not event.values) for event in events)


VALUES = st.text(max_size=40).map(lambda text: text.replace("\r", "").replace("\n", ""))
MOMENTS = st.sampled_from([":", ";VALUE=DATE:", ";TZID=Europe/Paris:", ";TZID=x:"]).flatmap(
    lambda head: (
        st.dates().map(lambda d: f"{d:%Y%m%d}") | st.datetimes().map(lambda m: f"{m:%Y%m%dT%H%M%S}") | VALUES
    ).map(lambda value: head + value)
)
PARTS = [
    *("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY", "INTERVAL=3", "COUNT=520", "UNTIL=99991231"),
    *("BYDAY=-1FR", "BYDAY=MO,TU", "BYDAY=2TU", "BYMONTHDAY=29", "BYMONTH=2", "BYSETPOS=-1", "WKST=SU"),
]
RULES = st.lists(st.sampled_from(PARTS), max_size=4, unique=True).map(lambda parts: ":" + ";".join(parts))
PROPERTIES = st.lists(
    st.tuples(st.sampled_from(["DTEND", "EXDATE", "RECURRENCE-ID", "DTSTART"]), MOMENTS)
    | st.tuples(st.just("RRULE"), RULES)
    | st.tuples(
        st.sampled_from(["LOCATION", "URL", "DESCRIPTION", "DURATION", "STATUS", "SEQUENCE", "SUMMARY"]),
        VALUES.map(":{}".format),
    ),
    max_size=8,
)


@pytest.mark.django_db  # pages ask for their content type
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MOMENTS, PROPERTIES, PROPERTIES)
def test_import__any_event__becomes_a_page_or_is_refused_in_words(start, some, others):
    def event(properties):
        lines = [name + value for name, value in properties]
        return "\r\n".join(["BEGIN:VEVENT", "UID:a", f"DTSTART{start}", *lines, "END:VEVENT"])

    try:
        events = events_of(read(vcalendar(event(some), event(others))), PARIS)
    except UnreadableCalendarError:
        return
    from resources.models import EventPage

    for one_found in events:
        if one_found.refused:
            assert one_found.problems
            continue
        page = EventPage(title="x", slug="x")
        writing.write(page, one_found.values)
        page.clean()
        assert writing.when(one_found.values)
        assert not writing.differing(one_found.values, one_found.values)
        for change in page.changes.all():
            change.clean()

"""Opening hours: said in words, in OpenStreetMap's syntax, read back, and true on the clock of the place."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from resources.contacts import hours
from resources.contacts.hours import Slot
from resources.contacts.hours_reading import read
from resources.models import OpeningSlot

NINE, NOON, TWO, FIVE, MIDNIGHT = dt.time(9), dt.time(12), dt.time(14), dt.time(17), dt.time(0)
OFFICE = [Slot(1, 5, NINE, NOON), Slot(1, 5, TWO, FIVE)]
PARIS = ZoneInfo("Europe/Paris")

slots = st.builds(
    lambda first, length, opens, span: Slot(first, min(7, first + length), opens, _later(opens, span)),
    st.integers(1, 7),
    st.integers(0, 6),
    st.times(max_value=dt.time(23, 50)).map(lambda time: time.replace(second=0, microsecond=0)),
    st.integers(1, 600),
)


def _later(time: dt.time, minutes: int) -> dt.time:
    end = time.hour * 60 + time.minute + minutes
    return dt.time(end // 60, end % 60) if end < 24 * 60 else MIDNIGHT


def test_hours__office__are_said_in_french_and_in_osm():
    assert hours.describe(OFFICE) == ["du lundi au vendredi\xa0: 9\xa0h\xa0– 12\xa0h et 14\xa0h\xa0– 17\xa0h"]
    assert hours.to_osm(OFFICE) == "Mo-Fr 09:00-12:00,14:00-17:00"
    assert hours.to_osm([Slot(2, 2, NINE, FIVE), Slot(4, 4, NINE, FIVE)]) == "Tu,Th 09:00-17:00"
    assert hours.to_osm([]) == ""


def test_hours__overlapping_lines__are_one_opening():
    lines = [Slot(1, 5, NINE, NOON), Slot(3, 3, dt.time(11), FIVE), Slot(6, 6, TWO, MIDNIGHT)]
    assert hours.to_osm(lines) == "Mo-Tu,Th-Fr 09:00-12:00; We 09:00-17:00; Sa 14:00-24:00"


@pytest.mark.parametrize(
    ("text", "osm", "rest"),
    [
        ("Du lundi au vendredi, 9 h – 12 h et 14 h – 17 h 30", "Mo-Fr 09:00-12:00,14:00-17:30", ""),
        ("lundi 9h-12h, mardi 14h-17h", "Mo 09:00-12:00; Tu 14:00-17:00", ""),
        ("Mardi et jeudi de 10 h à 16 h", "Tu,Th 10:00-16:00", ""),
        ("Mo-Fr 09:00-12:00; Sa 10:00-24:00; PH off", "Mo-Fr 09:00-12:00; Sa 10:00-24:00", ""),
        ("Du lundi au jeudi, 9 h – 12 h ; l'après-midi sur rendez-vous", "Mo-Th 09:00-12:00",
         "l'après-midi sur rendez-vous"),
        ("Premier jeudi du mois, 9 h – 16 h", "", "Premier jeudi du mois, 9 h – 16 h"),
        ("Un jeudi sur deux, 14 h – 16 h", "", "Un jeudi sur deux, 14 h – 16 h"),
        ("vendredi au lundi, 9 h – 12 h", "", "vendredi au lundi, 9 h – 12 h"),
        ("lundi 17 h – 9 h", "", "lundi 17 h – 9 h"),
        ("lundi 25 h – 26 h", "", "lundi 25 h – 26 h"),
        ("Sur rendez-vous", "", "Sur rendez-vous"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_read__what_people_write__is_understood_or_left_as_words(text, osm, rest):
    found, left = read(text)
    assert (hours.to_osm(found), left) == (osm, rest)


@given(st.lists(slots, max_size=6))
def test_read__osm_that_we_wrote__says_the_same(lines):
    osm = hours.to_osm(lines)
    found, rest = read(osm)
    assert rest == ""
    assert hours.to_osm(found) == osm


@given(st.text(max_size=120))
def test_read__any_text__never_fails(text):
    found, _rest = read(text)
    assert all(slot.first_day <= slot.last_day for slot in found)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (dt.datetime(2026, 11, 25, 10, 0, tzinfo=PARIS), "Ouvert, jusqu’à 12\xa0h"),
        (dt.datetime(2026, 11, 25, 12, 0, tzinfo=PARIS), "Fermé, ouvre à 14\xa0h"),
        (dt.datetime(2026, 11, 25, 18, 0, tzinfo=PARIS), "Fermé, ouvre demain à 9\xa0h"),
        (dt.datetime(2026, 11, 27, 18, 0, tzinfo=PARIS), "Fermé, ouvre lundi à 9\xa0h"),
        # The clocks went back at three in the night: nine o'clock is nine o'clock.
        (dt.datetime(2026, 10, 26, 9, 0, tzinfo=PARIS), "Ouvert, jusqu’à 12\xa0h"),
    ],
)
def test_state__a_moment__is_said_in_words(moment, words):
    assert hours.state(OFFICE, moment, hours.PARIS).words == words


def test_state__overseas__is_on_the_clock_of_the_place():
    moment = dt.datetime(2026, 11, 25, 10, 0, tzinfo=PARIS)  # 13:00 in La Réunion, 05:00 in Martinique
    assert hours.time_zone("97411", "97400") == "Indian/Reunion"
    assert hours.time_zone("", "97200") == "America/Martinique"
    assert hours.time_zone("29019", "") == hours.PARIS
    assert not hours.state(OFFICE, moment, "Indian/Reunion").is_open
    assert not hours.state(OFFICE, moment, "America/Martinique").is_open
    assert hours.state(OFFICE, moment.replace(hour=14), "America/Martinique").is_open


def test_state__no_hours__says_nothing():
    assert hours.state([], dt.datetime.now(tz=PARIS), hours.PARIS) is None


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (dt.date(2027, 1, 1), "jour de l’An"),
        (dt.date(2027, 3, 29), "lundi de Pâques"),
        (dt.date(2027, 5, 6), "Ascension"),
        (dt.date(2027, 5, 17), "lundi de Pentecôte"),
        (dt.date(2026, 11, 25), ""),
    ],
)
def test_holiday__public_holidays__are_named(day, name):
    assert hours.holiday(day) == name


@pytest.mark.parametrize(
    "line",
    [
        {"first_day": 5, "last_day": 1, "opens_at": NINE, "closes_at": NOON},
        {"first_day": 1, "last_day": 5, "opens_at": NOON, "closes_at": NINE},
    ],
)
def test_opening_slot__backwards__is_refused_with_what_to_do(line):
    with pytest.raises(ValidationError, match="deux lignes"):
        OpeningSlot(**line).clean()

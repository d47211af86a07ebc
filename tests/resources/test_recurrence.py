"""Rules of recurrence: what they are read from, what they say, which days they give."""

from __future__ import annotations

import datetime as dt

import pytest
from dateutil.rrule import rrulestr
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from resources.events import recurrence
from resources.events.recurrence import Rule, RuleError, parse
from resources.events.sentences import sentence

TUESDAY = dt.date(2026, 3, 3)  # a first Tuesday
SENTENCES = {
    "FREQ=MONTHLY;BYDAY=1TU;BYMONTH=1,2,3,4,5,6,7,9,10,11,12": "tous les premiers mardis du mois, sauf août",
    "FREQ=MONTHLY;BYDAY=1TU,3TU": "tous les premiers et troisièmes mardis du mois",
    "FREQ=MONTHLY;BYDAY=-1TU": "tous les derniers mardis du mois",
    "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1": "tous les premiers mardis du mois",
    "FREQ=MONTHLY;INTERVAL=2;BYDAY=1TU": "tous les premiers mardis du mois, un mois sur deux",
    "FREQ=WEEKLY": "tous les mardis",
    "FREQ=WEEKLY;BYDAY=TU,TH": "tous les mardis et jeudis",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU": "une semaine sur deux, le mardi",
    "FREQ=WEEKLY;BYDAY=TU;BYMONTH=3,4": "tous les mardis, seulement en mars et avril",
    "FREQ=DAILY": "tous les jours",
    "FREQ=MONTHLY;BYMONTHDAY=1": "le 1er de chaque mois",
    "FREQ=MONTHLY;BYMONTHDAY=31": "le 31 de chaque mois (quand il existe)",
    "FREQ=MONTHLY;BYMONTHDAY=-1": "le dernier jour de chaque mois",
    "FREQ=YEARLY": "tous les ans, le 3 mars",
    "FREQ=YEARLY;INTERVAL=3;COUNT=4": "tous les 3 ans, le 3 mars, 4 dates en tout",
    "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260630": "tous les mardis, jusqu’au 30 juin 2026",
}
REFUSED = (
    "FREQ=SECONDLY",
    "FREQ=MINUTELY;INTERVAL=1",
    "FREQ=HOURLY",
    "FREQ=",
    "FREQ",
    "BYDAY=TU",
    "FREQ=WEEKLY;FREQ=WEEKLY",
    "FREQ=WEEKLY;BYHOUR=1",
    "FREQ=WEEKLY;BYSECOND=0,1,2",
    "FREQ=WEEKLY;INTERVAL=0",
    "FREQ=WEEKLY;INTERVAL=999999999999",
    "FREQ=WEEKLY;COUNT=0",
    "FREQ=WEEKLY;COUNT=100000",
    "FREQ=WEEKLY;COUNT=3;UNTIL=20270101",
    "FREQ=WEEKLY;UNTIL=20270230",
    "FREQ=WEEKLY;BYDAY=XX",
    "FREQ=MONTHLY;BYDAY=TU",
    "FREQ=MONTHLY;BYDAY=1TU,2WE",
    "FREQ=MONTHLY;BYDAY=5TU",
    "FREQ=MONTHLY;BYMONTHDAY=0",
    "FREQ=MONTHLY;BYMONTHDAY=1,15",
    "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=1FR",
    "FREQ=YEARLY;BYWEEKNO=20",
    "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    "FREQ=WEEKLY;BYMONTH=13",
    "FREQ=WEEKLY;" + "X" * 500,
    "𝟙",
    "FREQ=WEEKLY;COUNT=٣",
)


@pytest.mark.parametrize(("text", "words"), SENTENCES.items())
def test_sentence__of_a_rule__is_what_a_person_says(text, words):
    assert sentence(parse(text), TUESDAY) == words


def test_sentence__in_english__is_english():
    with translation.override("en"):
        rule = parse("FREQ=MONTHLY;BYDAY=1TU;BYMONTH=1,2,3,4,5,6,7,9,10,11,12")
        assert sentence(rule, TUESDAY) == "every first Tuesday of the month, except in August"
        assert sentence(parse("FREQ=MONTHLY;BYMONTHDAY=22"), TUESDAY) == "on the 22nd of each month"


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:30])
def test_rule__that_people_cannot_say__is_refused_with_a_sentence(text):
    with pytest.raises(RuleError) as refused:
        parse(text)
    assert str(refused.value).endswith(".")


def test_dates__last_day_of_the_month__follows_leap_years():
    rule = parse("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=4")
    assert [date.day for date in rule.dates(dt.date(2028, 1, 31))] == [31, 29, 31, 30]
    rule = parse("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3")
    assert [date.month for date in rule.dates(dt.date(2027, 1, 31))] == [1, 3, 5]


def test_dates__the_29_of_february_each_year__come_in_leap_years_only():
    found = list(parse("FREQ=YEARLY").dates(dt.date(2024, 2, 29), last=dt.date(2040, 1, 1)))
    assert found == [dt.date(year, 2, 29) for year in (2024, 2028, 2032, 2036)]


def test_dates__seen_from_later__still_count_from_the_first():
    rule = parse("FREQ=WEEKLY;BYDAY=TU;COUNT=5")
    assert list(rule.dates(TUESDAY, since=dt.date(2026, 3, 24))) == [dt.date(2026, 3, 24), dt.date(2026, 3, 31)]


def test_dates__a_rule_without_any__ends_at_once():
    never = Rule("MONTHLY", month_days=(31,), months=(2,))
    assert list(never.dates(dt.date(2026, 1, 1))) == []
    assert never.first_from(dt.date(2026, 1, 1)) is None


RULES = st.one_of(
    st.builds(
        Rule,
        frequency=st.just("WEEKLY"),
        interval=st.integers(1, 12),
        weekdays=st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(
            lambda days: tuple(sorted(days))
        ),
        months=st.lists(st.integers(1, 12), max_size=11, unique=True).map(lambda months: tuple(sorted(months))),
        count=st.none() | st.integers(1, 60),
    ),
    st.builds(
        Rule,
        frequency=st.just("MONTHLY"),
        interval=st.integers(1, 12),
        weekdays=st.lists(st.integers(0, 6), min_size=1, max_size=2, unique=True).map(
            lambda days: tuple(sorted(days))
        ),
        positions=st.sampled_from([(1,), (2,), (-1,), (1, 3), (2, 4), (1, 2, 3, 4, -1)]),
        until=st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2031, 1, 1)),
    ),
    st.builds(Rule, frequency=st.just("MONTHLY"), month_days=st.integers(1, 31).map(lambda day: (day,))),
    st.builds(Rule, frequency=st.just("YEARLY"), interval=st.integers(1, 12)),
)


@settings(max_examples=150, deadline=None)
@given(rule=RULES, start=st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)))
def test_rule__written_and_read__is_the_same_and_gives_the_days_of_the_standard(rule, start):
    rule = rule.completed(start)
    assert parse(rule.text()) == rule
    last = dt.date(2032, 1, 1)
    standard = rrulestr(rule.text(), dtstart=dt.datetime.combine(start, dt.time.min))
    expected = []
    for moment in standard:
        if moment.date() > last:
            break
        expected.append(moment.date())
    assert list(rule.dates(start, last=last)) == expected
    assert sentence(rule, start)


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=250) | st.from_regex(r"(FREQ|BYDAY|COUNT|UNTIL|INTERVAL|BYSETPOS)=[A-Z0-9,;=+-]{0,60}"))
def test_parse__whatever_it_is_given__answers_or_refuses(text):
    try:
        rule = parse(text)
    except RuleError:
        return
    if rule is not None:
        assert len(list(rule.dates(TUESDAY, last=dt.date(2031, 1, 1)))) <= 2000


def test_largest_numbers__of_the_form__are_those_of_the_rule():
    assert recurrence.MAX_COUNT * 7 / 365 < 10


def test_rule__ending_before_the_year_1000__is_read_back():
    rule = parse("FREQ=WEEKLY;UNTIL=00010101")
    assert parse(rule.text()) == rule

"""Seven days, four weeks, twelve months."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from mara_site.backup.retention import kept

START = dt.datetime(2026, 1, 1, 2, 30, tzinfo=dt.UTC)
MOMENTS = st.lists(
    st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2027, 1, 1), timezones=st.just(dt.UTC)),
    max_size=60,
)


def nightly(days: int) -> list[dt.datetime]:
    return [START + dt.timedelta(days=day) for day in range(days)]


def test_kept__two_years_of_nights__are_a_week_a_month_and_a_year():
    moments = nightly(730)
    left = kept(moments)
    assert 18 <= len(left) <= 7 + 4 + 12
    assert set(moments[-7:]) <= left
    assert min(left) >= moments[-1] - dt.timedelta(days=365)
    assert len({(moment.year, moment.month) for moment in left}) == 12


def test_kept__several_on_a_day__keep_the_last_of_each_day():
    moments = [START + dt.timedelta(hours=hour) for hour in range(0, 72, 6)]
    assert len(kept(moments)) == 3
    assert max(moments) in kept(moments)


def test_kept__night_after_night__reaches_the_months_too():
    """What a night forgets, no later night can keep: the rule applied each night ends as the rule applied once."""
    there: set[dt.datetime] = set()
    for moment in nightly(500):
        there = kept(there | {moment})
    assert len({(moment.year, moment.month) for moment in there}) == 12
    assert there >= set(nightly(500)[-7:])


@given(MOMENTS)
def test_kept__whatever_there_is__keeps_the_last_and_never_too_much(moments):
    left = kept(moments)
    assert left <= set(moments)
    assert len(left) <= 23
    assert not moments or max(moments) in left
    assert kept(left) == left

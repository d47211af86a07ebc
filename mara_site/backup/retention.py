"""Which backups are kept: seven days, four weeks, twelve months, and always the last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

DAYS, WEEKS, MONTHS = 7, 4, 12


def kept(moments: Iterable[dt.datetime]) -> set[dt.datetime]:
    """Return the moments to keep: the last of each of the last days, weeks and months that have one."""
    latest_first = sorted(moments, reverse=True)
    periods: tuple[tuple[int, Callable[[dt.datetime], object]], ...] = (
        (DAYS, lambda moment: moment.date()),
        (WEEKS, lambda moment: moment.isocalendar()[:2]),
        (MONTHS, lambda moment: (moment.year, moment.month)),
    )
    chosen = set()
    for number, period in periods:
        seen: set[object] = set()
        for moment in latest_first:
            if len(seen) < number and period(moment) not in seen:
                seen.add(period(moment))
                chosen.add(moment)
    return chosen

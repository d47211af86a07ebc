"""What the calendar costs with the monthly meetings of 100 groupements, against expanding every rule at each request.

    .venv/bin/python -m benchmarks.calendar [groupements, 100 by default]

Each groupement's meeting began five years ago and goes on; all share it with the network, so that every calendar shows
them all. First table: whole pages, as a visitor asks for them, with few meetings and with all; the number of queries is
to be the same. Second table: only finding the dates, from the table in which they are laid out and from the rules, in
the same run; both must find the same. A measure, never a test. It makes a database of its own, as tests do.
"""

from __future__ import annotations

import datetime as dt
import statistics
import sys
import time

from benchmarks.stage import load, percentiles, say, scratch_site, table

FEW = 5
RUNS = 15
YEARS = 5
ADDRESSES = (
    ("list", "/agenda/"),
    ("month", "/agenda/?view=month"),
    ("week", "/agenda/?view=week"),
    ("past", "/agenda/?period=past"),
    ("near a town", "/agenda/?place=Brest"),
    ("ical feed", "/agenda/ical/"),
)


def main(groupements: int) -> None:
    with scratch_site():
        from regions import services
        from tests.factories import world as world_module

        world_module.build()
        for rank in range(groupements - 3):
            services.provision_groupement(
                code=f"g{rank}", name=f"Groupement {rank}", departements=[f"{rank % 19 + 1:02}"]
            )
        world = world_module.load()
        homes = meetings_of(FEW)
        few = {name: ask(world, path) for name, path in ADDRESSES}
        homes += meetings_of(groupements, skip=FEW)
        many = {name: ask(world, path) for name, path in ADDRESSES}
        from resources.models import EventOccurrence

        say(f"{homes} meetings, {EventOccurrence.objects.count():,} dates laid out; {load()}")
        say()
        rows = [
            [
                name,
                *few[name][:2],
                *many[name][:2],
                f"{few[name][2]} / {many[name][2]}",
                f"{many[name][3] / 1000:.0f} kB",
            ]
            for name, _path in ADDRESSES
        ]
        table(["page", f"{FEW}: ms", "p95", f"{homes}: ms", "p95", "queries", "size"], rows)
        say()
        table(
            ["finding the dates", "table: ms", "p95", "queries", "rules: ms", "p95", "queries", "times"],
            compare(world),
        )


def meetings_of(count: int, skip: int = 0) -> int:
    """A monthly meeting for each groupement, in the order of their homes; returns how many were made."""
    from home.models import GroupementHomePage
    from tests.factories import pages

    homes = GroupementHomePage.objects.filter(locale__language_code="fr").order_by("path")[skip:count]
    today = dt.date.today()
    for rank, home in enumerate(homes, start=skip):
        day = dt.date(today.year - YEARS, today.month, 1)
        weekday, week = rank % 5, rank // 5 % 4
        day += dt.timedelta(days=(weekday - day.weekday()) % 7 + 7 * week)
        start = dt.datetime.combine(day, dt.time(18), dt.UTC)
        pages.event(
            home,
            f"Permanence {rank}",
            starts_at=start,
            ends_at=start + dt.timedelta(hours=2),
            recurrence=f"FREQ=MONTHLY;BYDAY={week + 1}{('MO', 'TU', 'WE', 'TH', 'FR')[weekday]}",
            shared_with="nation",
            insee_code="29019",
            postcode="29200",
        )
    return len(homes)


def ask(world, path: str) -> tuple[str, str, int, int]:
    """Median and 95th percentile in milliseconds, number of queries from cold, size in octets."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": world.host(world.a)})

    def once() -> int:
        response = client.get(path)
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status_code}")
        return len(response.content)

    once()
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        size = once()
    queries = len(captured)  # before the next request empties the log
    times = [timed(once) for _run in range(RUNS)]
    return *percentiles(times), queries, size


def compare(world) -> list[list]:
    """The same dates found twice: read from the table, and expanded from the rules."""
    from django.db import connection
    from django.http import HttpRequest
    from django.test.utils import CaptureQueriesContext

    from regions.places import place_for
    from resources.events import periods, selectors
    from resources.events.forms import EventFilterForm
    from resources.events.occurrences import EventOccurrence

    request = HttpRequest()
    request.META |= {"HTTP_HOST": world.host(world.a), "SERVER_NAME": world.host(world.a), "SERVER_PORT": "80"}
    place, form = place_for(request), EventFilterForm({})
    assert form.is_valid()
    list(place.zone_home_paths), place.restricted_paths  # read once, by whoever asks first
    month, week = periods.month(form.first_day).moments, periods.week(form.first_weekday).moments

    def laid_out(start, end):
        rows = EventOccurrence.objects.of(selectors.filtered(place, form)).between(start, end)
        return {(row.event_id, row.date) for row in rows}

    def by_rules(start, end):
        return {key for key, dated in expanded(place, form) if dated.starts_at < end and dated.ends_at >= start}

    def next_laid_out():
        return {(row.event_id, row.date) for row in selectors.listed(place, form)}

    def next_by_rules():
        from django.utils import timezone

        now, soonest = timezone.now(), {}
        for (event_id, date), dated in expanded(place, form):
            known = soonest.get(event_id)
            if dated.ends_at >= now and (known is None or dated.starts_at < known[0]):
                soonest[event_id] = (dated.starts_at, date)
        return {(event_id, date) for event_id, (_start, date) in soonest.items()}

    rows = []
    for name, quick, naive in (
        ("month", lambda: laid_out(*month), lambda: by_rules(*month)),
        ("week", lambda: laid_out(*week), lambda: by_rules(*week)),
        ("list", next_laid_out, next_by_rules),
    ):
        if quick() != naive():
            raise SystemExit(f"{name}: both ways do not find the same dates")
        cells, medians = [], []
        for way in (quick, naive):
            with CaptureQueriesContext(connection) as captured:
                way()
            queries = len(captured)
            times = [timed(way) for _run in range(RUNS)]
            medians.append(statistics.median(times))
            cells += [*percentiles(times), queries]
        rows.append([name, *cells, f"{medians[1] / medians[0]:.0f}"])
    return rows


def expanded(place, form):
    """Every date of every event that a place shows: what one does without a table."""
    from resources.events import expansion, selectors

    for event in selectors.filtered(place, form).defer("body").prefetch_related("changes"):
        for dated in expansion.dates(event):
            yield (event.pk, dated.date), dated


def timed(action) -> float:
    """How long it takes, in seconds."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)

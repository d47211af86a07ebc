"""What a screen of the administration's explorer costs with 3, 60 and 1,000 groupements, beside Wagtail's own.

    .venv/bin/python -m benchmarks.explorer

A screen shows fifty pages at most: 60 groupements fill it, 1,000 no more, so that the last two compare the same rows.
"Wagtail's" is the same screen with what ``regions.root_paths``, the filter by site and the rows mend put back. A row is
what one more page costs, from three groupements to sixty. Caches are cleared before each request, CPU is that of this
process, both ways are asked in turn. A measure, never a test.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.rendering import analyse
from benchmarks.stage import load, say, scratch_site, table

COUNTS = (3, 60, 1000)
ROUNDS = 7
STOCK_ROUNDS = 3  # takes seconds each
HOMES = "administrator, all the homes"
SCREEN, MADE_BY_THE_WORLD = 50, 4  # rows: three groupements and the nation


def main() -> None:
    with scratch_site():
        from tests.factories import world as world_module
        from tests.factories.network import multiply_groupements

        world_module.build()
        screens = screens_of(world_module.load())
        found: dict[tuple[str, str], dict[int, tuple[int, list[float]]]] = {}
        for count in COUNTS:
            multiply_groupements(world_module.load(), count)
            analyse()
            say(f"{count} groupements, {load()}")
            for (name, get), (way, setting) in itertools.product(screens.items(), WAYS.items()):
                with setting():
                    queries, times = measured(get, STOCK_ROUNDS if way != "ours" else ROUNDS)
                found.setdefault((name, way), {})[count] = (queries, times)
        rows = []
        for (name, way), costs in found.items():
            cells = [
                f"{queries} q, {statistics.median(times):.0f} ms ({min(times):.0f})"
                for queries, times in costs.values()
            ]
            few, full, many = (costs[count][1] for count in COUNTS)
            ratios = [
                f"{statistics.median(many) / statistics.median(one):.2f} ({min(many) / min(one):.2f})"
                for one in (few, full)
            ]
            more = SCREEN - MADE_BY_THE_WORLD if name == HOMES else 0
            row = f"{(statistics.median(full) - statistics.median(few)) / more:.2f} ms" if more else ""
            rows.append([name, way, *cells, *ratios, row])
        say("queries, CPU: median (least)")
        table(["screen", "", *(str(count) for count in COUNTS), "1,000 / 3", "1,000 / 60", "a row"], rows)


def screens_of(world) -> dict:
    """What is asked, by what it is: as administrator and as référent."""
    from django.test import Client

    def asks(person: str, page):
        client = Client(headers={"host": world.national_host})
        client.force_login(world.people[person])

        def get() -> None:
            assert client.get(f"/admin/pages/{page.pk}/").status_code == 200

        return get

    return {
        HOMES: asks("admin", world.national.get_parent()),
        "administrator, national sections": asks("admin", world.national),
        "référent, own sections": asks("referent_a", world.home(world.a)),
    }


@contextmanager
def stock() -> Iterator[None]:
    """Wagtail's own root paths, its filter by site and its rows."""
    from wagtail.admin.ui.tables.pages import PageTable
    from wagtail.models import Site

    from regions import root_paths
    from regions.admin.scoped import filters, pages

    view = pages.ScopedExplorableIndexView
    most, filters.MOST_SITES = filters.MOST_SITES, 10**6
    once_drawn, view.table_class = view.table_class, PageTable
    Site.get_site_root_paths, Site.clear_site_root_paths_cache = map(staticmethod, root_paths.WAGTAILS)
    try:
        yield
    finally:
        filters.MOST_SITES, view.table_class = most, once_drawn
        root_paths.install()


@contextmanager
def ours() -> Iterator[None]:
    """As it is."""
    yield


WAYS = {"ours": ours, "Wagtail's": stock}


def measured(get, rounds: int) -> tuple[int, list[float]]:
    """Queries, and milliseconds of each run, from cold caches."""
    from django.core.cache import cache

    from benchmarks.asking import cpu
    from regions import root_paths
    from tests.helpers import count_queries

    get()
    queries, times = count_queries(get), []
    for _round in range(rounds):
        cache.clear()
        root_paths.forget()
        times.append(cpu(get, 1))
    return queries, times


if __name__ == "__main__":
    main()

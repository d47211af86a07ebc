"""What making a groupement costs: sixty-three pages (nine languages), and the seven of one language.

    .venv/bin/python -m benchmarks.provisioning

Beside it, in turn, Wagtail's own copy of the same sixty-three pages (``Page.copy(recursive=True)``), which makes no
Site, no group, no workflow; what our own receivers would add to it is taken off. CPU is that of this process, the search
index that follows the commit included. Then the same with 1,000 groupements there. A measure, never a test.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Callable

from benchmarks.stage import load, say, scratch_site, table

ROUNDS = 7
MANY = 1000


def main() -> None:
    with scratch_site():
        from tests.factories import polyglot
        from tests.factories import world as world_module
        from tests.factories.network import multiply_groupements

        world_module.build()
        world = world_module.load()
        with polyglot.network(world.national):
            measure(world, f"three groupements, {load()}")
            multiply_groupements(world_module.load(), MANY)
            measure(world, f"{MANY} groupements, {load()}")


def measure(world, title: str) -> None:
    """Both ways, round after round; a table."""
    from tests.factories import polyglot

    ways = {
        "groupement, 63 pages": lambda number: provision(world, number, polyglot.LANGUAGES),
        "Wagtail's copy, 63 pages": lambda number: copy(world.a, number),
        "groupement, 7 pages": lambda number: provision(world, number, polyglot.LANGUAGES[:1]),
    }
    world.a = provision(world, next(numbers), polyglot.LANGUAGES)  # the model to copy; and the processes are warm
    found: dict[str, list[tuple[int, float]]] = {name: [] for name in ways}
    for _round, (name, way) in itertools.product(range(ROUNDS), ways.items()):
        found[name].append(cost(lambda way=way: way(next(numbers))))
    ours = found["groupement, 63 pages"]
    rows = []
    for name, costs in found.items():
        queries, times = statistics.median(cost[0] for cost in costs), [cost[1] for cost in costs]
        ratios = [one[1] / other[1] for one, other in zip(costs, ours, strict=True)]
        rows.append([name, f"{queries:.0f}", f"{statistics.median(times):.0f} ({min(times):.0f})"])
        rows[-1].append(f"{statistics.median(ratios):.2f}")
    say(title)
    table(["made", "queries", "CPU ms: median (least)", "times the first"], rows)
    say()


numbers = itertools.count(1)


def provision(world, number: int, languages):
    """A groupement made as the administrators' screen makes it."""
    from regions import services

    name = f"essai-{number}"
    return services.provision_groupement(code=name, name=name, zone=world.zone_b, languages=languages)


def copy(groupement, number: int) -> None:
    """The homes of a groupement, and what is below them, copied by Wagtail."""
    from django.db import transaction
    from django.db.models.signals import post_save

    from regions.signal_handlers import connect

    homes = list(groupement.roots.filter(slug=groupement.code).order_by("path"))  # not their copies
    uid = "regions.follow_groupement_root"
    post_save.disconnect(dispatch_uid=uid, sender=type(homes[0]))
    try:
        with transaction.atomic():
            for home in homes:
                home.copy(recursive=True, update_attrs={"slug": f"copie-{number}", "title": f"Copie {number}"})
    finally:
        connect()


def cost(action: Callable[[], object]) -> tuple[int, float]:
    """Queries, and milliseconds of CPU."""
    from django.db import connection

    from benchmarks.asking import cpu

    queries = 0

    def count(execute, *args):
        nonlocal queries
        queries += 1
        return execute(*args)

    with connection.execute_wrapper(count):
        spent = cpu(action, 1)
    return queries, spent


if __name__ == "__main__":
    main()

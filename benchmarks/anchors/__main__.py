"""A chapter and homes of ours beside the pages of sites-conformes, and of bakerydemo where there is a checkout of it.

    python -m benchmarks.anchors [--rounds 9] [--times 10] [--bakerydemo PATH]

Each product in its own environment, in the settings of its production, on the tests' cluster: no debugging, templates
kept, the connection kept, no page kept. Each is a process that stays alive; each round asks every page so many times,
in turn, with all the caches cleared before each request but those of the page that says so. CPU is that of the process
(PostgreSQL's is not in it).
The first run makes the other products under var/benchmarks/anchors: some minutes, and PyPI. A measure, never a test.
"""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path

from benchmarks.anchors import products
from benchmarks.asking import ratio
from benchmarks.stage import load, say, scratch_site, table

Costs = dict[tuple[str, str], list[float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--times", type=int, default=10, help="requests for each page in a round")
    parser.add_argument("--bakerydemo", type=Path, metavar="PATH", help="a checkout of bakerydemo, to measure it too")
    options = parser.parse_args()
    with scratch_site() as folder:
        others = [products.bakerydemo(options.bakerydemo)] if options.bakerydemo else []
        others = [products.sites_conformes(), *others]
        ours = products.ours(folder)
        running = [products.Running(product) for product in (ours, *others)]
        try:
            measure(running, options)
        finally:
            for one in running:
                one.stop()


def measure(running: list[products.Running], options: argparse.Namespace) -> None:
    """Ask for every page, round after round, and print what each costs and how they compare."""
    asked = [(one, page) for one in running for page in one.product.pages]
    counted = {key(one, page): one.ask(page, count=True) for one, page in asked}
    before, found = load(), rounds(asked, options.rounds, options.times)
    say(f"{options.rounds} rounds of {options.times} requests for each page, {before}, then {load()}")
    table(
        ["product", "page", "size", "queries", "CPU ms: median", "least"],
        [
            [*name, f"{counted[name]['bytes'] / 1000:.0f} kB", counted[name]["queries"], *middle_and_least(costs)]
            for name, costs in found.items()
        ],
    )
    say("\nhow many times the CPU of ours theirs takes: median of the rounds")
    ours = [name for name in found if name[0] == running[0].product.name]
    theirs = [name for name in found if name not in ours]
    table(
        ["", *map(" ".join, theirs)],
        [[name[1], *(ratio(found[other], found[name]) for other in theirs)] for name in ours],
    )


def rounds(asked: list[tuple[products.Running, products.Page]], many: int, times: int) -> Costs:
    """Milliseconds for one request, for each page and each round; who is asked first changes with the round."""
    found: Costs = {key(one, page): [] for one, page in asked}
    for rank in range(many):
        first = rank % len(asked)
        for one, page in asked[first:] + asked[:first]:
            found[key(one, page)].append(statistics.fmean(one.ask(page, times=times)["cpu"]))
    return found


def key(one: products.Running, page: products.Page) -> tuple[str, str]:
    return one.product.name, page.name


def middle_and_least(costs: list[float]) -> tuple[str, str]:
    return f"{statistics.median(costs):.1f}", f"{min(costs):.1f}"


if __name__ == "__main__":
    main()

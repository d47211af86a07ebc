"""Imports, provisioning, publishing and restoring, killed at each statement and at random moments.

    python -m benchmarks.killed [--random 200] [--step 1] [--after-all] [--readings 100] [--begin 0]
        [--only WORDS]

Each work is done whole once, which tells the statements that it sends and the state that it comes to. Then a child
process does it again from the same state, and is killed by SIGKILL: before each statement, after each COMMIT (each
statement with `--after-all`: for the server, after one is before the next), and at random moments. Each time one
looks at once for what is half done (`benchmarks.killed.soundness`), then the clock has its turn and the person starts
again, and the end is compared with that of the work done whole: every row, every file (`benchmarks.killed.picture`).
A state met before, to the last row, is not gone on from twice.

On a database of its own in the tests' cluster; leaves nothing behind. Ends with 1 when there is a fault.
"""

from __future__ import annotations

import argparse
import random
import sys

from benchmarks.stage import load, say, scratch_site, table


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--random", type=int, default=200, help="kills at random moments, shared out among the works")
    parser.add_argument("--step", type=int, default=1, help="kill at one statement of so many only")
    parser.add_argument(
        "--after-all", action="store_true", help="kill after each statement too, not after COMMIT alone"
    )
    parser.add_argument(
        "--readings", type=int, default=100, help="of a restoration, one in so many of the statements that compare"
    )
    parser.add_argument(
        "--begin", type=int, default=0, help="how many of those that compare were tried before: goes on with a drill"
    )
    parser.add_argument("--only", default="", help="the works whose name has these words")
    parser.add_argument("--statements", choices=["each", "none"], default="each", help="none: at random moments alone")
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args()
    with scratch_site() as folder:
        return drill(folder, options)


def drill(folder, options) -> int:
    from django.conf import settings

    from benchmarks.killed.drill import BARE, WORLD, Drill, Figures, Watch, spread
    from benchmarks.killed.restoring import RestoreDrill
    from benchmarks.killed.states import States
    from benchmarks.killed.works import all_works

    settings.EMAIL_BACKEND = "mailer.backend.DbBackend"  # as in production: a message is a row
    settings.TEMPLATE_STRING_IF_INVALID = ""
    chance = random.Random(options.seed)
    works = [work for work in all_works() if options.only in work.name]
    with_restore = options.only in RestoreDrill.name
    shares = spread(options.random, len(works) + with_restore)
    states = States(folder)
    figures: list[tuple[str, Figures, float]] = []
    try:
        states.keep(BARE)
        build()
        states.keep(WORLD)
        for work, share in zip(works, shares, strict=False):
            watch, one = Watch(), Drill(work, states)
            one.prepare()
            if options.statements == "each":
                one.at_each_statement(step=options.step, after_all=options.after_all)
            one.at_random(share, chance)
            figures.append((work.name, one.figures, watch.seconds))
            tell(*figures[-1])
        if with_restore:
            watch, restoring = Watch(), RestoreDrill(states, folder)
            restoring.prepare()
            if options.statements == "each":
                restoring.at_each_step(step=options.step, readings=options.readings, begin=options.begin)
            restoring.at_random(shares[-1], chance)
            figures.append((restoring.name, restoring.figures, watch.seconds))
            tell(*figures[-1])
            say(f"    files of another moment than the rows until the clock's turn: {restoring.mixed} times")
    finally:
        states.remove()
    return report(figures)


def build() -> None:
    """The nation and three groupements, their people, and everything found by the search."""
    from resources.index import following
    from tests.factories import world

    world.build()
    following.follow()


def tell(name: str, figures, seconds: float) -> None:
    """One line as soon as a work is over: the whole takes long."""
    say(
        f"{name}: {figures.statements} statements, {figures.before} + {figures.after} + {figures.at_random} kills,"
        f" {figures.states} states, {len(figures.faults)} faults, {seconds:.0f} s"
    )
    for fault in figures.faults[:12]:
        say(f"    {fault}")


def report(figures: list) -> int:
    """The table, the sums and the faults."""
    header = ["work", "statements", "before", "after", "at random", "states", "faults", "seconds"]
    rows = [
        [name, one.statements, one.before, one.after, one.at_random, one.states, len(one.faults), f"{seconds:.0f}"]
        for name, one, seconds in figures
    ]
    sums = ["together", *(sum(row[column] for row in rows) for column in range(1, 7))]
    say()
    table(header, [*rows, [*sums, f"{sum(seconds for _name, _one, seconds in figures):.0f}"]])
    late = sum(one.finished for _name, one, _seconds in figures)
    say(f"attempts that were over before: {late}; {load()}")
    return 1 if any(one.faults for _name, one, _seconds in figures) else 0


if __name__ == "__main__":
    sys.exit(main())

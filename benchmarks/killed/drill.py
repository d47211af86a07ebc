"""One work killed at each of its statements, or at random moments: what it leaves, and whether it ends the same."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections

from benchmarks.killed import picture, soundness
from benchmarks.killed.killing import COMMIT, OUTSIDE, Kill, Run, Stuck, run
from benchmarks.killed.stand_ins import hurried, turn_of_the_clock
from benchmarks.killed.states import ROWS, States
from benchmarks.killed.works import Work
from benchmarks.stage import say

BARE, WORLD = "bare", "world"
TOLD_EVERY = 50  # statements: a work takes minutes


@dataclass
class Figures:
    """What became of a work.

    Attributes:
        statements: that it sends when nobody kills it.
        before, after, at_random: how many times it was killed so.
        finished: attempts that were over before the moment or the statement came.
        states: how many different states it was left in; each went on to the end.
    """

    statements: int = 0
    seconds: float = 0.0
    before: int = 0
    after: int = 0
    at_random: int = 0
    finished: int = 0
    states: int = 0
    faults: list[str] = field(default_factory=list)


class Drill:
    """One work on one installation."""

    def __init__(self, work: Work, states: States) -> None:
        self.work, self.states = work, states
        self.figures = Figures()
        self.proven: dict[str, bool] = {}  # states by their digest, and whether they were sound and went on

    def prepare(self) -> None:
        """Make the state from which the work starts, and do the work whole, to know what it comes to."""
        self.states.go_back(BARE if self.work.bare else WORLD)
        forget()
        self.known = self.work.prepare()
        call_command("follow_index", verbosity=0)  # nothing of the preparation is left to do
        picture.spread_numbers()
        self.reader = picture.Reader(self.states.media)
        self.start = picture.digest(self.reader.picture())
        self._expect("before anything", soundness.faults(self.states.media))
        self.states.keep_rows()
        self._warm()
        whole = self._run(self._act)
        if whole.failure:
            raise SystemExit(f"{self.work.name}: not done whole.\n{whole.failure}")
        self.figures.statements, self.figures.seconds = len(whole.statements), whole.seconds
        self.statements = whole.statements
        if picture.digest(self.reader.picture()) == self.start:
            raise SystemExit(f"{self.work.name}: it changes nothing, there is nothing to try.")
        self._go_on()
        self.end = self.reader.picture()
        self._expect("done whole", soundness.faults(self.states.media))
        self.proven[self.start] = False
        self.states.rows_go_back()

    def _warm(self) -> None:
        """Do it once in this process, so that its children begin with everything loaded."""
        self._act()
        self.states.rows_go_back()
        forget()

    def _act(self) -> None:
        with hurried(self.work.partner):
            self.work.act(self.known)

    def _next(self) -> None:
        """What follows in life: the clock's next turn, the same person who starts again, the clock, and once more."""
        with hurried(self.work.partner):
            for _time in range(2):
                turn_of_the_clock()
                self.work.act(self.known)
            turn_of_the_clock()

    def _run(self, work: Callable[[], None], **options) -> Run:
        try:
            outcome = run(work, **options)
        except Stuck:
            outcome = Run(failure="it does not end")
        self.states.wait_until_alone()
        return outcome

    def _go_on(self) -> str:
        return self._run(self._next).failure

    def at_each_statement(self, *, step: int = 1, after_all: bool = False) -> None:
        """Kill it before each statement, then after.

        Inside a transaction, after one is before the next for the server: unless `after_all`, the second pass is of the
        statements whose answer says that something is now written for good.

        Args:
            step: kill at one statement of so many.
        """
        every = range(1, self.figures.statements + 1)
        for number in every[::step]:
            self._kill(Kill(number))
            if number % TOLD_EVERY == 0:
                say(f"  {self.work.name}: {number} of {len(every)}, {len(self.figures.faults)} faults")
        kept = [number for number in every if after_all or writes_for_good(self.statements[number - 1])]
        for number in kept[::step] if after_all else kept:
            self._kill(Kill(number, after=True))

    def _kill(self, kill: Kill) -> None:
        outcome = self._run(self._act, kill=kill)
        when = f"{kill} ({self.statements[kill.number - 1]})"
        if not outcome.killed:
            # It ended before: what a process remembers for a while makes one a little shorter than another.
            self.figures.finished += 1
            self._expect(when, [outcome.failure] if outcome.failure else [])
        elif kill.after:
            self.figures.after += 1
        else:
            self.figures.before += 1
        self.verify(when)

    def at_random(self, times: int, chance: random.Random) -> None:
        """Kill it from outside, at moments of the time that it takes."""
        for _time in range(times):
            moment = chance.uniform(0, self.figures.seconds)
            outcome = self._run(self._act, after_seconds=moment)
            self.figures.at_random += outcome.killed
            self.figures.finished += not outcome.killed
            if outcome.failure:
                self._expect(f"at {moment:.3f} s", [outcome.failure])
            self.verify(f"at {moment:.3f} s")

    def verify(self, when: str) -> None:
        """Look at what was left, and go on from it to the end, unless the same state was seen to do so before."""
        found = picture.digest(self.reader.picture())
        if self.proven.get(found):
            self._back(found)
            return
        known = len(self.figures.faults)
        self._expect(when, soundness.faults(self.states.media))
        if failure := self._go_on():
            self._expect(f"{when}, then gone on", [failure])
        self._expect(f"{when}, then gone on", soundness.faults(self.states.media))
        self._expect(f"{when}, then gone on", picture.differences(self.end, self.reader.picture()))
        self.figures.states += found not in self.proven or not self.proven[found]
        self.proven[found] = len(self.figures.faults) == known
        self._back("")

    def _back(self, found: str) -> None:
        """Go back to the start; where the database is there already, nothing is copied."""
        if found == self.start:
            self.states.files_go_back(ROWS)
        else:
            self.states.rows_go_back()

    def _expect(self, when: str, faults: list[str]) -> None:
        self.figures.faults += [f"{self.work.name}, {when}: {fault}" for fault in faults]


def writes_for_good(statement: str) -> bool:
    """Whether what a statement wrote, or what was written before it, is there for good once it is answered."""
    return statement == COMMIT or statement.startswith(OUTSIDE)


def forget() -> None:
    """What this process remembers of another state."""
    from core import limits
    from resources.index import local, spelling, synonyms

    cache.clear()
    ContentType.objects.clear_cache()
    for module in (local, spelling, synonyms, limits):
        module.forget()
    connections.close_all()


def spread(times: int, works: int) -> list[int]:
    """So many times shared out among works, the first ones given what is left over."""
    return [times // works + (rank < times % works) for rank in range(works)]


class Watch:
    """How long something took."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

"""A restoration killed: what is in force is wholly what was there or wholly the backup, and a second one ends it.

The rows are one or the other at once, and so are the files; that both are of one moment is for the clock's next turn.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import random
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from benchmarks.killed.drill import WORLD, Figures
from benchmarks.killed.killing import COMMIT, EXCHANGE, OUTSIDE, RENAME, Kill, Run, run
from benchmarks.killed.states import States
from benchmarks.stage import load, say
from mara_site.backup import making, replacing, restoring, tables
from mara_site.backup.postgres import Database
from mara_site.run.console import CannotRunError

BEFORE, RESTORED = "what was there", "the backup"
TOLD_EVERY = 25  # kills: the whole takes most of an hour


class RestoreDrill:
    """Restores, over a site that changed since, a backup made before; killed each time."""

    name = "restore: over a site that changed since"

    def __init__(self, states: States, folder: Path) -> None:
        self.states, self.figures = states, Figures()
        self.mixed = 0  # times when the files were of another moment than the rows until the clock's turn
        settings.MARA_BACKUP_DIR = folder / "backups"
        self.target = Database.of(settings.DATABASES["default"])

    def prepare(self) -> None:
        """Make the backup, change a row and a file, and restore whole once."""
        self.states.go_back(WORLD)
        (self.states.media / "images").mkdir()
        self._write("what the backup holds")
        self.backup = making.make()
        connections.close_all()
        restored = self._picture()
        self._write("what was written since")
        self.states.keep(RESTORE)
        self.known = {self._picture(): BEFORE, restored: RESTORED}
        whole = self._run()
        if whole.failure or self._state() != RESTORED:
            raise SystemExit(f"{self.name}: not done whole.\n{whole.failure}")
        self.figures.statements, self.figures.seconds = len(whole.statements), whole.seconds
        self.statements = whole.statements
        self._clean()

    def at_each_step(self, *, step: int = 1, readings: int = 1, begin: int = 0) -> None:
        """Kill it around each statement that changes something, and before one in so many of those that compare.

        Args:
            begin: how many of those that compare are left out, a drill before having tried them.
        """
        reading = [number for number, text in enumerate(self.statements, 1) if not _changes(text)]
        changing = [number for number, text in enumerate(self.statements, 1) if _changes(text)][::step]
        for kill in (
            *(Kill(number) for number in reading[begin :: readings * step]),
            *(Kill(number, after) for number in changing for after in self._sides(number)),
        ):
            outcome = self._run(kill=kill)
            if kill.after:
                self.figures.after += outcome.killed
            else:
                self.figures.before += outcome.killed
            self._verify(f"{kill} ({self.statements[kill.number - 1]})", outcome)
            if not (self.figures.before + self.figures.after) % TOLD_EVERY:
                say(f"    {kill}, of {len(self.statements)}; {len(self.figures.faults)} faults; {load()}")

    def _sides(self, number: int) -> tuple[bool, ...]:
        """Before, and after where somebody is told; after a file is renamed is before what comes next."""
        text = self.statements[number - 1]
        return (False, True) if text == COMMIT or text.startswith(OUTSIDE) else (False,)

    def at_random(self, times: int, chance: random.Random) -> None:
        """Kill it from outside, with the programs that it runs."""
        for _time in range(times):
            moment = chance.uniform(0, self.figures.seconds)
            outcome = self._run(after_seconds=moment)
            self.figures.at_random += outcome.killed
            self.figures.finished += not outcome.killed
            self._verify(f"at {moment:.3f} s", outcome)

    def _run(self, **options) -> Run:
        def work() -> None:
            with contextlib.redirect_stdout(io.StringIO()):
                restoring.restore(self.backup, replace=True)

        return run(work, renames=True, **options)

    def _verify(self, when: str, outcome: Run) -> None:
        self._expect(when, outcome.failure if not outcome.killed else "")
        self._expect(when, "" if any(self.states.media.rglob("*.*")) else "no file is in force")
        if not self._state():
            self.mixed += 1
        restoring.settle_one_that_was_cut()
        self._expect(
            f"{when}, then the clock", "" if self._state() else "neither what was there nor the backup is in force"
        )
        again = self._run()
        self._expect(f"{when}, then again", again.failure)
        self._expect(f"{when}, then again", "" if self._state() == RESTORED else "it is not the backup")
        for left in self._left():
            self._expect(f"{when}, then again", left)
        self._clean()

    def _state(self) -> str:
        return self.known.get(self._picture(), "")

    def _left(self) -> Iterator[str]:
        """What a restoration builds beside must be gone; what was there before must be aside, once, whole."""
        yield from (f"{name} is left" for name in self.target.beside("_restoring_"))
        media = self.states.media
        yield from (f"{path.name} is left" for path in replacing.leftovers(media))
        stamps = {name.rpartition("_before_")[2] for name in self.target.beside("_before_")}
        folders = {path.name.rpartition("_before_")[2] for path in media.parent.glob(f"{media.name}_before_*")}
        if stamps != folders:
            yield f"databases aside of {sorted(stamps)}, files of {sorted(folders)}"
        kept = [
            stamp
            for stamp in stamps & folders
            if self.known.get(self._picture(f"{self.target.name}_before_{stamp}", self._aside(stamp))) == BEFORE
        ]
        if len(kept) != 1:
            yield f"what was there before is aside {len(kept)} times"

    def _aside(self, stamp: str) -> Path:
        return self.states.media.with_name(f"{self.states.media.name}_before_{stamp}")

    def _picture(self, name: str = "", media: Path | None = None) -> str:
        """A digest of every table and of every file."""
        media = media or self.states.media
        try:
            with self.target.named(name or self.target.name).connect() as opened, opened.cursor() as cursor:
                found = sorted(tables.digests(cursor).items())
        except CannotRunError as error:
            return str(error)
        files = sorted((str(path.relative_to(media)), path.read_bytes()) for path in media.rglob("*.*"))
        rows = [(table, digest) for table, digest in found if table not in ALIVE]
        return hashlib.sha256(repr((rows, files)).encode()).hexdigest()

    def _write(self, words: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE regions_zone SET contact_name = %s", [words])
        connections.close_all()
        (self.states.media / "images" / "a.jpg").write_text(words)

    def _clean(self) -> None:
        """Go back to the site that changed since the backup, with nothing beside."""
        with contextlib.redirect_stdout(io.StringIO()):
            restoring.discard()
        for name in self.target.beside("_restoring_"):
            self.target.named(name).drop()
        self.states.go_back(RESTORE)

    def _expect(self, when: str, fault: str) -> None:
        if fault:
            self.figures.faults.append(f"{self.name}, {when}: {fault}")


RESTORE = "restore"
ALIVE = frozenset({"public.hosting_pulse", "public.mara_cache", "public.resources_indexstate"})


def _changes(statement: str) -> bool:
    """Whether it is more than a comparison, or a setting of one."""
    words = (COMMIT, OUTSIDE, RENAME, EXCHANGE, "ALTER", "SAVEPOINT", "RELEASE")
    return statement.startswith(words) or "terminate" in statement

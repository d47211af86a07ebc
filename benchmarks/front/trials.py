"""The trials, in order: each is a name and what is done while everybody reads and writes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import psycopg

from benchmarks.front.harm import MailServer, full
from benchmarks.front.readers import Load, Told
from benchmarks.front.servers import Stage
from benchmarks.front.slow import SlowClients, large_file, longest
from benchmarks.front.uploads import Uploader, kept, unsound
from benchmarks.stage import load, say


@dataclass
class Counts:
    """How much of each. The defaults are a short run; ``FULL`` is what the network asks of itself."""

    quiet: int = 10
    kills: int = 4
    rolls: int = 1
    restarts: int = 3
    down: int = 10
    slow: int = 500
    harm: int = 15  # seconds of each of the others
    visitors: float = 110  # requests a second
    signed_in: float = 6
    only: str = ""  # the trials whose name has these words
    longest: int = 1200  # seconds that what is repeated may take; a machine too slow for the rest of it says so
    aim_visitors: int = 0
    aim_signed_in: int = 0


FULL = Counts(
    quiet=20,
    kills=100,
    rolls=20,
    restarts=20,
    down=120,
    harm=40,
    aim_visitors=200_000,
    aim_signed_in=10_000,
    visitors=180,
    signed_in=9.5,
)


@dataclass
class Seen:
    """What one trial showed.

    Attributes:
        absent: whether the database was away by design, so that who is signed in is told so.
        done: what was done to the site, and when.
        notes: what else was looked at.
        faults: what was not as it must be.
    """

    name: str
    told: dict[str, Told]
    seconds: float
    done: list[tuple[float, str]]
    absent: bool = False
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def slowest(self, kind: str, most: int = 8) -> list[str]:
        """The readings that took longest, with what had just been done."""
        told = sorted(self.told[kind].slow, key=lambda one: -one[1])[:most]
        return [f"{seconds:.2f} s for {path}, {self._before(asked)}" for asked, seconds, path in told]

    def _before(self, moment: float) -> str:
        done = [(at, what) for at, what in self.done if at <= moment]
        return f"asked {moment - done[-1][0]:.2f} s after {done[-1][1]}" if done else "asked before anything was done"


class Trials:
    """The drill, trial after trial."""

    def __init__(self, stage: Stage, load: Load, counts: Counts, mail: MailServer) -> None:
        self.stage, self.load, self.counts, self.mail = stage, load, counts, mail
        self.notes: list[str] = []
        self.faults: list[str] = []
        self.done: list[tuple[float, str]] = []

    def all(self) -> Iterator[Seen]:
        counts, away = self.counts, f"PostgreSQL away for {self.counts.down} s"
        trials: dict[str, Callable[[], None]] = {
            "nothing happens": lambda: time.sleep(counts.quiet),
            "kill -9 of an instance": lambda: self._repeat(counts.kills, self._kill),
            "PostgreSQL restarted": lambda: self._repeat(counts.restarts, self._restart),
            away: self._away,
            "rolling restart": lambda: self._repeat(counts.rolls, lambda number: self.stage.roll()),
            "disk full": self._fill,
            "unsound files": self._send_unsound,
            f"{counts.slow} slow clients": self._slow,
            "mail server refuses": self._mail,
            "Redis comes, is killed, comes back": self._redis,
        }
        for name, action in trials.items():
            if counts.only in name:
                yield self._trial(name, action, absent=name == away)

    def more(self) -> Seen:
        """Nothing happens again, to read as often as was aimed at."""
        return self._trial("nothing happens, again", lambda: time.sleep(30))

    def _trial(self, name: str, action, *, absent: bool = False) -> Seen:
        self.notes, self.faults, self.done = [], [], []
        started = time.monotonic()
        with self.load.trial() as told:
            time.sleep(1)
            action()
            time.sleep(2)
        seen = Seen(name, told, time.monotonic() - started, self.done, absent, self.notes, self.faults)
        counted = ", ".join(f"{kind}: {each.total}, {each.failed} failed" for kind, each in told.items())
        say(f"  {name}: {seen.seconds:.0f} s; {counted}; {load()} {'; '.join(self.notes)} {self.faults or ''}")
        for reading in seen.slowest("signed in"):
            say(f"    {reading}")
        return seen

    # --- What is done -----------------------------------------------------------------------------

    def _repeat(self, times: int, action: Callable[[int], None]) -> None:
        """Do something so many times, or for as long as may be."""
        ends, seconds = time.monotonic() + self.counts.longest, []
        for number in range(times):
            started = time.monotonic()
            if started > ends:
                self.faults.append(f"{number} times instead of {times}: the machine was too slow")
                break
            action(number)
            seconds.append(time.monotonic() - started)
        self.notes.append(f"{len(seconds)} times, {min(seconds):.1f} to {max(seconds):.1f} s each")

    def _kill(self, number: int) -> None:
        victim = self.stage.ports[number % 2]
        self._note(f"{victim} was killed")
        self.stage.kill(victim)
        time.sleep(0.5)
        self._note(f"{victim} was started")
        self.stage.start(victim)
        self.stage.wait(victim)
        self._note(f"{victim} answered")

    def _note(self, what: str) -> None:
        self.done.append((time.monotonic(), what))

    def _restart(self, number: int) -> None:
        self.stage.restart_database()
        time.sleep(3)

    def _away(self) -> None:
        self.stage.cluster.stop()
        time.sleep(self.counts.down)
        self.stage.cluster.start()
        time.sleep(2)

    def _fill(self) -> None:
        uploader = Uploader(self.stage)
        self._expect("upload before", uploader.upload()[0], "kept")
        before = kept(self.stage)
        with full(self.stage.disk):
            ends = time.monotonic() + self.counts.harm
            refused = 0
            while time.monotonic() < ends:
                self._expect("upload on a full disk", uploader.upload()[0], "refused")
                refused += 1
                time.sleep(2)
            self._expect("rows and files", kept(self.stage), before)
        self._expect("upload after", uploader.upload()[0], "kept")
        self.notes.append(f"{refused} uploads refused in French")

    def _send_unsound(self) -> None:
        uploader, before = Uploader(self.stage), kept(self.stage)
        for what, (name, data) in unsound().items():
            found, words = uploader.upload(name, data)
            self._expect(f"upload {what} ({words})", found, "refused")
            self.notes.append(f"{what}: « {words[:90]} »")
        self._expect("rows and files", kept(self.stage), before)

    def _slow(self) -> None:
        """Until the front server has closed some of each kind, however short the run."""
        with SlowClients(self.stage.https, self.counts.slow, large_file(self.stage.folder / "static")) as slow:
            time.sleep(self.counts.slow / 100 + max(self.counts.harm, longest()))
        self.notes += [f"{slow.most} held at once", *slow.told()]
        self.faults += slow.faults()

    def _mail(self) -> None:
        """The mail server has refused since the beginning; then it takes what is tried again."""
        time.sleep(self.counts.harm)
        self.notes.append(f"{self.mail.refused} messages refused so far, {self.mail.taken} taken")
        self._expect("messages taken", self.mail.taken, 0)

    def _redis(self) -> None:
        stage, port = self.stage, self.stage.redis
        command = [
            "redis-server",
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            str(stage.folder),
        ]
        server = stage.beside(command, "redis")
        stage.environment["MARA_PAGE_CACHE_URL"] = f"redis://127.0.0.1:{port}/0"
        stage.roll()
        time.sleep(5)
        pages = stage.run("redis-cli", "-p", str(port), "dbsize").strip()
        self.notes.append(f"{pages} pages in Redis")
        if pages == "0":
            self.faults.append("nothing was kept in Redis")
        server.kill()
        server.wait()
        time.sleep(self.counts.harm / 2)
        stage.beside(command, "redis")
        time.sleep(self.counts.harm / 4)

    def _expect(self, what: str, found, wanted) -> None:
        if found != wanted:
            self.faults.append(f"{what}: {found} instead of {wanted}")


def messages(stage: Stage) -> tuple[int, int]:
    """Messages that wait, and requests that nobody was told of."""
    with psycopg.connect(stage.environment["DATABASE_URL"]) as database:
        (waiting,) = database.execute("SELECT count(*) FROM mailer_message").fetchone() or (0,)
        (untold,) = database.execute(
            "SELECT count(*) FROM exchanges_callbackrequest WHERE told_at IS NULL"
        ).fetchone() or (0,)
    return waiting, untold

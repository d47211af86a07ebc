"""The shipped front server and two application servers on this machine, under load, while everything around them fails.

    python -m benchmarks.front            a few minutes
    python -m benchmarks.front --full     half an hour: the counts that the network asks of itself
    python -m benchmarks.front --only "kill" --kills 100

Needs nginx, curl, openssl, redis-server, and the right to mount a small disk. It makes a cluster of its own, a site with
pages, visitors and a référent who read and write, and leaves nothing behind. Prints for each trial the requests, those
that failed, the slowest, how many were older copies and how old; then what became of each text that was sent. Ends with
the goals, and with an error when one is missed. The readers are paced, for two cores to be enough.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.front.harm import MailServer
from benchmarks.front.readers import Load, Told
from benchmarks.front.servers import Stage, needed
from benchmarks.front.trials import FULL, Counts, Seen, Trials, messages
from benchmarks.front.writers import Writers
from benchmarks.stage import load, say, table

SLOWEST = 3.0  # seconds, for whoever is signed in
REPEATED = ("kills", "rolls", "restarts", "down")
MOST_MORE = 16  # half-minutes added at most, for the aims to be reached on a busy machine


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    for name in REPEATED:
        parser.add_argument(f"--{name}", type=int, help="in place of the number of the short or of the full run")
    parser.add_argument(
        "--only", default="", help="the trials whose name has these words; no number of requests is aimed at"
    )
    parser.add_argument("--journals", type=Path, help="a folder for the journals of all that ran")
    options = parser.parse_args()
    if missing := needed():
        raise SystemExit(f"missing: {', '.join(missing)}")
    random.seed(8)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))  # what was started is stopped then too
    with tempfile.TemporaryDirectory(prefix="mara-front-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        stage = Stage(folder)
        try:
            stage.set_up()
            asked = {name: getattr(options, name) for name in REPEATED if getattr(options, name) is not None}
            if options.only:
                asked |= {"only": options.only, "aim_visitors": 0, "aim_signed_in": 0}
            missed = drill(stage, dataclasses.replace(FULL if options.full else Counts(), **asked))
        finally:
            if options.journals:
                options.journals.mkdir(parents=True, exist_ok=True)
                for journal in (*folder.glob("*.log"), *stage.disk.glob("log/*.log")):
                    shutil.copy(journal, options.journals)
            stage.tear_down()
    if missed:
        raise SystemExit("missed: " + "; ".join(missed))


def drill(stage: Stage, counts: Counts) -> list[str]:
    """Everything, once; returns the goals that were missed."""
    readers = Load(stage, visitors=counts.visitors, signed_in=counts.signed_in)
    writers = Writers(stage)
    readers.warm()
    say(
        f"{len(readers.readers)} readers, {len(writers.people)} writers over HTTPS, two instances of one worker; {load()}"
    )
    with MailServer(stage.mail) as mail:
        readers.start()
        writers.start()
        trials = Trials(stage, readers, counts, mail)
        try:
            seen = list(trials.all())
            for _turn in range(MOST_MORE):
                if all(_sum(seen, kind) >= aim for kind, aim in _aims(counts).items()):
                    break
                seen.append(trials.more())
        finally:
            writers.end()
            readers.end()
        mail.refuses = False
        stage.run(sys.executable, "manage.py", "deliver_mail")
        waiting, untold = messages(stage)
    rows = writers.reckon()
    report(seen, rows)
    say(
        f"mail: {mail.refused} refused, {waiting} wait to be tried again, {mail.taken} taken; {untold} requests untold"
    )
    for kind, told in writers.told.items():
        for strange in (told.unsaid + told.wrong)[:5]:
            say(f"  {kind}: {strange}")
    return goals(seen, rows, counts, untold)


def report(seen: list[Seen], rows: list[list]) -> None:
    for kind in seen[0].told:
        say()
        header = [
            f"{kind}: trial",
            "requests",
            "failed",
            "said 503",
            "slowest",
            "99 %",
            "older",
            "oldest",
            "asked again",
            "which",
        ]
        lines = [_line(each.name, each.told[kind]) for each in seen]
        table(header, lines)
    say()
    table(["written", "sent", "acknowledged", "sent again", "lost", "doubled", "bare errors", "strange"], rows)
    say(load())


def _line(name: str, told: Told) -> list:
    times = [f"{told.slowest:.2f} s", f"{told.percentile(0.99):.2f} s"]
    return [
        name,
        told.total,
        told.failed,
        told.said,
        *times,
        told.stale,
        f"{told.oldest:.0f} s",
        told.reconnected,
        told.failures() or "",
    ]


def goals(seen: list[Seen], rows: list[list], counts: Counts, untold: int) -> list[str]:
    """What was missed, in words; prints them all."""
    present = [each for each in seen if not each.absent]
    slowest = max((each.told["signed in"].slowest for each in present), default=0.0)
    away = [each.told["signed in"] for each in seen if each.absent]
    checks = {
        f"visitors: 0 failed of {_sum(seen, 'visitor')}": not _failed(seen, "visitor") and not _said(seen, "visitor"),
        "every older copy says its age": not sum(each.told["visitor"].ageless for each in seen),
        f"signed in: 0 failed of {_sum(present, 'signed in')}": not _failed(present, "signed in")
        and not _said(present, "signed in"),
        f"signed in: slowest {slowest:.2f} s, under {SLOWEST:.0f}": slowest < SLOWEST,
        "signed in, database away: said in French within 3 s": all(
            not told.failed and told.slowest < SLOWEST for told in away
        ),
        "written: none lost, none doubled": not sum(row[4] + row[5] for row in rows),
        "written: no request kept of which nobody is told": not untold,
        "written: every failure said in French": not sum(row[6] + row[7] for row in rows),
        "nothing else amiss": not [fault for each in seen for fault in each.faults],
    }
    checks |= {f"{kind}: at least {aim}": _sum(seen, kind) >= aim for kind, aim in _aims(counts).items() if aim}
    say()
    for goal, is_met in checks.items():
        say(f"{'ok    ' if is_met else 'MISSED'} {goal}")
    return [goal for goal, is_met in checks.items() if not is_met]


def _aims(counts: Counts) -> dict[str, int]:
    return {"visitor": counts.aim_visitors, "signed in": counts.aim_signed_in}


def _sum(seen: list[Seen], kind: str) -> int:
    """Requests of the trials; of those signed in, without the ones that only the absence of the database answered."""
    return sum(each.told[kind].total - (each.told[kind].said if each.absent else 0) for each in seen)


def _failed(seen: list[Seen], kind: str) -> int:
    return sum(each.told[kind].failed for each in seen)


def _said(seen: list[Seen], kind: str) -> int:
    return sum(each.told[kind].said for each in seen)


if __name__ == "__main__":
    started = time.monotonic()
    try:
        main()
    finally:
        say(f"{(time.monotonic() - started) / 60:.0f} minutes")

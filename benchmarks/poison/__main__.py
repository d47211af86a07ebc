"""Tasks and mail while everything goes wrong, on a scratch database, with the shipped worker.

    python -m benchmarks.poison [--kills 100] [--workers 3] [--tasks 2000] [--messages 300] [--minutes 15] [--only mail]

Tasks: asked for in transactions of which some are undone; ordinary ones, some that fail half the time, one that always
raises, one that kills its worker; meanwhile workers (`deploy/bin/worker`, started again as systemd does) are killed by
SIGKILL at random. Mail: a server on the loopback that refuses half, a deliverer killed at random. Counts what was done
never, once, twice. Delays between tries are of seconds instead of minutes. Asserts nothing, leaves nothing behind.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from benchmarks.poison.sink import Sink
from benchmarks.stage import load, say, scratch_site, table

KILLED_DELIVERERS = 20
ROOT = Path(__file__).resolve().parents[2]
TABLES = (
    "CREATE TABLE drill_effect (name text NOT NULL, done_at timestamptz NOT NULL DEFAULT clock_timestamp());"
    "CREATE TABLE drill_work (name text PRIMARY KEY, asked_at timestamptz NOT NULL DEFAULT clock_timestamp())"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--tasks", type=int, default=2000)
    parser.add_argument("--messages", type=int, default=300)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--only", choices=("tasks", "mail"))
    options = parser.parse_args()
    with scratch_site():
        from django.db import connection
        from django.test import override_settings

        from mara_site.settings.tasks import DATABASE, task_place

        with connection.cursor() as cursor:
            cursor.execute(TABLES)
        with override_settings(TASKS=task_place(DATABASE), EMAIL_BACKEND="mailer.backend.DbBackend"):
            if options.only != "mail":
                tasks(options)
            if options.only != "tasks":
                mail(options)


class Programs:
    """Processes that are started again when they end, as systemd does, and killed by their number."""

    def __init__(self, command: list[str], count: int, **variables: str) -> None:
        self.command, self.variables = command, variables
        self.running = [self._start() for _number in range(count)]
        self.started = count

    def _start(self) -> subprocess.Popen:
        environment = {**os.environ, **self.variables, "DJANGO_SETTINGS_MODULE": "benchmarks.poison.settings"}
        environment |= {"DATABASE_URL": _address(), "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(
            self.command, cwd=ROOT, env=environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def start_again(self) -> None:
        for place, child in enumerate(self.running):
            if child.poll() is not None:
                self.running[place] = self._start()
                self.started += 1

    def kill(self, number: int) -> None:
        self.running[number].send_signal(signal.SIGKILL)
        self.running[number].wait()

    def end(self) -> float:
        """Ask them to end; returns how long the slowest took, in seconds."""
        started = time.monotonic()
        for child in self.running:
            child.terminate()
        for child in self.running:
            try:
                child.wait(60)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        return time.monotonic() - started


def tasks(options: argparse.Namespace) -> None:
    from django.db import transaction
    from django_tasks_db.models import DBTaskResult

    from benchmarks.poison import tasks as works
    from core.tasks import keeping, presence

    chance, deadline = random.Random(7), time.monotonic() + options.minutes * 60
    programs = Programs([str(ROOT / "deploy/bin/worker")], options.workers)
    works.poison.enqueue("poison")
    works.killer.enqueue("killer")
    asked: Counter[str] = Counter()
    killed = at_work = 0

    def ask() -> None:
        kind = "capricious" if asked["ordinary"] > 9 * asked["capricious"] else "ordinary"
        name = f"{kind} {asked[kind] + asked['undone']}"
        undone = chance.random() < 0.2
        with transaction.atomic():
            _run("INSERT INTO drill_work (name) VALUES (%s)", name)
            getattr(works, kind).enqueue(name)
            if undone:
                transaction.set_rollback(True)
        asked["undone" if undone else kind] += 1

    try:
        while time.monotonic() < deadline:
            programs.start_again()
            total = asked["ordinary"] + asked["capricious"]
            # Never short of work while there are workers to kill.
            if (killed < options.kills or total < options.tasks) and DBTaskResult.objects.ready().count() < 200:
                for _number in range(100):
                    ask()
            if killed < options.kills and len(presence.living()) == options.workers:
                time.sleep(chance.uniform(0, 0.5))
                at_work += DBTaskResult.objects.running().exists()
                programs.kill(chance.randrange(options.workers))
                killed += 1
            elif killed >= options.kills and total >= options.tasks and not _unfinished():
                break
            time.sleep(0.2)
        given_up = Counter(row.task_path.rsplit(".", 1)[-1] for row in keeping.given_up())
        tries = {row.task_path.rsplit(".", 1)[-1]: len(row.worker_ids) for row in keeping.given_up()}
        # The administrator's button, until what fails half the time has succeeded.
        again = 0
        while time.monotonic() < deadline:
            programs.start_again()
            again += keeping.try_again(keeping.given_up().filter(task_path__endswith="capricious"))
            if not keeping.given_up().filter(task_path__endswith="capricious").exists() and not _unfinished():
                break
            time.sleep(0.5)
    finally:
        slowest_end = programs.end()
    done = Counter(dict(_rows("SELECT name, count(*) FROM drill_effect GROUP BY name")))
    wanted = {name for (name,) in _rows("SELECT name FROM drill_work")}
    rows = []
    for kind in ("ordinary", "capricious"):
        names = {name for name in wanted if name.startswith(kind)}
        times = Counter(min(done[name], 3) for name in names)
        rows.append([kind, len(names), times[0], times[1], times[2], times[3], given_up[kind]])
    for kind in ("poison", "killer"):
        rows.append([kind, 1, "", "", "", f"{done[kind]} tries", given_up[kind]])
    table(["tasks", "asked for", "never done", "once", "twice", "more", "given up"], rows)
    undone = sum(name not in wanted for name in done if name.split()[0] in ("ordinary", "capricious"))
    left = DBTaskResult.objects.exclude(status="FAILED").count()
    say(
        f"asked for in a transaction that was undone: {asked['undone']}, of which done: {undone}; left waiting: {left}"
    )
    say(f"workers killed: {killed}, {at_work} of them while tasks were under way; started: {programs.started}")
    say(f"tries of what was given up: {tries}; pressed “try again” on those that fail half the time: {again}")
    lag = [float(seconds) for (seconds,) in _rows(
        "SELECT extract(epoch FROM min(e.done_at) - w.asked_at) FROM drill_work w JOIN drill_effect e USING (name)"
        " WHERE name LIKE 'ordinary%' GROUP BY name, w.asked_at ORDER BY 1"
    )]  # fmt: skip
    if lag:
        middle, late = lag[len(lag) // 2], lag[int(len(lag) * 0.99)]
        say(
            f"an ordinary task, from being asked for to done: median {middle:.1f} s, 99 of 100 {late:.1f} s, slowest {lag[-1]:.1f} s"
        )
    say(f"SIGTERM: the last worker ended after {slowest_end:.1f} s; {load()}")
    say()


def _unfinished() -> int:
    from django_tasks_db.models import DBTaskResult

    return DBTaskResult.objects.exclude(status="FAILED").count()


def mail(options: argparse.Namespace) -> None:
    from django.core.mail import EmailMessage
    from django.db import transaction

    from users import mail_queue

    chance, deadline, sink = random.Random(11), time.monotonic() + options.minutes * 60, Sink(seed=5)
    undone = 0
    for number in range(options.messages):
        with transaction.atomic():
            EmailMessage("Essai", "Bonjour", "mara@example.org", [f"m{number}@example.org"]).send()
            if chance.random() < 0.1:
                transaction.set_rollback(True)
                undone += 1
    wanted = {message.to_addresses[0] for message in mail_queue.waiting()}
    programs = Programs([sys.executable, "-m", "benchmarks.poison.deliver"], 1, DRILL_SMTP_PORT=str(sink.port))
    killed = again = 0
    try:
        while time.monotonic() < deadline and mail_queue.waiting().exists():
            programs.start_again()
            time.sleep(chance.uniform(0, 1))
            # At the worst moment, as often as not: the server has a message, and its answer is on the way.
            if killed < KILLED_DELIVERERS and _is_taken(sink, wait=2):
                time.sleep(chance.choice((0, chance.uniform(0, 0.5))))
                programs.kill(0)
                killed += 1
        while time.monotonic() < deadline and mail_queue.given_up().exists():
            again += mail_queue.try_again(mail_queue.given_up())
            while time.monotonic() < deadline and mail_queue.waiting().exists():
                programs.start_again()
                time.sleep(0.5)
    finally:
        programs.end()
        sink.shutdown()
    times = Counter(min(sink.taken[address], 3) for address in wanted)
    strangers = len(sink.taken.keys() - wanted)
    table(
        ["messages", "never", "once", "twice", "more", "refused", "of undone works"],
        [[len(wanted), times[0], times[1], times[2], times[3], sum(sink.refused.values()), strangers]],
    )
    say(
        f"deliverer killed {killed} times while messages left; works undone: {undone}; sent again by the button: {again}; {load()}"
    )


def _is_taken(sink: Sink, wait: float) -> bool:
    """Wait for the server to take a message; tell whether it did."""
    before, deadline = sum(sink.taken.values()), time.monotonic() + wait
    while time.monotonic() < deadline:
        if sum(sink.taken.values()) > before:
            return True
        time.sleep(0.002)
    return False


def _address() -> str:
    from django.db import connection

    known = connection.settings_dict
    host = known["HOST"] or known["OPTIONS"].get("host", "")
    password = f":{quote(known['PASSWORD'])}" if known["PASSWORD"] else ""
    port = f"&port={known['PORT']}" if known["PORT"] else ""
    return f"postgresql://{known['USER']}{password}@/{known['NAME']}?host={quote(host, safe='')}{port}"


def _run(sql: str, *values) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _rows(sql: str) -> list[tuple]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


if __name__ == "__main__":
    main()

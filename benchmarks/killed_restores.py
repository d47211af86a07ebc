"""Restorations killed at random: what was there is unchanged, whatever the moment.

    python -m benchmarks.killed_restores [--times 50]

On the demonstration's database (`make demo` once, then `make stop`): a backup of it is restored into a database and a folder
of this drill, then again over them, killed each time by SIGKILL at a random moment. Each time, once the clock had its turn,
every table and every file is compared. Prints how many were killed, how many went to their end, and what differed. Leaves nothing behind.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.stage import load, say, table
from mara_site.database.cluster import Cluster

ROOT = Path(__file__).resolve().parents[1]
NAME = "mara_killed"
CHANGING = {"public.hosting_pulse", "public.mara_cache", "public.resources_indexstate"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=50)
    options = parser.parse_args()
    cluster = Cluster(ROOT / "var" / "db")
    url = cluster.start()
    with tempfile.TemporaryDirectory(prefix="mara-killed-") as temporary:
        folder = Path(temporary)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "mara_site.settings.demo",
            "MARA_BACKUP_DIR": str(folder / "backups"),
            "DATABASE_URL": url,
        }
        try:
            _backup("make")
            os.environ |= {
                "DATABASE_URL": url.replace("/postgres?", f"/{NAME}?"),
                "MARA_MEDIA_ROOT": str(folder / "media"),
                "MARA_SEARCH_DIR": str(folder / "search"),
            }
            drill(folder, options.times)
        finally:
            _drop(url)
            cluster.stop()


def drill(folder: Path, times: int) -> None:
    started = time.monotonic()
    _backup("restore")
    whole = time.monotonic() - started
    before, random_moment = _state(folder), random.Random(4)
    killed = finished = differed = 0
    for _number in range(times):
        child = subprocess.Popen(
            _command("restore", "--replace"), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            child.wait(random_moment.uniform(0.1 * whole, 1.3 * whole))
            finished += child.returncode == 0
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            killed += 1
        _settle()
        differed += _state(folder) != before
    _backup("restore", "--replace")
    header = [
        "restorations",
        "killed",
        "finished",
        "tables compared",
        "files compared",
        "states that differed",
        "left",
    ]
    left = [path.name for path in folder.iterdir() if path.name.startswith(("media_restoring_", "media_building_"))]
    table(header, [[times, killed, finished, len(before[0]), len(before[1]), differed, left or "nothing"]])
    say(f"one restoration: {whole:.1f} s; {load()}")


def _state(folder: Path) -> tuple[dict, dict]:
    """The digest of each table and file in force."""
    import environ

    from mara_site.backup import tables
    from mara_site.backup.postgres import Database

    database = Database.of(environ.Env.db_url_config(os.environ["DATABASE_URL"]))
    with database.connect() as connection, connection.cursor() as cursor:
        found = tables.digests(cursor)
    files = {str(path): hashlib.sha256(path.read_bytes()).digest() for path in (folder / "media").rglob("*.*")}
    return {name: digest for name, digest in found.items() if name not in CHANGING}, files


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "mara_site.backup", *arguments]


def _backup(*arguments: str) -> None:
    _run(_command(*arguments))


def _settle() -> None:
    """What the clock does at its turn."""
    _run([sys.executable, "manage.py", "settle_restoration"])


def _run(command: list[str]) -> None:
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if outcome.returncode:
        raise SystemExit(outcome.stdout + outcome.stderr)


def _drop(url: str) -> None:
    import environ

    from mara_site.backup.postgres import Database

    database = Database.of(environ.Env.db_url_config(url)).named(NAME)
    for name in database.beside(""):
        database.named(name).drop()


if __name__ == "__main__":
    main()

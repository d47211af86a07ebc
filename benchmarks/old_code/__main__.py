"""Runs the version before on the schema and the content of this one, as an upgrade does while instances restart.

    python -m benchmarks.old_code [COMMIT] [--tests tests/exchanges …] [--no-tests]

COMMIT is by default the one before the newest migration. Its code is taken out beside, with the libraries that are
installed now; a database is made by the present migrations, twice: empty, for the old version's own tests, and with the
demonstration, which the old version then reads, publishes in and is sent a request through (``walk.py``). What fails is
tried again otherwise, a test on the old schema and the walk by the present version: what fails there too has nothing to
do with the schema. Ends with an error if the old version stumbled; leaves nothing behind.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import psycopg

from benchmarks.front.servers import free_ports
from benchmarks.stage import ROOT, SETTINGS, load, say, table
from mara_site.database.cluster import Cluster

MIGRATIONS = "*/migrations/[0-9]*.py"
TESTS = ("tests/core", "tests/users", "tests/regions", "tests/resources", "tests/exchanges")
# What the drill brings into the old version's folder.
BROUGHT = ("benchmarks/__init__.py", "benchmarks/old_code", "tests/controls.py")
SHOWN = 5  # failures of each kind


class Row(NamedTuple):
    """What the old version was asked, and what failed: for the schema's sake, and otherwise."""

    kind: str
    asked: int
    failed: list[str]
    otherwise: int


class Old:
    """The old version's code, and a cluster that the present version's migrations are applied in."""

    def __init__(self, folder: Path, code: Path, url: str) -> None:
        self.folder, self.code, self.url = folder, code, url
        tests = {**os.environ, **SETTINGS, "DATABASE_URL": url, "MARA_TEST_SLOT": "0"}
        tests.pop("MARA_CHROMIUM", None)
        self.tests = tests
        self.demo = tests | {
            "DJANGO_SETTINGS_MODULE": "mara_site.settings.demo",
            "DATABASE_URL": url.replace("/postgres?", "/walked?"),
            "MARA_MEDIA_ROOT": str(folder / "media"),
            "MARA_STATIC_ROOT": str(folder / "static"),
        }

    def set_up(self) -> None:
        """Both databases, by the present version."""
        run(ROOT, self.tests, "-m", "mara_site.database.template")
        self.present, self.wanted = (self._template(code) for code in (ROOT, self.code))
        self._sql(f'CREATE DATABASE walked TEMPLATE "{self.present}"')
        run(ROOT, self.demo, "-m", "mara_site.run.prepare", "--port", str(free_ports(1)[0]))
        # The old version's tests find the database that they copy made already.
        self._rename(self.present, self.wanted)
        run(self.code, self.tests, "-c", "from mara_site import catalogs; catalogs.compile_stale()")

    def walk(self) -> list[Row]:
        """The demonstration by the old version; by the present one too if it fails, to know what both refuse."""
        self._sql("CREATE DATABASE walked_again TEMPLATE walked")
        environment = self.demo | {"MARA_STATIC_ROOT": str(self.folder / "static-old")}
        run(self.code, environment, "manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        walked = _walked(self.code, environment)
        alike: dict[str, dict] = {}
        if any(row["failed"] for row in walked.values()):
            alike = _walked(ROOT, self.demo | {"DATABASE_URL": self.url.replace("/postgres?", "/walked_again?")})
        return [
            Row(kind, row["asked"], *_parted(row["failed"], alike.get(kind, {}).get("failed", [])))
            for kind, row in walked.items()
        ]

    def test(self, paths: Iterable[str]) -> Row:
        """The old version's own tests; those that fail, on their own schema too."""
        asked, failed = self._pytest("present", *paths, "-p", "benchmarks.old_code.plugin")
        alone: list[str] = []
        if failed:
            self._rename(self.wanted, self.present)  # so that its own is made
            _count, alone = self._pytest("own", *failed)
        return Row("its own tests", asked, *_parted(failed, alone))

    def _pytest(self, name: str, *arguments: str) -> tuple[int, list[str]]:
        kept, report = self.folder / f"cache-{name}", self.folder / f"{name}.xml"
        command = ["-m", "pytest", "-q", "-n", "auto", "-m", "not browser", f"--junitxml={report}", *arguments]
        run(self.code, self.tests, *command, "-o", f"cache_dir={kept}", passes=(0, 1))
        suite = ElementTree.parse(report).getroot().find("testsuite")
        failures = kept / "v/cache/lastfailed"
        return int(suite.get("tests")), list(json.loads(failures.read_text())) if failures.exists() else []

    def _template(self, code: Path) -> str:
        told = "from mara_site.database.template import template_name; print(template_name())"
        return run(code, self.tests, "-c", told).strip()

    def _rename(self, name: str, wanted: str) -> None:
        if name != wanted:
            self._sql(f'ALTER DATABASE "{name}" RENAME TO "{wanted}"')

    def _sql(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)


def run(folder: Path, environment: dict[str, str], *arguments: str, passes: tuple[int, ...] = (0,)) -> str:
    """A Python program in one version's folder."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in passes:
        raise SystemExit(f"{' '.join(arguments)}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def _walked(code: Path, environment: dict[str, str]) -> dict[str, dict]:
    return json.loads(run(code, environment, "-m", "benchmarks.old_code.walk").splitlines()[-1])


def _parted(failed: list[str], otherwise: list[str]) -> tuple[list[str], int]:
    """What fails here only, and how many fail otherwise too."""
    here = [told for told in failed if told not in otherwise]
    return here, len(failed) - len(here)


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(
            "This drill takes an older version out of the project's history: run it in a git checkout that has it"
            f" (git {arguments[0]}: {done.stderr.strip()})."
        )
    return done.stdout.strip()


def before_newest_migration() -> str:
    return git("log", "-1", "--diff-filter=A", "--format=%H", "--", MIGRATIONS) + "~1"


@contextlib.contextmanager
def taken_out(commit: str) -> Iterator[Old]:
    """The old version beside this one; all of it is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="mara-old-code-") as name, contextlib.ExitStack() as stack:
        folder, code = Path(name), Path(name) / "code"
        git("worktree", "add", "--detach", str(code), commit)
        stack.callback(git, "worktree", "remove", "--force", str(code))
        for path in BROUGHT:
            copy = shutil.copytree if (ROOT / path).is_dir() else shutil.copyfile
            (code / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(code / path, ignore_errors=True)
            copy(ROOT / path, code / path)
        cluster = Cluster(folder / "cluster", disposable=True)
        stack.callback(cluster.reset)
        yield Old(folder, code, cluster.start())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("commit", nargs="?")
    parser.add_argument("--tests", nargs="+", default=TESTS)
    parser.add_argument("--no-tests", action="store_true")
    options = parser.parse_args()
    commit = git("rev-parse", "--short", f"{options.commit or before_newest_migration()}^{{commit}}")
    added = git("diff", "--diff-filter=A", "--name-only", commit, "HEAD", "--", MIGRATIONS).split()
    if not added:
        raise SystemExit(f"No migration was added since {commit}: it has the present schema.")
    say(f"{commit} on the schema of {git('rev-parse', '--short', 'HEAD')}, which has more:")
    say("".join(f"  {path}\n" for path in added))
    with taken_out(commit) as old:
        old.set_up()
        rows = old.walk()
        if not options.no_tests:
            rows.append(old.test(options.tests))
    table(
        ["by the old version", "asked", "failed", "and has nothing to do with the schema"],
        [[row.kind, row.asked, len(row.failed), row.otherwise] for row in rows],
    )
    say(load())
    for row in rows:
        for told in row.failed[:SHOWN]:
            say(f"{row.kind}: {told}")
    if any(row.failed for row in rows):
        raise SystemExit("The version before does not live on the present schema.")


if __name__ == "__main__":
    main()

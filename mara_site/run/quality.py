"""`make test`, `make check`, `make messages`: what a change must pass, here as in continuous integration."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from mara_site.database import slots
from mara_site.run.console import ROOT, VAR, CannotRunError, say
from mara_site.run.environment import PYTHON, TOOLS, child_environment, ensure_environment

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# The same Chromium without its windows: a third less of the processor in the browser's tests, or half.
WINDOWLESS = "chromium-headless-shell"
DJHTML = ["-m", "djhtml", "--tabwidth", "2"]
# Without its cache, which several processes at once would fight over; it has no -m of its own.
IMPORT_LINTER = "import sys; from importlinter.cli import lint_imports as run; sys.exit(run(no_cache=True))"


def test(arguments: list[str]) -> int:
    """Run the tests, on every core; browser tests where there is a browser to run them."""
    ensure_environment(TOOLS)
    VAR.mkdir(exist_ok=True)
    environment = child_environment("test")
    # Before pytest: it sets Django up, which reads the translations, before any of our files.
    compile_catalogs = ["-c", "from mara_site import catalogs; catalogs.compile_stale()"]
    subprocess.run([str(PYTHON), *compile_catalogs], cwd=ROOT, env=environment, check=True)
    command = ["-m", "pytest", *(arguments or ["-n", _workers()])]
    if not (browser := find_browser(WINDOWLESS)):
        command += ["-m", "not browser"]
        say("Tests dans un navigateur sautés : Chromium est absent (sudo apt install chromium).")
    else:
        environment["MARA_CHROMIUM"] = browser
    code = subprocess.run([str(PYTHON), *command], cwd=ROOT, env=environment, check=False).returncode
    if not os.environ.get("DATABASE_URL") and not slots.any_taken(VAR):
        subprocess.run([str(PYTHON), "-m", "mara_site.database", "stop", "--test"], cwd=ROOT, check=False)
    return code


def _workers() -> str:
    """Return how many processes test at once: one more than cores, for those that wait for a browser or a process."""
    return str((os.cpu_count() or 1) + 1)


def fuzz(inputs: int, seed: int, only: str) -> int:
    """Send seeded hostile inputs to every door, and print what was sent where; `only` replays one."""
    chosen = {"MARA_FUZZ_INPUTS": str(inputs), "MARA_FUZZ_SEED": str(seed), "MARA_FUZZ_ONLY": only}
    os.environ.update(chosen)
    return test(["tests/fuzz", "-n", "0", "-q", "--tb=short"])


def find_browser(*preferred: str) -> str | None:
    """Return the path of Chromium, from MARA_CHROMIUM or the machine, None if there is none; the `preferred` first."""
    if chosen := os.environ.get("MARA_CHROMIUM"):
        return chosen
    return next((path for name in (*preferred, *BROWSERS) if (path := shutil.which(name))), None)


def check() -> int:
    """Run every check that is not a test and report all that fail, not only the first."""
    ensure_environment(TOOLS)
    development, production = child_environment("test"), _production_environment()
    sources, templates = _sources(), _templates()
    steps = [
        ("style", development, ["-m", "ruff", "check", *sources]),
        ("mise en forme", development, ["-m", "ruff", "format", "--check", "--quiet", *sources]),
        ("types", development, ["-m", "mypy"]),
        ("gabarits", development, [*DJHTML, "--check", *templates]),
        ("qui importe qui", development, ["-c", IMPORT_LINTER]),
        ("migrations", development, ["-m", "django", "makemigrations", "--check", "--dry-run", "--verbosity", "1"]),
        ("production", production, ["-m", "django", "check", "--deploy", "--fail-level", "WARNING"]),
    ]
    failed = [name for name, environment, command in steps if not _passes(name, environment, command)]
    if failed:
        say(f"\nÀ reprendre : {', '.join(failed)}.")
    return 1 if failed else 0


def tidy() -> int:
    """Put the sources into the form that `make check` asks for."""
    ensure_environment(TOOLS)
    commands = [
        ["-m", "ruff", "check", "--fix", "--quiet", *_sources()],
        ["-m", "ruff", "format", *_sources()],
        [*DJHTML, *_templates()],
    ]
    codes = [subprocess.run([str(PYTHON), *command], cwd=ROOT, check=False).returncode for command in commands]
    return max(codes[:2])  # djhtml's code says that it changed something


def messages() -> int:
    """Gather the interface's texts into the translation files; needs gettext."""
    ensure_environment(TOOLS)
    if not shutil.which("xgettext"):
        raise CannotRunError("gettext est absent : installez-le (sudo apt install gettext), puis recommencez.")
    ignored = [f"--ignore={name}" for name in (".venv", "var", "tests")]
    options = ["--locale", "fr", "--no-wrap", "--no-location", "--no-obsolete", *ignored]
    return _manage(child_environment("dev"), "makemessages", *options)


def lock() -> int:
    """Compile requirements*.in into the pinned requirements*.txt, changing no more pins than needed."""
    ensure_environment(TOOLS)
    for source in (name.replace(".txt", ".in") for name in TOOLS):
        target = source.replace(".in", ".txt")
        command = [PYTHON, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
        command += ["--no-header", "--annotation-style", "line", source, "--output-file", target]
        if subprocess.run(list(map(str, command)), cwd=ROOT, check=False).returncode:
            return 1
    return 0


def _sources() -> list[str]:
    folders = [path.name for path in ROOT.iterdir() if (path / "__init__.py").exists() or path.name == "tests"]
    return ["manage.py", "conftest.py", *sorted(folders)]


def _templates() -> list[str]:
    return sorted(map(str, (ROOT / "templates").rglob("*.html")))


def _passes(name: str, environment: dict[str, str], command: list[str]) -> bool:
    outcome = subprocess.run(
        [str(PYTHON), *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    say(f"{'échec ' if outcome.returncode else 'ok    '} {name}")
    if outcome.returncode:
        say(outcome.stdout + outcome.stderr)
    return outcome.returncode == 0


def _production_environment() -> dict[str, str]:
    """Return an environment complete enough for production's settings to be checked, with throw-away values."""
    return child_environment(
        "production",
        DJANGO_SECRET_KEY=secrets.token_urlsafe(60),
        DATABASE_URL="postgresql://mara@127.0.0.1/mara",
        MARA_NATIONAL_HOST="mara.example.org",
        MARA_MEDIA_ROOT=str(VAR / "media"),
    )


def _manage(environment: dict[str, str], *arguments: str | Path) -> int:
    command = [str(PYTHON), "manage.py", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode

"""`make backup`, `make restore`, `make restore-drill`, `make upgrade`: keeping an installation."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator

from mara_site.database import state
from mara_site.run.console import ROOT, VAR, CannotRunError, say
from mara_site.run.environment import PYTHON, SITE, child_environment, ensure_environment
from mara_site.run.serve import database

INSTALL = ROOT / "deploy" / "install.sh"
INSTALLED = "/etc/mara/mara.env"  # written by deploy/install.sh


def backup(arguments: list[str]) -> int:
    """Run one action of `mara_site.backup` on the installation of the variables, or on the demonstration."""
    if os.path.exists(INSTALLED):
        return subprocess.run([str(ROOT / "deploy" / "backup"), *arguments], cwd=ROOT, check=False).returncode
    ensure_environment(SITE)
    with _in_force() as environment:
        return _python(environment, "-m", "mara_site.backup", *arguments)


def upgrade() -> int:
    """Bring the database and the files up to this version of the site, after a backup."""
    if os.path.exists(INSTALLED):
        return subprocess.run([str(INSTALL)], cwd=ROOT, check=False).returncode
    ensure_environment(SITE)
    with _in_force() as environment:
        steps = [
            ("sauvegarde", ["-m", "mara_site.backup", "make"]),
            ("réglages", ["manage.py", "check", *_strictness()]),
            ("base de données", ["manage.py", "migrate", "--no-input", "--verbosity", "0"]),
            ("cache", ["manage.py", "createcachetable"]),
            ("fichiers statiques", ["manage.py", "collectstatic", "--no-input", "--verbosity", "0"]),
        ]
        for name, command in steps:
            if _python(environment, *command):
                raise CannotRunError(f"Mise à jour arrêtée à l'étape « {name} » : rien de plus n'a été changé.")
            say(f"ok     {name}")
    return 0


@contextlib.contextmanager
def _in_force() -> Iterator[dict[str, str]]:
    """Give the environment of the installation; a demonstration that is being served keeps its database after."""
    sockets = state.socket_directory(VAR / "db")
    if sockets and state.answers(sockets):
        yield child_environment(_settings())
    else:
        with database(_settings()) as environment:
            yield environment


def _settings() -> str:
    return os.environ.get("DJANGO_SETTINGS_MODULE", "").removeprefix("mara_site.settings.") or "demo"


def _strictness() -> list[str]:
    return ["--deploy", "--fail-level", "WARNING"] if _settings() == "production" else []


def _python(environment: dict[str, str], *arguments: str) -> int:
    return subprocess.run([str(PYTHON), *arguments], cwd=ROOT, env=environment, check=False).returncode

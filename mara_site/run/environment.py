"""The virtual environment: made once, brought up to date when the pinned requirements change."""

import hashlib
import importlib.util
import os
import subprocess
import sys
import venv
from pathlib import Path

from mara_site.run.console import ROOT, CannotRunError, say

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
SITE = ("requirements.txt", "requirements-demo.txt")
TOOLS = (*SITE, "requirements-dev.txt")


def ensure_environment(files: tuple[str, ...]) -> None:
    """Make the virtual environment contain what `files` pin; nothing to do costs a few milliseconds."""
    stamp = VENV / f"installed-{len(files)}"
    wanted = requirements_digest(files)
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    _make_environment()
    say("Installation des composants (une à deux minutes la première fois)…")
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check"]
    for name in files:
        command += ["--requirement", ROOT / name]
    outcome = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if outcome.returncode:
        last_lines = "\n".join(outcome.stderr.strip().splitlines()[-8:])
        raise CannotRunError(
            "L'installation des composants a échoué : vérifiez l'accès à Internet (ou au dépôt de paquets Python), "
            f"puis recommencez.\n{last_lines}"
        )
    stamp.write_text(wanted)


def requirements_digest(files: tuple[str, ...]) -> str:
    """Return what identifies the content of these requirement files for this version of Python."""
    digest = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for name in files:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def child_environment(settings: str, **variables: str) -> dict[str, str]:
    """Return the environment of the commands that we start, on the settings module of this name."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": f"mara_site.settings.{settings}", **variables}
    environment["PYTHONPATH"] = str(ROOT)
    environment["PYTHONUNBUFFERED"] = "1"
    environment["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
    return environment


def _make_environment() -> None:
    """Create the virtual environment, or repair one that was left half made or whose Python went away."""
    if _works(PYTHON):
        return
    if not importlib.util.find_spec("ensurepip"):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise CannotRunError(
            f"Il manque à Python {version} de quoi créer un environnement : "
            f"installez le paquet « python{version}-venv » (sudo apt install python{version}-venv), puis recommencez."
        )
    say("Création de l'environnement Python…")
    try:
        venv.EnvBuilder(clear=True, with_pip=True, symlinks=True).create(VENV)
    except (OSError, subprocess.CalledProcessError) as error:
        raise CannotRunError(f"L'environnement Python n'a pas pu être créé dans {VENV} : {error}") from error


def _works(python: Path) -> bool:
    if not python.exists():
        return False
    check = subprocess.run([str(python), "-m", "pip", "--version"], capture_output=True, check=False)
    return check.returncode == 0

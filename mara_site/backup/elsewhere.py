"""The copy elsewhere: encrypted, deduplicated and pruned by restic, which is a package of Debian.

A folder, ``sftp:user@host:/folder`` or ``s3:https://host/bucket``: whatever restic calls a repository.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from django.conf import settings

from mara_site.backup import retention
from mara_site.run.console import CannotRunError

TAG = "mara"


def is_configured() -> bool:
    """Tell whether a place is named."""
    return bool(settings.MARA_BACKUP_COPY)


def send(backup: Path) -> None:
    """Copy a backup to the place named, which is made the first time, and forget the old copies.

    With it goes the file of the variables, where there is one: without its secret key, second proofs cannot be read.
    Raises CannotRunError when restic is missing, refuses, or the place does not answer.
    """
    if _run("snapshots", "--quiet", check=False).returncode:
        _run("init")
    sources = [str(backup), *([settings.MARA_ENV_FILE] if _readable(settings.MARA_ENV_FILE) else [])]
    _run("backup", "--quiet", "--tag", TAG, "--host", "mara", *sources)
    keep = ["--keep-daily", retention.DAYS, "--keep-weekly", retention.WEEKS, "--keep-monthly", retention.MONTHS]
    _run("forget", "--quiet", "--prune", "--tag", TAG, "--group-by", "tags", *map(str, keep))


def fetch(target: Path) -> Path:
    """Bring the last copy into a folder and return the backup that it holds."""
    _run("restore", "latest", "--quiet", "--tag", TAG, "--target", str(target))
    found = [path.parent for path in target.rglob("manifest.json") if (path.parent / "SHA256SUMS").exists()]
    if not found:
        raise CannotRunError("La copie ne contient pas de sauvegarde.")
    return found[0]


def count() -> int:
    """How many copies are kept there."""
    return len(json.loads(_run("snapshots", "--json", "--tag", TAG).stdout))


def _readable(path: str) -> bool:
    return bool(path) and os.access(path, os.R_OK)


def _run(command: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    if not shutil.which("restic"):
        raise CannotRunError("restic est absent : installez-le (sudo apt install restic), puis recommencez.")
    if not settings.MARA_BACKUP_PASSWORD:
        raise CannotRunError("MARA_BACKUP_PASSWORD n'est pas définie : la copie ailleurs est chiffrée avec elle.")
    environment = {
        **os.environ,
        "RESTIC_REPOSITORY": settings.MARA_BACKUP_COPY,
        "RESTIC_PASSWORD": settings.MARA_BACKUP_PASSWORD,
    }
    outcome = subprocess.run(
        ["restic", command, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if check and outcome.returncode:
        words = outcome.stderr.strip()[-400:]
        raise CannotRunError(f"La copie ailleurs a échoué ({command}) : {words}")
    return outcome

"""The folder of the backups: what is in it, one maker at a time, and the old ones that go."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from mara_site.backup.manifest import MANIFEST
from mara_site.backup.retention import kept
from mara_site.run.console import CannotRunError

NAME = "%Y-%m-%dT%H-%M-%SZ"
PARTIAL = ".partial"


def root() -> Path:
    """The folder of the backups, which nobody else may read."""
    folder = Path(settings.MARA_BACKUP_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def all_backups() -> list[Path]:
    """The backups that went to their end, the oldest first."""
    return sorted(path for path in root().iterdir() if moment_of(path) and (path / MANIFEST).exists())


def latest() -> Path | None:
    """The last backup."""
    return next(reversed(all_backups()), None)


def chosen(name: str | None) -> Path:
    """The backup of this name, or in this folder; the last one when none is given.

    Raises CannotRunError when there is none.
    """
    if not name:
        if last := latest():
            return last
        raise CannotRunError(f"Il n'y a aucune sauvegarde dans {root()} : « make backup » en fait une.")
    for path in (root() / name, Path(name)):
        if (path / MANIFEST).exists():
            return path.resolve()
    raise CannotRunError(f"« {name} » n'est pas une sauvegarde ; il y a : {', '.join(p.name for p in all_backups())}.")


def moment_of(path: Path) -> dt.datetime | None:
    """When a backup was made, from its name; ``None`` for anything else."""
    with contextlib.suppress(ValueError):
        return dt.datetime.strptime(path.name, NAME).replace(tzinfo=dt.UTC)
    return None


@contextlib.contextmanager
def new() -> Iterator[Path]:
    """Give a folder to fill, which takes its name only when it is whole; a half-made one never counts."""
    with _alone():
        for leftover in root().glob(f"*{PARTIAL}"):
            shutil.rmtree(leftover)
        final = root() / dt.datetime.now(dt.UTC).strftime(NAME)
        partial = final.with_name(f"{final.name}{PARTIAL}")
        partial.mkdir(mode=0o700)
        try:
            yield partial
            partial.rename(final)
            _settle(root())
        finally:
            shutil.rmtree(partial, ignore_errors=True)


@contextlib.contextmanager
def fetched() -> Iterator[Path]:
    """Give a folder for what comes from elsewhere, and remove it after."""
    with tempfile.TemporaryDirectory(prefix=".fetched-", dir=root()) as place:
        yield Path(place)


def forget_old() -> list[Path]:
    """Remove the backups that are not to be kept, and return them."""
    by_moment = {moment: path for path in all_backups() if (moment := moment_of(path))}
    old = [by_moment[moment] for moment in sorted(by_moment.keys() - kept(by_moment))]
    for path in old:
        # Out of the list at once: a removal that is cut does not leave half a backup that looks whole.
        gone = path.rename(path.with_name(f"{path.name}{PARTIAL}"))
        shutil.rmtree(gone)
    return old


def _settle(path: Path) -> None:
    """Have the names of a folder on the disk before going on."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    with (root() / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotRunError("Une sauvegarde est déjà en cours : attendez qu'elle finisse.") from error
        yield

"""The folder of the uploaded files, replaced with the database or not at all.

The new folder is laid out beside as ``media_building_STAMP``, then waits as ``media_restoring_STAMP_INODE`` while the
new database waits as ``name_restoring_STAMP``. The two folders are exchanged just before the database takes its name.
Whatever was cut, that name tells which database is in force, and the inode which folder is the new one.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from mara_site.backup.postgres import Database
from mara_site.run.console import CannotRunError

_HERE, _EXCHANGE = -100, 2  # AT_FDCWD, RENAME_EXCHANGE: linux/fcntl.h, linux/fs.h
_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}
_MIDDLE = ".exchanged"


class UnderWayError(CannotRunError):
    """A restoration of these files is going on."""


@contextlib.contextmanager
def alone(folder: Path | None) -> Iterator[None]:
    """Keep any other restoration of this folder out, and whoever puts right one that was cut.

    Raises UnderWayError when there is one.
    """
    if folder is None:
        yield
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _opened(folder.parent) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UnderWayError("Une restauration est déjà en cours : attendez qu'elle finisse.") from error
        yield


def building(folder: Path, stamp: str) -> Path:
    """Where the new files are laid out."""
    return folder.with_name(f"{folder.name}_building_{stamp}")


def aside(folder: Path, stamp: str) -> Path:
    """Where the former files are kept."""
    return folder.with_name(f"{folder.name}_before_{stamp}")


def kept_aside(folder: Path) -> list[Path]:
    """The former files of every restoration."""
    return list(folder.parent.glob(f"{folder.name}_before_*"))


def leftovers(folder: Path) -> list[Path]:
    """What is beside the files while a restoration goes on, or once one was cut."""
    # With its inode: one that an older release left without tells nothing of what is in force, and is left alone.
    kinds = ("building_*", "restoring_*_*_*")
    return [path for kind in kinds for path in folder.parent.glob(f"{folder.name}_{kind}")]


def put_in_place(folder: Path, stamp: str) -> None:
    """Exchange the files in force with those that were laid out; `settle` keeps the former aside, or undoes it."""
    laid_out = building(folder, stamp)
    ready = folder.with_name(f"{folder.name}_restoring_{stamp}_{laid_out.stat().st_ino}")
    folder.mkdir(exist_ok=True)
    os.rename(laid_out, ready)
    exchange(folder, ready)
    with _opened(folder.parent) as descriptor:
        os.fsync(descriptor)  # on the disk before the database is


def settle(target: Database, folder: Path | None) -> None:
    """End or undo what restorations left beside, so that the files in force are those of the database in force."""
    waiting = target.beside("_restoring_")
    if folder:
        for laid_out in folder.parent.glob(f"{folder.name}_building_*"):
            shutil.rmtree(laid_out)
        for name in sorted({path.name.removesuffix(_MIDDLE) for path in leftovers(folder)}):
            stamp, _, inode = name.removeprefix(f"{folder.name}_restoring_").rpartition("_")
            is_in_force = f"{target.name}_restoring_{stamp}" not in waiting
            _settle_folder(folder, folder.with_name(name), int(inode), aside(folder, stamp) if is_in_force else None)
    for name in waiting:
        target.named(name).drop()


def _settle_folder(folder: Path, other: Path, new: int, kept: Path | None) -> None:
    """Have the new files, known by their inode, in force and the former kept there, or the former in force."""
    _resume(folder, other)
    folder.mkdir(exist_ok=True)
    if (folder.stat().st_ino == new) != bool(kept):
        exchange(folder, other)
    if kept and any(other.iterdir()):
        os.rename(other, kept)
    else:
        shutil.rmtree(other)


def exchange(one: Path, other: Path) -> None:
    """Give each of two folders the name of the other: at once where the system can, else so that `settle` ends it."""
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "renameat2"):
        _exchange_by_steps(one, other)
    elif library.renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE):
        number = ctypes.get_errno()
        if number not in _CANNOT:
            raise OSError(number, os.strerror(number), str(one))
        _exchange_by_steps(one, other)


def _exchange_by_steps(one: Path, other: Path) -> None:
    middle = other.with_name(f"{other.name}{_MIDDLE}")
    os.rename(one, middle)
    os.rename(other, one)
    os.rename(middle, other)


def _resume(one: Path, other: Path) -> None:
    """End or undo an exchange by steps that was cut."""
    middle = other.with_name(f"{other.name}{_MIDDLE}")
    if middle.exists():
        os.rename(middle, other if one.exists() else one)


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)

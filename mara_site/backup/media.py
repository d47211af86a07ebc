"""The uploaded files: out of the storage in force, wherever it is, and back into it."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.core.files.base import File as StoredFile
from django.core.files.storage import FileSystemStorage, Storage

from mara_site.backup import manifest
from mara_site.backup.manifest import MEDIA, File, digest_of
from mara_site.run.console import CannotRunError

_BLOCK = 1024 * 1024


def names(storage: Storage, folder: str = "") -> Iterator[str]:
    """Every file of a storage, by its name; nothing where there is no folder yet."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(filter(None, files)):
        yield f"{folder}{name}"
    for name in sorted(filter(None, folders)):
        yield from names(storage, f"{folder}{name}/")


def copy_out(storage: Storage, folder: Path, known: dict[str, File], previous: Path | None) -> None:
    """Copy into `folder` the files that `known` has not, and add them to it.

    A file that the backup `previous` holds with the same size and moment is linked to it: it costs no room. A file
    that goes away meanwhile is left out.
    """
    before = _files_of(previous)
    for name in names(storage):
        if name in known:
            continue
        target = folder / MEDIA / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            size = storage.size(name)
            modified = storage.get_modified_time(name).timestamp()
            same = before.get(name)
            if previous and same and (same.bytes, same.modified) == (size, modified):
                os.link(previous / MEDIA / name, target)
                known[name] = same
            else:
                known[name] = _copy(storage, name, target, modified)
        except FileNotFoundError:
            target.unlink(missing_ok=True)


def local_folder(storage: Storage) -> Path | None:
    """The folder of a storage of this machine, ``None`` for one that is elsewhere."""
    return Path(storage.location) if isinstance(storage, FileSystemStorage) else None


def is_empty(storage: Storage) -> bool:
    """Tell whether nothing was uploaded there."""
    return next(names(storage), None) is None


def lay_out(source: Path, media: dict[str, File], folder: Path) -> None:
    """Copy the files of a backup into a new folder, each compared with its digest once more.

    Raises CannotRunError at the first that differs.
    """
    folder.mkdir(parents=True)
    for name, file in media.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / MEDIA / name, target)
        os.utime(target, (file.modified, file.modified))
        _compare(target, file, name)


def send(source: Path, media: dict[str, File], storage: Storage) -> None:
    """Put the files of a backup into a storage that is elsewhere and empty, under the same names.

    Raises CannotRunError when the storage gives one another name.
    """
    for name in media:
        with (source / MEDIA / name).open("rb") as stream:
            if (given := storage.save(name, StoredFile(stream))) != name:
                raise CannotRunError(f"Le stockage a rangé « {name} » sous « {given} » : il n'était pas vide.")


def _copy(storage: Storage, name: str, target: Path, modified: float) -> File:
    digest, size = hashlib.sha256(), 0
    with storage.open(name, "rb") as source, target.open("wb") as copy:
        while block := source.read(_BLOCK):
            digest.update(block)
            size += len(block)
            copy.write(block)
        copy.flush()
        os.fsync(copy.fileno())
    return File(size, digest.hexdigest(), modified)


def _compare(target: Path, file: File, name: str) -> None:
    if digest_of(target).sha256 != file.sha256:
        raise CannotRunError(f"Le fichier « {name} » a changé pendant la restauration : rien n'a été remplacé.")


def _files_of(previous: Path | None) -> dict[str, File]:
    if previous is None:
        return {}
    try:
        return manifest.read(previous).media
    except CannotRunError:
        return {}

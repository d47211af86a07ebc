"""Restoring a backup: built beside what is there, compared with the manifest, then put in its place at once."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from mara_site.backup import manifest as manifests
from mara_site.backup import media, tables
from mara_site.backup.making import fingerprint
from mara_site.backup.manifest import DUMP, Manifest
from mara_site.backup.postgres import Database, swapped
from mara_site.run.console import CannotRunError, say


def restore(backup: Path, *, replace: bool = False) -> None:
    """Restore a backup into the database and the storage in force.

    Only into empty ones unless `replace`; what is replaced is kept aside, under names that are told. Nothing changes
    before everything was restored beside and found equal to the manifest.

    Raises CannotRunError, in French; what was there is then as it was.
    """
    started = time.monotonic()
    manifest = manifests.read(backup)
    manifests.verify(backup, manifest)
    target = Database.of(settings.DATABASES["default"])
    _clear_leftovers(target)
    _refuse_to_overwrite(target, replace)
    if manifest.key != fingerprint():
        say(
            "Attention : DJANGO_SECRET_KEY n'est pas celle de la sauvegarde. "
            "Les doubles vérifications seront à refaire."
        )
    stamp = timezone.now().strftime("%Y%m%d_%H%M%S")
    new = target.named(f"{target.name}_restoring_{stamp}")
    aside = f"{target.name}_before_{stamp}"
    try:
        fill(new, backup, manifest)
        with _files_beside(backup, manifest, stamp, replace) as swap_files, swapped(target, new, aside):
            kept = swap_files()
    except BaseException:
        new.drop()
        raise
    _forget_search_index()
    say(f"Restauré en {time.monotonic() - started:.0f} s : {backup.name}")
    say(f"  {len(manifest.tables)} tables, {manifest.rows} lignes et {len(manifest.media)} fichiers, tous comparés.")
    if target.named(aside).exists():
        say(f"  Gardés de côté : la base {aside}{f' et les fichiers {kept}' if kept else ''}.")
        say("  Une fois le site vérifié, pour les effacer : make restore-discard")


def fill(database: Database, backup: Path, manifest: Manifest) -> None:
    """Make a database from the dump of a backup.

    Raises CannotRunError when one of its tables is not what the manifest says.
    """
    database.create()
    database.run(
        "pg_restore",
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--jobs=2",
        "-d",
        database.name,
        backup / DUMP,
    )
    with database.connect() as connection, connection.cursor() as cursor:
        different = tables.differences(manifest.tables, tables.digests(cursor))
        if not different and tables.sequences(cursor) != manifest.sequences:
            different = ["les compteurs des tables"]
    if different:
        raise CannotRunError(
            f"La base restaurée diffère de la sauvegarde ({'; '.join(different[:3])}) : rien n'a été remplacé."
        )
    with database.connect(autocommit=True) as connection:
        connection.execute("ANALYZE")


def discard() -> None:
    """Erase the databases and the files that restorations kept aside."""
    target = Database.of(settings.DATABASES["default"])
    for name in target.beside("_before_"):
        target.named(name).drop()
        say(f"Base {name} : effacée.")
    if folder := media.local_folder(default_storage):
        for aside in folder.parent.glob(f"{folder.name}_before_*"):
            shutil.rmtree(aside)
            say(f"Dossier {aside} : effacé.")


def _clear_leftovers(target: Database) -> None:
    """Remove what a restoration that was killed had built beside, and put back the files that it had moved already."""
    folder = media.local_folder(default_storage)
    for name in target.beside("_restoring_"):
        if folder:
            _files_back(folder, name.rpartition("_restoring_")[2])
        target.named(name).drop()
    if folder:
        for left in folder.parent.glob(f"{folder.name}_restoring_*"):
            shutil.rmtree(left)


def _files_back(folder: Path, stamp: str) -> None:
    """Undo the moves of a restoration that was killed between the files and the database.

    While the database of a restoration is still beside, the one in force is the former, and so must its files be.
    """
    new, aside = _beside(folder, f"restoring_{stamp}"), _beside(folder, f"before_{stamp}")
    if not aside.exists():
        return
    if folder.exists():
        os.rename(folder, new)
    os.rename(aside, folder)
    say("Une restauration avait été coupée : les fichiers déposés sont remis à leur place.")


def _refuse_to_overwrite(target: Database, replace: bool) -> None:
    if replace:
        return
    if target.exists() and not target.is_empty():
        raise CannotRunError(
            f"La base « {target.name} » n'est pas vide. Pour la remplacer (elle sera gardée de côté) : "
            "make restore REPLACE=oui"
        )
    if not media.is_empty(default_storage):
        raise CannotRunError(
            "Le dossier des fichiers déposés n'est pas vide. Pour le remplacer (il sera gardé de côté) : "
            "make restore REPLACE=oui"
        )


@contextlib.contextmanager
def _files_beside(backup: Path, manifest: Manifest, stamp: str, replace: bool) -> Iterator:
    """Lay the files out beside those in force; gives what puts them in place, and returns where the others went."""
    folder = media.local_folder(default_storage)
    if folder is None:
        if not media.is_empty(default_storage):
            raise CannotRunError(
                "Le stockage des fichiers n'est pas vide : donnez à MARA_S3_BUCKET le nom d'un espace neuf, "
                "puis recommencez ; l'ancien reste tel quel."
            )
        yield lambda: media.send(backup, manifest.media, default_storage)
        return
    new, aside = _beside(folder, f"restoring_{stamp}"), _beside(folder, f"before_{stamp}")
    moved = {"aside": False, "new": False}

    def swap() -> Path | None:
        if folder.exists():
            os.rename(folder, aside)
            moved["aside"] = True
        os.rename(new, folder)
        moved["new"] = True
        return aside if moved["aside"] else None

    try:
        media.lay_out(backup, manifest.media, new)
        _same_owner(folder, new)
        yield swap
    except BaseException:
        if moved["new"]:
            os.rename(folder, new)
        if moved["aside"]:
            os.rename(aside, folder)
        raise
    finally:
        shutil.rmtree(new, ignore_errors=True)
    if moved["aside"] and not any(aside.iterdir()):
        aside.rmdir()


def _beside(folder: Path, suffix: str) -> Path:
    return folder.with_name(f"{folder.name}_{suffix}")


def _same_owner(folder: Path, new: Path) -> None:
    """Give the new files to whoever holds the folder in force, when root restores."""
    owner = next(path for path in (folder, *folder.parents) if path.exists()).stat()
    if os.geteuid() != 0 or owner.st_uid == 0:
        return
    for path in (new, *new.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _forget_search_index() -> None:
    """The index of this machine was made from the other database; it is made again by itself."""
    if settings.MARA_SEARCH_DIR:
        shutil.rmtree(settings.MARA_SEARCH_DIR, ignore_errors=True)

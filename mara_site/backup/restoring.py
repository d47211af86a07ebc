"""Restoring a backup: built beside what is there, compared with the manifest, then put in its place at once."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from mara_site.backup import manifest as manifests
from mara_site.backup import media, replacing, tables
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
    folder = media.local_folder(default_storage)
    with replacing.alone(folder):
        replacing.settle(target, folder)
        _refuse_to_overwrite(target, folder, replace)
        if manifest.key != fingerprint():
            say(
                "Attention : DJANGO_SECRET_KEY n'est pas celle de la sauvegarde. "
                "Les doubles vérifications seront à refaire."
            )
        stamp = timezone.now().strftime("%Y%m%d_%H%M%S")
        new, aside = target.named(f"{target.name}_restoring_{stamp}"), f"{target.name}_before_{stamp}"
        try:
            if folder:
                _lay_out(backup, manifest, folder, stamp)
            fill(new, backup, manifest)
            _begin_search_again(new)
            with swapped(target, new, aside):
                if folder:
                    replacing.put_in_place(folder, stamp)
                else:
                    media.send(backup, manifest.media, default_storage)
        finally:
            replacing.settle(target, folder)
    say(f"Restauré en {time.monotonic() - started:.0f} s : {backup.name}")
    say(f"  {len(manifest.tables)} tables, {manifest.rows} lignes et {len(manifest.media)} fichiers, tous comparés.")
    if target.named(aside).exists():
        kept = folder and replacing.aside(folder, stamp)
        say(f"  Gardés de côté : la base {aside}{f' et les fichiers {kept}' if kept and kept.exists() else ''}.")
        say("  Une fois le site vérifié, pour les effacer : make restore-discard")


def settle_one_that_was_cut() -> None:
    """End or undo a restoration of this machine that was cut; nothing while one goes on, or where there was none."""
    folder = media.local_folder(default_storage)
    if folder and replacing.leftovers(folder):
        with contextlib.suppress(replacing.UnderWayError), replacing.alone(folder):
            replacing.settle(Database.of(settings.DATABASES["default"]), folder)


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


def _begin_search_again(database: Database) -> None:
    """Have every machine make its search index again: the one it follows may be ahead of these rows."""
    with database.connect(autocommit=True) as connection:
        connection.execute("UPDATE resources_indexstate SET generation = gen_random_uuid()")


def discard() -> None:
    """Erase the databases and the files that restorations kept aside."""
    target = Database.of(settings.DATABASES["default"])
    for name in target.beside("_before_"):
        target.named(name).drop()
        say(f"Base {name} : effacée.")
    if folder := media.local_folder(default_storage):
        for aside in replacing.kept_aside(folder):
            shutil.rmtree(aside)
            say(f"Dossier {aside} : effacé.")


def _refuse_to_overwrite(target: Database, folder: Path | None, replace: bool) -> None:
    if folder is None and not media.is_empty(default_storage):
        raise CannotRunError(
            "Le stockage des fichiers n'est pas vide : donnez à MARA_S3_BUCKET le nom d'un espace neuf, "
            "puis recommencez ; l'ancien reste tel quel."
        )
    if folder and folder.is_mount():
        raise CannotRunError(
            f"{folder} est un volume monté, qui ne peut pas être remplacé d'un coup : "
            "montez le volume un dossier plus haut, et donnez à MARA_MEDIA_ROOT un dossier de ce volume."
        )
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


def _lay_out(backup: Path, manifest: Manifest, folder: Path, stamp: str) -> None:
    """Lay the files out beside those in force, for whoever holds these."""
    new = replacing.building(folder, stamp)
    media.lay_out(backup, manifest.media, new)
    _same_owner(folder, new)


def _same_owner(folder: Path, new: Path) -> None:
    """Give the new files to whoever holds the folder in force, when root restores."""
    owner = next(path for path in (folder, *folder.parents) if path.exists()).stat()
    if os.geteuid() != 0 or owner.st_uid == 0:
        return
    for path in (new, *new.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)

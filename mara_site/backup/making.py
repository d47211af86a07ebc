"""Making a backup: one snapshot of the database, the files, and a manifest that proves both."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.crypto import salted_hmac

from mara_site.backup import elsewhere, folder, media, tables
from mara_site.backup.manifest import DUMP, File, Manifest, digest_of
from mara_site.backup.postgres import Database
from mara_site.hosting import pulses, versions
from mara_site.run.console import CannotRunError, say


def make() -> Path:
    """Make a backup, copy it elsewhere where a place is named, forget the old ones; return its folder.

    Raises CannotRunError, in French, when any part fails: a backup is whole or does not exist.
    """
    started = time.monotonic()
    try:
        previous = folder.latest()
        with folder.new() as partial:
            manifest = fill(partial, Database.of(settings.DATABASES["default"]), previous)
    except Exception as error:
        pulses.failed(pulses.BACKUP, error)
        raise
    made = folder.latest()
    if made is None:
        raise CannotRunError("La sauvegarde a disparu aussitôt faite : voyez le disque.")
    folder.forget_old()
    pulses.succeeded(pulses.BACKUP, bytes=manifest.size, rows=manifest.rows, files=len(manifest.media))
    say(f"Sauvegarde faite en {time.monotonic() - started:.0f} s : {made}")
    say(f"  {len(manifest.tables)} tables, {manifest.rows} lignes ; {len(manifest.media)} fichiers déposés ;")
    say(f"  {manifest.size / 1e6:.1f} Mo.")
    _copy_elsewhere(made)
    return made


def fill(target: Path, database: Database, previous: Path | None) -> Manifest:
    """Write the dump, the files and the manifest of a database and of the storage in force into a folder."""
    files: dict[str, File] = {}
    # Before the database, then after: a file that it names and that is deleted meanwhile is there all the same.
    media.copy_out(default_storage, target, files, previous)
    with database.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        row = cursor.fetchone()
        snapshot = str(row[0]) if row else ""
        dump = target / DUMP
        database.run(
            "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", "-f", dump
        )
        manifest = Manifest(
            made_at=timezone.now().isoformat(timespec="seconds"),
            release=versions.release(),
            server=str(connection.info.server_version // 10_000),
            key=fingerprint(),
            dump=digest_of(dump),
            tables=tables.digests(cursor),
            sequences=tables.sequences(cursor),
        )
    media.copy_out(default_storage, target, files, previous)
    manifest.media = files
    manifest.write(target)
    return manifest


def fingerprint() -> str:
    """What tells whether the secret key is the same, without telling it."""
    return salted_hmac("mara_site.backup", "fingerprint", algorithm="sha256").hexdigest()[:16]


def _copy_elsewhere(made: Path) -> None:
    if not elsewhere.is_configured():
        say("  Aucune copie ailleurs : indiquez un lieu dans MARA_BACKUP_COPY (docs/hosting.md).")
        return
    try:
        elsewhere.send(made)
    except CannotRunError as error:
        pulses.failed(pulses.COPY, error)
        raise
    pulses.succeeded(pulses.COPY)
    say(f"  Copie chiffrée envoyée à {settings.MARA_BACKUP_COPY}.")

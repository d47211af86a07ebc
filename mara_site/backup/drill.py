"""The restore drill: a bare server and an empty folder, rebuilt from a backup, and proved equal to it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import environ
from django.conf import settings

from mara_site.backup import elsewhere, folder, media
from mara_site.backup import manifest as manifests
from mara_site.backup.manifest import Manifest
from mara_site.backup.postgres import Database
from mara_site.backup.restoring import fill
from mara_site.database.cluster import Cluster
from mara_site.hosting import pulses
from mara_site.run.console import ROOT, CannotRunError, say


def drill(name: str | None = None, *, from_elsewhere: bool = False) -> None:
    """Rebuild a backup on a cluster made for it, compare everything, print the figures, and leave nothing behind.

    Raises CannotRunError naming what differs.
    """
    with tempfile.TemporaryDirectory(prefix="mara-drill-", dir=_room()) as temporary:
        ground = Path(temporary)
        ground.chmod(0o755)  # the server's user, who is not root, goes through it
        backup = elsewhere.fetch(ground / "copy") if from_elsewhere else folder.chosen(name)
        manifest = manifests.read(backup)
        steps = [
            (f"Sommes de contrôle ({len(manifest.media) + 1} fichiers)", _seconds(manifests.verify, backup, manifest))
        ]
        cluster = Cluster(ground / "cluster")
        try:
            started = time.monotonic()
            url = cluster.start()
            server = Database.of(environ.Env.db_url_config(url))
            steps.append(("Serveur neuf", time.monotonic() - started))
            database = server.named("mara_drill")
            steps.append(
                (f"Base : {len(manifest.tables)} tables comparées", _seconds(fill, database, backup, manifest))
            )
            files = ground / "media"
            steps.append(
                (f"Fichiers : {len(manifest.media)} comparés", _seconds(media.lay_out, backup, manifest.media, files))
            )
            address = url.replace("/postgres?", "/mara_drill?")
            steps.append(("Migrations et pages", _seconds(_try_the_site, manifest, address, files)))
        finally:
            cluster.stop()
    pulses.succeeded(pulses.DRILL, tables=len(manifest.tables), rows=manifest.rows, files=len(manifest.media))
    say(f"Restauration essayée : {backup.name} (version {manifest.release}, PostgreSQL {manifest.server})")
    for what, seconds in steps:
        say(f"  {what:<45} {seconds:6.1f} s   identique" if "compar" in what else f"  {what:<45} {seconds:6.1f} s")
    say(f"  En tout : {manifest.rows} lignes, {manifest.size / 1e6:.1f} Mo, 0 différence.")


def _try_the_site(manifest: Manifest, address: str, files: Path) -> None:
    """Have this code read the restored database: no migration left if it is of this version, and a home page."""
    environment = {**os.environ, "DATABASE_URL": address, "MARA_MEDIA_ROOT": str(files), "PYTHONPATH": str(ROOT)}
    environment |= {"MARA_SEARCH_DIR": str(files.with_name("search")), "DJANGO_SETTINGS_MODULE": _settings()}
    command = [sys.executable, "-m", "mara_site.backup.reading"]
    outcome = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if outcome.returncode:
        raise CannotRunError(f"Le site ne se lit pas sur la base restaurée : {outcome.stderr.strip()[-600:]}")


def _settings() -> str:
    return os.environ["DJANGO_SETTINGS_MODULE"]


def _room() -> Path | None:
    """Beside the backups, where there is room for one; root's cluster needs a folder that others enter."""
    return None if os.geteuid() == 0 else Path(settings.MARA_BACKUP_DIR)


def _seconds(work, *arguments) -> float:
    started = time.monotonic()
    work(*arguments)
    return time.monotonic() - started

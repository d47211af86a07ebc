"""Bring the database, the demonstration and the static files up to date, in one process, doing only what is left."""

import argparse
import hashlib
import shutil
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.migrations.executor import MigrationExecutor

from core.page_cache import triggers
from mara_site import catalogs
from mara_site.run.console import say
from mara_site.run.environment import SITE, requirements_digest


def main() -> None:
    """Prepare what the settings in force need."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int)
    parser.add_argument("--reset", action="store_true")
    options = parser.parse_args()
    catalogs.compile_stale()
    django.setup()
    migrate()
    if not settings.DEBUG:
        collect_static()
    load = ["load_demo"]
    if options.reset:
        load.append("--reset")
    if options.port:
        load += ["--port", str(options.port)]
    call_command(*load, stdout=sys.stdout)


def migrate() -> None:
    """Apply the migrations that are left; when none is, spare the minutes of signals that follow a run."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Préparation de la base de données…")
        call_command("migrate", database=DEFAULT_DB_ALIAS, verbosity=0, interactive=False)
    triggers.install()
    call_command("createcachetable", verbosity=0)


def collect_static() -> None:
    """Collect and compress the static files when one of them changed."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".collected"
    wanted = _static_digest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("Préparation des fichiers statiques…")
    shutil.rmtree(root, ignore_errors=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(wanted)


def _static_digest() -> str:
    """Return what changes with any static file of ours, or with the components that bring theirs."""
    digest = hashlib.sha256(requirements_digest(SITE).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name))
            if "site-packages" not in path.parts:
                digest.update(f"{path}{path.stat().st_size}{path.stat().st_mtime_ns}".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()

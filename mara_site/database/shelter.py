"""Where root puts what another user must reach, when the project is below a home that others cannot enter."""

import contextlib
import os
import tempfile
from pathlib import Path

from mara_site.database.errors import LauncherError

PARENTS = ("/var/lib", "/var/tmp")  # noqa: S108 - both outlive a restart, and the folder made there is root's


def shelter(name: str) -> Path:
    """Return a folder of this name that everyone may enter and only its owner may write in."""
    for parent in (*PARENTS, tempfile.gettempdir()):
        folder = Path(parent) / f"mara-{name}"
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o755, exist_ok=True)
            # Somebody else may have made it first, to have us run programs of theirs.
            if folder.lstat().st_uid == os.geteuid() and not folder.is_symlink():
                folder.chmod(0o755)
                return folder
    raise LauncherError("Ni /var/lib, ni /var/tmp, ni le dossier temporaire n'acceptent la base de données.")

"""Who runs the database: PostgreSQL refuses root, so that root lends it another user of this machine."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mara_site.database.errors import LauncherError

BORROWED_USERS = ("postgres", "nobody")


@dataclass(frozen=True)
class Identity:
    """The user whose rights the server runs with; `borrowed` when it is not the caller."""

    uid: int
    gid: int
    borrowed: bool

    @property
    def subprocess_options(self) -> dict[str, Any]:
        """Return what to pass to subprocess so that the child runs as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.borrowed else {}

    def take(self, path: Path) -> None:
        """Give this user the ownership of `path`."""
        if self.borrowed:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def can_enter(self, directory: Path) -> bool:
        """Tell whether this user may go through `directory` and all those above it."""
        if not self.borrowed:
            return os.access(directory, os.X_OK)
        resolved = directory.resolve()
        return all(self._may_traverse(step.stat()) for step in (resolved, *resolved.parents))

    def _may_traverse(self, status: os.stat_result) -> bool:
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)


def identity_for(data: Path, project: Path) -> Identity:
    """Return who runs the cluster in `data`.

    The caller; for root, the owner of the data, or of the project, or a service's user. Root never creates a user
    and never opens a folder to others.
    """
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid(), borrowed=False)
    owners = [path.stat().st_uid for path in (data, project) if path.exists()]
    for owner in owners:
        if owner != 0 and (entry := _entry(owner)):
            return Identity(entry.pw_uid, entry.pw_gid, borrowed=True)
    for name in BORROWED_USERS:
        if (entry := _entry(name)) and entry.pw_uid != 0:
            return Identity(entry.pw_uid, entry.pw_gid, borrowed=True)
    raise LauncherError(
        "PostgreSQL refuse de tourner sous root et cette machine n'a ni utilisateur « postgres » ni « nobody » : "
        "lancez la commande sous un utilisateur ordinaire."
    )


def _entry(user: str | int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(user) if isinstance(user, int) else pwd.getpwnam(user)
    except KeyError:
        return None

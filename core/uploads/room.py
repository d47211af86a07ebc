"""Room for files: asked before one is taken, and nothing half-written when it runs out all the same."""

from __future__ import annotations

import contextlib
import errno
import shutil

from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.translation import gettext_lazy as _
from psycopg.errors import DiskFull

RESERVE = 50 * 1024 * 1024  # bytes left to the database's journal and to the log
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
AWAY = _("Nothing was kept. Try again in a few minutes; if it lasts, tell the administrator of the site.")
NO_ROOM = _("The server's disk is full: your file was not kept. Tell the administrator of the site, then try again.")


def check_room(size: int) -> None:
    """Refuse a file that the disk has no room for; a storage elsewhere is not asked.

    Args:
        size: bytes.

    Raises:
        ValidationError: with a sentence.
    """
    if not isinstance(default_storage, FileSystemStorage):
        return
    with contextlib.suppress(FileNotFoundError):
        if shutil.disk_usage(default_storage.location).free < size + RESERVE:
            raise ValidationError(NO_ROOM, code="no_room")


def is_full(error: BaseException) -> bool:
    """Whether an error says that nothing more can be written, on our disk or on the database's."""
    return (isinstance(error, OSError) and error.errno in FULL) or isinstance(error.__cause__, DiskFull)


def is_away(error: BaseException) -> bool:
    """Whether an error is that of a storage elsewhere (S3) which does not answer, or refuses."""
    return any(kind.__module__ == "botocore.exceptions" for kind in type(error).__mro__)


class TidyStorage(FileSystemStorage):
    """Files on the disk; one that could not be written to its end is taken away."""

    def _save(self, name, content):
        is_free = not self.exists(name)
        try:
            return super()._save(name, content)
        except OSError:
            with contextlib.suppress(OSError):
                # A shorter file at a name that was free is what was just begun.
                if is_free and self.size(name) < content.size:
                    self.delete(name)
            raise

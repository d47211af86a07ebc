"""Sessions in the database, which say of a database that fails that it failed: ``SESSION_ENGINE``."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError


class SessionStore(db.SessionStore):
    """Django's, but for what it takes for a session deleted meanwhile: whatever stopped its row from being written."""

    def save(self, must_create: bool = False) -> None:
        """Write the session.

        Raises ``UpdateError`` if its row is gone, and Django's ``OperationalError`` if the database refused or was
        lost: a request that lost it is made again, or told why (``mara_site.database.lost``).
        """
        try:
            super().save(must_create)
        except UpdateError as gone:
            if isinstance(gone.__context__, OperationalError):
                raise gone.__context__ from gone.__context__.__cause__
            raise

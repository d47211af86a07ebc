"""What a walk asks the database again and again is asked once.

Every cell is taken back. Until it writes, the database is as the ground was laid, and answers the same question the
same: two thirds of a walk's time went into asking who signed in, what they may, and which site that is. From a cell's
first write to its end everything is asked anew, and so is all that the database may answer differently.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from unittest import mock

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.db.backends.utils import CursorWrapper
from wagtail.admin.menu import Menu
from wagtail.admin.search import Search
from wagtail.contrib.redirects import middleware

from regions import sites

MOST = 20_000  # answers kept
LONGEST = 500  # rows of an answer that is kept
_READS = re.compile(r"\s*\(?\s*SELECT\b", re.IGNORECASE)
# What a cell begins and ends with changes nothing.
_BOUNDS = re.compile(r"\s*(?:SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT)\b", re.IGNORECASE)
# Answered differently each time, or answered by doing something.
_VOLATILE = re.compile(
    r"\b(?:nextval|setval|random|pg_\w+|set_config|mara_\w+|FOR (?:NO KEY )?UPDATE)\b", re.IGNORECASE
)


class Memory:
    """The answers of one walk."""

    def __init__(self) -> None:
        self.written = False
        self._answers: dict = {}

    def begin(self) -> None:
        """The database is as the ground was laid."""
        self.written = False

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Answer from memory what has been asked before."""
        connection = connections["default"]
        with ExitStack() as patches:
            for patch in (
                mock.patch.object(connection, "make_cursor", lambda cursor: _Cursor(cursor, connection, self)),
                mock.patch.object(ModelBackend, "_get_permissions", self._permissions(ModelBackend._get_permissions)),
                mock.patch.object(SessionStore, "load", self._session(SessionStore.load)),
                mock.patch.object(sites, "sites_of", self._sites(sites.sites_of)),
                mock.patch.object(Menu, "render_component", self._menu(Menu.render_component)),
                mock.patch.object(Search, "search_items_for_request", self._menu(Search.search_items_for_request)),
                mock.patch.object(ModelBackend, "get_user", self._user(ModelBackend.get_user)),
                mock.patch.object(middleware, "get_redirect", self._redirect(middleware.get_redirect)),
            ):
                patches.enter_context(patch)
            yield

    def known(self, key):
        """What was answered, or None."""
        return None if self.written else self._answers.get(key)

    def keep(self, key, answer) -> None:
        if not self.written and len(self._answers) < MOST:
            self._answers[key] = answer

    def once(self, key, ask: Callable):
        """The answer, asked once as long as nothing is written."""
        kept = self.known(key)
        if kept is None:
            kept = (ask(),)
            self.keep(key, kept)
        return kept[0]

    def copy(self, key, ask: Callable):
        """The same, for what each request changes as its own."""
        return pickle.loads(self.once(key, lambda: pickle.dumps(ask())))

    def _permissions(self, ask: Callable) -> Callable:
        return lambda backend, user, obj, origin: self.once(
            ("permissions", user.pk, user.is_active, obj is None, origin), lambda: ask(backend, user, obj, origin)
        )

    def _session(self, ask: Callable) -> Callable:
        return lambda session: self.copy(("session", session.session_key), lambda: ask(session))

    def _sites(self, ask: Callable) -> Callable:
        return lambda hostname: self.copy(("sites", hostname), lambda: list(ask(hostname)))

    def _menu(self, ask: Callable) -> Callable:
        """The same on each of a person's screens: where they go, and where they search."""
        return lambda menu, request: self.once(("menu", id(menu), request.user.pk), lambda: ask(menu, request))

    def _user(self, ask: Callable) -> Callable:
        return lambda backend, pk: self.copy(("user", pk), lambda: ask(backend, pk))

    def _redirect(self, ask: Callable) -> Callable:
        """Looked for behind each absence, whatever the method."""
        return lambda request, path: self.once(("redirect", request.get_host(), path), lambda: ask(request, path))


class _Cursor(CursorWrapper):
    """Reads an answer whole, and keeps it."""

    def __init__(self, cursor, db, memory: Memory) -> None:
        super().__init__(cursor, db)
        self._memory, self._rows = memory, None

    def execute(self, sql, params=None):
        self._rows = None
        key = self._key(sql, params)
        if key is None:
            if not _READS.match(sql) and not _BOUNDS.match(sql):
                self._memory.written = True
            return super().execute(sql, params)
        self.db.validate_no_broken_transaction()
        if (rows := self._memory.known(key)) is None:
            super().execute(sql, params)
            rows = self.cursor.fetchall()
            if len(rows) <= LONGEST:
                self._memory.keep(key, rows)
        self._rows = iter(rows)
        return self

    def executemany(self, sql, param_list):
        self._rows, self._memory.written = None, True
        return super().executemany(sql, param_list)

    def _key(self, sql, params):
        """What is asked; None when the answer is not to be kept."""
        if self._memory.written or not _READS.match(sql) or _VOLATILE.search(sql):
            return None
        key = (sql, tuple(params or ()))
        try:
            hash(key)
        except TypeError:
            return None
        return key

    def fetchone(self):
        return self.cursor.fetchone() if self._rows is None else next(self._rows, None)

    def fetchmany(self, size: int):
        if self._rows is None:
            return self.cursor.fetchmany(size)
        return list(islice(self._rows, size))

    def fetchall(self):
        return self.cursor.fetchall() if self._rows is None else list(self._rows)

    def __iter__(self):
        return super().__iter__() if self._rows is None else self._rows

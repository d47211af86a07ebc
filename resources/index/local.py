"""This machine's own index: tantivy, in a folder, made from the table of entries and brought up to date from it.

Several processes and several machines each follow ``IndexState.version``: whoever finds the index of its
machine behind takes a file lock, reads the entries that are newer and commits; the others read what was
committed. How far an index has got is written in it, in the same commit. A transaction's own changes go in
no file before they are committed.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import tantivy
from django.conf import settings
from django.db import connection

from resources.index import analysis
from resources.index.documents import SCHEMA_VERSION, documents_of, field_terms, schema
from resources.index.models import IndexEntry, IndexState

AT_ONCE = 400  # entries read before a search answers; while more are missing, PostgreSQL answers
CHUNK = 2000
WAIT_SECONDS, STALE_SECONDS = 0.5, 5.0
HEAP_BYTES, BUILD_HEAP_BYTES = 20_000_000, 200_000_000
MANY_SEGMENTS = 12
POSITION = 0  # the page number of the document that says how far the index has got

logger = logging.getLogger(__name__)


class UnavailableError(Exception):
    """This machine's index cannot answer now; PostgreSQL can."""


def _of_page(page_id: int) -> tantivy.Query:
    """The documents of a page. Deleting by term finds none: it takes the number for a signed one (tantivy 0.27)."""
    return tantivy.Query.term_query(schema(), "page", page_id)


class LocalIndex:
    """One index of this machine: of one generation of the entries.

    Args:
        folder: where it is kept; ``None`` for an index in memory, which sees the transaction under way.
        generation: that of the entries it is made from.
    """

    def __init__(self, folder: Path | None, generation: str) -> None:
        self.generation, self.folder = generation, folder
        if folder is None:
            self.index = tantivy.Index(schema())
        else:
            folder.mkdir(parents=True, exist_ok=True)
            self.index = tantivy.Index(schema(), path=str(folder))
        self.index.config_reader("manual")
        self.index.reload()
        self.searcher = self.index.searcher()
        self.version = self._read_position()
        self.seen_at = time.monotonic()
        self._inside = threading.Lock()

    # --- Following the entries ------------------------------------------------------------------

    def follow(self, wanted: int) -> None:
        """Bring the index up to a version of the entries.

        Raises:
            UnavailableError: when it is too far behind to be brought up before an answer is due.
        """
        if self.version == wanted:
            self.seen_at = time.monotonic()
            return
        if self.folder is not None and connection.in_atomic_block:
            return
        deadline = time.monotonic() + WAIT_SECONDS
        while self.version < wanted:
            self._reload()
            if self.version >= wanted:
                break
            with self._writing() as mine:
                if mine:
                    self._catch_up(wanted)
                    break
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        if self.version >= wanted:
            self.seen_at = time.monotonic()
        elif time.monotonic() - self.seen_at > STALE_SECONDS:
            raise UnavailableError(f"{wanted - self.version} entries behind")

    def _catch_up(self, wanted: int) -> None:
        self._reload()
        missing = IndexEntry.objects.filter(version__gt=self.version)
        if self.folder is not None and len(missing.values_list("pk")[: AT_ONCE + 1]) > AT_ONCE:
            raise UnavailableError("too many entries are missing")
        self.write(missing.order_by("version"), wanted, HEAP_BYTES)

    def write(self, entries, reached: int, heap: int, advance: Callable[[int], None] = lambda count: None) -> None:
        """Write entries, in the order of their versions, and commit; the caller holds the lock."""
        writer = self.index.writer(heap, 1)
        last, done = max(self.version, reached), 0
        is_new = self.searcher.num_docs == 0  # nothing to take out, and each taking out is a search at the end
        for entry in entries.iterator(CHUNK):
            if not is_new:
                writer.delete_documents_by_query(_of_page(entry.page_id))
            for document in documents_of(entry):
                writer.add_document(document)
            last, done = max(last, entry.version), done + 1
            if done % CHUNK == 0:
                advance(CHUNK)
        writer.delete_documents_by_query(_of_page(POSITION))
        writer.add_document(tantivy.Document.from_dict({"page": [POSITION], "position": [str(last)]}, schema()))
        writer.commit()
        advance(done % CHUNK)
        if self.searcher.num_segments > MANY_SEGMENTS:
            writer.wait_merging_threads()  # otherwise each change would leave one more segment to read
        self._reload()

    def _reload(self) -> None:
        self.index.reload()
        self.searcher = self.index.searcher()
        self.version = self._read_position()

    def _read_position(self) -> int:
        for _score, address in self.searcher.search(_of_page(POSITION), 1).hits:
            return int(str(self.searcher.doc(address).get_first("position")))
        return 0

    @contextlib.contextmanager
    def _writing(self) -> Iterator[bool]:
        """Hold this machine's lock if it is free; tell whether we do."""
        if not self._inside.acquire(blocking=False):
            yield False
            return
        try:
            if self.folder is None:
                yield True
                return
            with lock_of(self.folder) as mine:
                yield mine
        finally:
            self._inside.release()

    # --- Making it whole ------------------------------------------------------------------------

    def build(self, advance: Callable[[int], None] = lambda count: None) -> bool:
        """Read all that is missing, however much; tell whether nobody else was doing so."""
        with self._writing() as mine:
            if not mine:
                return False
            self._reload()
            reached = IndexState.objects.values_list("version", flat=True).first() or 0
            missing = IndexEntry.objects.filter(version__gt=self.version).order_by("version")
            self.write(missing, reached, BUILD_HEAP_BYTES, advance)
            return True

    def vocabulary(self) -> list[tuple[str, int]]:
        """Every word as it is written, with the number of pages that hold it."""
        return self.searcher.terms_with_prefix(field_terms, "")


@contextlib.contextmanager
def lock_of(folder: Path) -> Iterator[bool]:
    """The lock of a folder's writer, kept beside it."""
    lock: IO
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


# --- The one of this process --------------------------------------------------------------------

_current: LocalIndex | None = None
_opening = threading.Lock()
_building: threading.Thread | None = None


def open_index(state: IndexState) -> LocalIndex:
    """Return this process's index of the entries' generation, open.

    Raises:
        UnavailableError: when the folder cannot be used.
    """
    global _current
    generation = f"{state.generation.hex}-{SCHEMA_VERSION}.{analysis.VERSION}"
    with _opening:
        if _current is None or _current.generation != generation:
            root = settings.MARA_SEARCH_DIR
            try:
                _current = LocalIndex(Path(root) / generation if root else None, generation)
            except (OSError, ValueError) as error:
                raise UnavailableError(str(error)) from error
        return _current


def ready(state: IndexState) -> LocalIndex:
    """Return this machine's index, up to date.

    Raises:
        UnavailableError: when it cannot be; what is missing is then being read in the background.
    """
    index = open_index(state)
    try:
        index.follow(state.version)
    except UnavailableError:
        build_in_background(index)
        raise
    except (OSError, ValueError) as error:
        forget()
        raise UnavailableError(str(error)) from error
    return index


def build_in_background(index: LocalIndex) -> None:
    """Have what is missing read by a thread of this process, if none of this machine does already."""
    global _building
    folder = index.folder
    if folder is None or (_building and _building.is_alive()):
        return

    def work() -> None:
        try:
            index.build()
            remove_others(folder)
        except Exception:
            logger.exception("The local search index could not be built")
        finally:
            connection.close()

    _building = threading.Thread(target=work, name="search-index", daemon=True)
    _building.start()


def remove_others(folder: Path) -> None:
    """Remove the indexes of earlier generations, unless somebody is writing in one."""
    for other in folder.parent.iterdir():
        if other.is_dir() and other != folder:
            with lock_of(other) as mine:
                if mine:
                    shutil.rmtree(other, ignore_errors=True)


def forget() -> None:
    """Close this process's index; the next search opens it again."""
    global _current
    _current = None

"""Keeps the entries in line with the pages.

Triggers of the database note each page that is inserted, changed, moved or deleted, by whatever means
(``IndexPending``). What is noted is read again after the transaction commits, and before each search: a
search never answers from entries older than the pages of its place. The complements of a national page are
left to the clock (``completing``).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable

from django.db import connection, transaction
from django.db.models import Q

from resources.index import analysis
from resources.index.completing import behind_at, completions, may_be_completed, note_behind, take_behind
from resources.index.models import IndexEntry, IndexPending, IndexState
from resources.index.reading import Reader, searched_models, vector_of

BATCH = 200
ENTRY_FIELDS = [field.attname for field in IndexEntry._meta.concrete_fields if not field.primary_key]


def state() -> IndexState:
    """The one row that says how far the entries have got."""
    return (
        IndexState.objects.first()
        or IndexState.objects.get_or_create(pk=1, defaults={"analysis": analysis.VERSION})[0]
    )


_STATE = ("id", "generation", "version", "synonyms", "analysis")
# Written out: each search asks it, and has it in a third of the time.
_LOOK = (
    "SELECT id, generation, version, synonyms, analysis, EXISTS (SELECT 1 FROM resources_indexpending)"
    " FROM resources_indexstate ORDER BY id LIMIT 1"
)


def look() -> tuple[IndexState, bool]:
    """The state, and whether pages are waiting to be read again; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOK)
        found = cursor.fetchone()
    if found is None:
        return state(), IndexPending.objects.exists()
    row, is_pending = IndexState.from_db(connection.alias, _STATE, found[:-1]), found[-1]
    if row.analysis < analysis.VERSION:
        note_outdated()
        return row, True
    return row, is_pending


@transaction.atomic
def note_outdated() -> None:
    """Have every page read again when its words were found by an older analysis; the first who looks does it.

    Entries whose words stay the same keep their version. Going back to an older release asks for ``rebuild_index``:
    while two releases run side by side, they must not undo each other's work.
    """
    locked = IndexState.objects.select_for_update().get(pk=state().pk)
    if locked.analysis < analysis.VERSION:
        note(IndexEntry.objects.filter(gone=False).values_list("page_id", flat=True))
        IndexState.objects.filter(pk=locked.pk).update(analysis=analysis.VERSION)


def note(page_ids: Iterable[int]) -> None:
    """Have these pages read again."""
    IndexPending.objects.bulk_create([IndexPending(page_id=pk) for pk in set(page_ids)], batch_size=1000)


def follow_after_commit() -> None:
    """Follow what is pending as soon as the transaction under way has committed; once for each transaction."""
    if not any(follow_some in entry for entry in connection.run_on_commit):
        transaction.on_commit(follow_some, robust=True)


def follow_some() -> None:
    """Follow what an editor's action changed; the rest of a larger change is left to the clock and to searches."""
    _follow(_follow_pages, limit=BATCH)


def follow(advance: Callable[[int], None] = lambda count: None) -> int:
    """Read again the pages that are pending, and those that complete them.

    Args:
        advance: called with the number of pages of each batch done.

    Returns:
        how many pages were read.
    """
    return _follow(lambda count: _follow_pages(count) or _follow_behind(count), advance=advance)


def follow_for(home_path: str, limit: int) -> None:
    """Read again what a search from a home must not miss: about ``limit`` pages, and its own complements."""
    _follow(_follow_pages, limit=limit)
    if page_ids := behind_at(home_path):
        write(page_ids, whole=False)


def _follow(
    step: Callable[[int], int], *, limit: int | None = None, advance: Callable[[int], None] = lambda count: None
) -> int:
    done = 0
    while limit is None or done < limit:
        count = step(BATCH if limit is None else min(BATCH, limit - done))
        if not count:
            break
        done += count
        advance(count)
    return done


@transaction.atomic
def write(page_ids: set[int], *, whole: bool = True) -> None:
    """Read these pages again now, whether or not they are pending; ``whole`` writes those that say the same too."""
    locked = IndexState.objects.select_for_update().get(pk=state().pk)
    Follower(locked, whole=whole).write(page_ids)


@transaction.atomic
def begin_again() -> None:
    """Forget what is gone, and have every machine begin its index again from nothing."""
    locked = IndexState.objects.select_for_update().get(pk=state().pk)
    IndexEntry.objects.filter(gone=True).delete()
    locked.generation, locked.analysis = uuid.uuid4(), analysis.VERSION
    locked.save(update_fields=["generation", "analysis"])


@transaction.atomic
def _follow_pages(count: int) -> int:
    pending = IndexPending.objects.filter(beyond=None)
    if not pending.exists():
        return 0
    locked = IndexState.objects.select_for_update().get(pk=state().pk)
    rows = list(pending.order_by("pk").values_list("pk", "page_id")[:count])
    IndexPending.objects.filter(pk__in=[pk for pk, _page in rows]).delete()
    page_ids = {page_id for _pk, page_id in rows}
    if page_ids:
        Follower(locked).write(page_ids)
    return len(rows)


@transaction.atomic
def _follow_behind(count: int) -> int:
    if not IndexPending.objects.filter(beyond__isnull=False).exists():
        return 0
    locked = IndexState.objects.select_for_update().get(pk=state().pk)
    page_ids = take_behind(count)
    if page_ids:
        Follower(locked).write(page_ids)
    return len(page_ids)


class Follower:
    """Writes the entries of a batch of pages; holds the lock on the state meanwhile."""

    def __init__(self, locked: IndexState, *, whole: bool = False) -> None:
        self.state, self.whole = locked, whole
        self.reader = Reader()
        self._completed_models = {model._meta.model_name for model in searched_models() if may_be_completed(model)}

    def write(self, page_ids: set[int]) -> None:
        """Bring the entries of these pages up to date, and note the pages that change with them."""
        before = IndexEntry.objects.in_bulk(list(page_ids))
        after = {entry.page_id: entry for entry in self.reader.read(page_ids)}
        changed = [entry for pk, entry in after.items() if pk not in before or self._differs(before[pk], entry)]
        gone = [entry for pk, entry in before.items() if pk not in after and not entry.gone]
        # Where a page is completed changes with its complements, not with its text.
        known = {pk: entry.completed_in for pk, entry in before.items() if not (self.whole or entry.gone)}
        homes = completions(entry.page_id for entry in changed if entry.page_id not in known) | known
        for entry in changed:
            entry.completed_in = homes.get(entry.page_id, [])
            entry.vector = vector_of(entry)
        for entry in gone:
            entry.gone, entry.digest, entry.completed_in = True, "", []
            for name in ("text", "title_words", "main_words", "body_words", "joined_words", "spellings", "own_words"):
                setattr(entry, name, "")
            entry.vector = ""
        self._save([*changed, *gone])
        self._follow_complements(before, after, changed, gone)
        self._follow_children(before, changed)
        IndexState.objects.filter(pk=self.state.pk).update(version=self.state.version)

    def _differs(self, before: IndexEntry, after: IndexEntry) -> bool:
        return self.whole or before.gone or before.digest != after.digest

    def _save(self, entries: list[IndexEntry]) -> None:
        for entry in entries:
            self.state.version += 1
            entry.version = self.state.version
        IndexEntry.objects.bulk_create(
            entries, batch_size=500, update_conflicts=True, unique_fields=["page_id"], update_fields=ENTRY_FIELDS
        )

    def _follow_complements(self, before: dict, after: dict, changed: list, gone: list) -> None:
        """Complements follow their national page; a national page knows where it is completed."""
        bases = {entry.base_id for entry in [*before.values(), *after.values()] if entry.base_id}
        stale, homes = [], completions(bases)
        for base in IndexEntry.objects.filter(pk__in=bases, gone=False):
            if base.completed_in != homes.get(base.page_id, []):
                base.completed_in = homes.get(base.page_id, [])
                stale.append(base)
        self._save(stale)
        national = [entry for entry in [*changed, *gone] if entry.home in self.reader.national_paths]
        if completed := {entry.page_id for entry in national if entry.model in self._completed_models}:
            note_behind(completed)

    def _follow_children(self, before: dict, changed: list) -> None:
        """Chapters are filed with their guide and show its title."""
        below = Q()
        for entry in changed:
            old = before.get(entry.page_id)
            if old and (old.title, old.themes, old.audiences) != (entry.title, entry.themes, entry.audiences):
                below |= Q(path__startswith=entry.path)
        if below:
            children = IndexEntry.objects.filter(below, gone=False).exclude(context="")
            note(set(children.values_list("page_id", flat=True)) - {entry.page_id for entry in changed})

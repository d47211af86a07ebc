"""Before anything is changed: what each line would do, and why some would do nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from resources.contacts.importing import cleaning, writing
from resources.contacts.importing.known import Known, Match
from resources.contacts.importing.models import Action, ContactImport, ContactImportRow, State
from resources.contacts.models import ContactPage

CHUNK = 100
_FIELDS = ["values", "problems", "key", "action", "same_as", "match", "changes"]


def step(origin: ContactImport) -> Callable[[ContactImport], None]:
    """A step that compares a hundred lines; what the directory has is read once for all the steps of a request."""
    known, lists = Known.of(origin.section), cleaning.Lists.read()

    def check(current: ContactImport) -> None:
        rows = list(current.rows.filter(line__gt=current.position).order_by("line")[:CHUNK])
        if not rows:
            current.state, current.position = State.READY, 0
            return
        _check(current, rows, known, lists)
        ContactImportRow.objects.bulk_update(rows, _FIELDS)
        current.position = rows[-1].line

    return check


def _check(origin: ContactImport, rows: list[ContactImportRow], known: Known, lists: cleaning.Lists) -> None:
    default = origin.default_category.code if origin.default_category else ""
    for row in rows:
        found = cleaning.clean(row.cells, origin.mapping, lists, default)
        row.values, row.problems = found.values, found.problems
        row.same_as, row.changes, row.match_id, row.key = [], [], None, ""
        row.action = Action.ERROR if found.stop else Action.CREATE
        if not found.stop:
            row.key = cleaning.place_key(found.values["title"], found.values.get("commune", ""))
    usable = [row for row in rows if row.action == Action.CREATE]
    _leave_out_repeated(origin, usable)
    usable = [row for row in usable if row.action == Action.CREATE]
    matches = {row.line: match for row in usable if (match := known.match(row.values))}
    pages = _pages(matches.values())
    for row in usable:
        match = matches.get(row.line)
        if match and match.page_id in pages:
            _compare(origin, row, match, pages[match.page_id])
        elif row.key in known.national_keys:
            row.action = Action.IGNORE
            row.same_as = [_("a national contact of this name and town is already shown on your site")]


def _leave_out_repeated(origin: ContactImport, rows: list[ContactImportRow]) -> None:
    """The second line about one place does nothing: what it would complete is not there yet."""
    earlier = dict(
        origin.rows.filter(key__in=[row.key for row in rows], line__lt=rows[0].line)
        .exclude(action=Action.ERROR)
        .order_by("-line")
        .values_list("key", "line")
        if rows
        else ()
    )
    for row in rows:
        if row.key in earlier:
            row.action = Action.IGNORE
            row.problems = [
                *row.problems,
                _("Same name and same town as line %(line)s of the file.") % {"line": earlier[row.key]},
            ]
        else:
            earlier[row.key] = row.line


def _pages(matches) -> dict[int, ContactPage]:
    """The contacts that lines match, as their editors see them: with the draft that waits, if there is one."""
    rows = ContactPage.objects.filter(pk__in={match.page_id for match in matches}).select_related("category")
    rows = rows.prefetch_related("phones", "opening_slots", "themes")
    return {page.pk: page.get_latest_revision_as_object() if page.has_unpublished_changes else page for page in rows}


def _compare(origin: ContactImport, row: ContactImportRow, match: Match, page: ContactPage) -> None:
    row.match_id, row.same_as = page.pk, match.reasons
    row.changes = writing.differences(page, row.values)
    if not match.is_sure:
        row.action = Action.CREATE
    elif not row.changes:
        row.action = Action.SAME
    elif origin.started_by and not page.permissions_for_user(origin.started_by).can_edit():
        row.action = Action.IGNORE
        row.problems = [*row.problems, _("You may not change this contact: tell your référent.")]
    else:
        row.action = Action.MERGE

"""How complete each groupement is: computed from what is published, never typed.

:func:`matrix` answers for any number of groupements and frames in a fixed number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Count
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Page, PageViewRestriction, Site

from regions.blueprint import GROUPEMENT_HOME_MODEL
from regions.models import Groupement
from regions.places import HOME_DEPTH, HOME_PATH_LENGTH
from resources.frames.answers import WHOLE_PAGE, Answers, Slot, raw_story, read, slots_of
from resources.frames.answers import has_frame_blocks as is_frame
from resources.frames.blocks import SlotKind

FRAME_MODELS = ("GuideChapterPage", "PartnerPage", "StandardPage")


class State(models.TextChoices):
    """Where a groupement stands with a frame."""

    MISSING = "missing", _("to complete")
    PARTIAL = "partial", _("partly done")
    REVIEW = "review", _("to read again")
    COMPLETE = "complete", _("complete")
    NOT_CONCERNED = "not_concerned", _("not concerned")

    @property
    def sign(self) -> str:
        """A mark for the eye beside the word: never alone, and never a colour alone."""
        return _SIGNS[self.value]


_SIGNS = {"missing": "○", "partial": "◐", "review": "↻", "complete": "✓", "not_concerned": "–"}


@dataclass(frozen=True)
class FrameInfo:
    """One published frame of the nation, in one language."""

    page: Any
    slots: tuple[Slot, ...]

    @property
    def required(self) -> list[Slot]:
        return [slot for slot in self.slots if slot.required]


@dataclass
class Cell:
    """One groupement and one frame.

    Attributes:
        required: how many slots have to be answered.
        answered: how many of those are.
        excused: how many of those are left out with a reason: they count as done.
        missing: what is still asked, each slot with how many contacts, events or answers.
        outdated: identifiers of the blocks whose answer is older than a change that asked to read it again.
        left_out: title (or “page”) and reason of each thing left out, slots and optional parts alike.
        complement: primary key of the groupement's page, if it has one.
        has_draft: something written waits to be published.
        oldest: day of the oldest published answer.
    """

    groupement: Groupement
    frame: FrameInfo
    required: int = 0
    answered: int = 0
    excused: int = 0
    missing: list[tuple[Slot, int]] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    not_concerned: str = ""
    complement: int | None = None
    has_draft: bool = False
    oldest: Any = None

    @property
    def done(self) -> int:
        return self.answered + self.excused

    @property
    def state(self) -> State:
        if self.not_concerned:
            return State.NOT_CONCERNED
        if self.outdated:
            return State.REVIEW
        if self.done >= self.required:
            return State.COMPLETE
        return State.PARTIAL if self.done else State.MISSING


@dataclass
class Matrix:
    """Groupements by frames; ``cells`` by (groupement's primary key, national page's primary key)."""

    groupements: list[Groupement]
    frames: list[FrameInfo]
    cells: dict[tuple[int, int], Cell]

    def row(self, groupement: Groupement) -> list[Cell]:
        """The cells of one groupement, in the order of the frames."""
        return [self.cells[groupement.pk, frame.page.pk] for frame in self.frames]

    def column(self, page) -> list[Cell]:
        """The cells of one frame, in the order of the groupements."""
        return [self.cells[groupement.pk, page.pk] for groupement in self.groupements]


DONE = frozenset({State.COMPLETE, State.NOT_CONCERNED})


def is_expected(groupement: Groupement) -> bool:
    """Whether anything is expected of a groupement: not while it is vacant, asleep or being set up."""
    return groupement.status == Groupement.Status.ACTIVE


def count(cells: Iterable[Cell]) -> dict[str, int]:
    """How many cells are in each state, by its code, ``done`` (complete, or not concerned) and ``all``."""
    states = [cell.state for cell in cells]
    return {
        **{state.value: states.count(state) for state in State},
        "done": sum(state in DONE for state in states),
        "all": len(states),
    }


@dataclass
class _Counts:
    """How many contacts and events each home shows: by home and category, by home and theme, by home."""

    contacts: dict[tuple[str, str], int] = field(default_factory=dict)
    events: dict[tuple[str, str], int] = field(default_factory=dict)

    def of(self, slot: Slot, home_path: str) -> int:
        if slot.kind == SlotKind.CONTACTS:
            return sum(self.contacts.get((home_path, code), 0) for code in slot.categories)
        return self.events.get((home_path, slot.theme), 0)


def frames(locale: Locale | None = None) -> list[FrameInfo]:
    """The published frames of the nation in a language, in the order of its tree: five queries."""
    home = _national_home(locale)
    return _frames(home.path, restricted_paths()) if home else []


def _national_home(locale: Locale | None):
    """The national home in a language, or in the usual one."""
    default = Site.objects.filter(is_default_site=True).values("root_page__translation_key")
    language = {"locale": locale} if locale else {"locale__language_code": settings.LANGUAGE_CODE}
    return (
        Page.objects.select_related("locale").filter(translation_key__in=default, depth=HOME_DEPTH, **language).first()
    )


def matrix(groupements: Iterable[Groupement], *, locale: Locale | None = None, page=None) -> Matrix:
    """Where each groupement stands with each frame, in one language.

    Args:
        groupements: those asked about; whether dormant ones are among them is the caller's choice.
        locale: the language; the usual one when not given.
        page: one national page, to ask about it alone.

    At most 15 queries, whatever the number of either.
    """
    groupements = list(groupements)
    national = _national_home(locale)
    if national is None:
        return Matrix(groupements, [], {})
    homes = dict(
        apps.get_model(GROUPEMENT_HOME_MODEL)
        .objects.filter(groupement__in=groupements, locale=national.locale)
        .values_list("groupement_id", "path")
    )
    restricted = restricted_paths()
    found = _frames(national.path, restricted)
    if page is not None:
        found = [info for info in found if info.page.pk == page.pk]
    kept = _complements({info.page.translation_key for info in found}, national.locale)
    counts = _counts({slot.kind for info in found for slot in info.slots}, restricted)
    changes = _changes([info.page.pk for info in found])
    cells = {}
    for groupement in groupements:
        home_path = homes.get(groupement.pk, "-")
        for info in found:
            row = kept.get((home_path, info.page.translation_key))
            cells[groupement.pk, info.page.pk] = _cell(groupement, info, row, counts, home_path, changes)
    return Matrix(groupements, found, cells)


def outdated(given: Answers, changes: Iterable[tuple[int, list[str]]]) -> list[str]:
    """The blocks whose answer was written before a change that asked to read it again.

    Args:
        changes: of each such change, the primary key of the revision that brought it and the blocks touched.
    """
    found = []
    for key, row in {**given.left_out, **given.given}.items():
        if any(key in touched and (row.revision or 0) < revision for revision, touched in changes):
            found.append(key)
    return found


def review_changes(page) -> list[tuple[int, list[str]]]:
    """The published changes of a national page that asked to read one's text again."""
    return _changes([page.pk])[page.pk]


def _cell(groupement, info: FrameInfo, row, counts: _Counts, home_path: str, changes) -> Cell:
    cell = Cell(groupement, info, required=len(info.required))
    given = Answers()
    if row is not None:
        pk, live, has_draft, stream = row
        given = read(stream) if live else given
        cell.complement, cell.has_draft = pk, has_draft or not live
    for slot in info.required:
        answer = given.given.get(slot.id)
        if slot.id in given.left_out:
            cell.excused += 1
            continue
        if slot.is_automatic:
            shown = 0 if answer and answer.emptied else counts.of(slot, home_path)
            lacking = max(0, slot.minimum - shown)
        else:
            lacking = 0 if answer and answer.has_words else 1
        if lacking:
            cell.missing.append((slot, lacking))
        else:
            cell.answered += 1
    cell.left_out = [(left.title or key, left.reason) for key, left in given.left_out.items()]
    whole = given.left_out.get(WHOLE_PAGE)
    cell.not_concerned = whole.reason if whole else ""
    known = {slot.id for slot in info.slots}
    cell.outdated = [key for key in outdated(given, changes[info.page.pk]) if key in known or key in given.left_out]
    cell.oldest = min((answer.written_on for answer in given.given.values() if answer.written_on), default=None)
    return cell


def restricted_paths() -> tuple[str, ...]:
    """Tree paths of the pages reserved to some."""
    return tuple(PageViewRestriction.objects.values_list("page__path", flat=True))


def _frames(home_path: str, restricted: tuple[str, ...]) -> list[FrameInfo]:
    found = []
    for name in FRAME_MODELS:
        for page in apps.get_model("resources", name).objects.filter(path__startswith=home_path, live=True):
            story = raw_story(page.body)
            if is_frame(story) and not page.path.startswith(restricted):
                found.append(FrameInfo(page, tuple(slots_of(story))))
    return sorted(found, key=lambda info: info.page.path)


def _complements(keys: set, locale: Locale) -> dict[tuple, tuple]:
    """The rows of answers, by home and national key: one query for each type."""
    found: dict[tuple, tuple] = {}
    for name in FRAME_MODELS:
        rows = apps.get_model("resources", name).objects.filter(completes__in=keys, locale=locale).order_by("path")
        for path, key, *rest in rows.values_list(
            "path", "completes", "pk", "live", "has_unpublished_changes", "answers"
        ):
            found.setdefault((path[:HOME_PATH_LENGTH], key), tuple(rest))
    return found


def _counts(kinds: set[str], restricted: tuple[str, ...]) -> _Counts:
    """What automatic slots would show at each home."""
    counts = _Counts()
    if SlotKind.CONTACTS in kinds:
        rows = _open(apps.get_model("resources", "ContactPage").objects.filter(live=True), restricted)
        grouped = rows.annotate(home=Left("path", HOME_PATH_LENGTH)).order_by().values("home", "category__code")
        counts.contacts = {(row["home"], row["category__code"]): row["n"] for row in grouped.annotate(n=Count("pk"))}
    if SlotKind.EVENTS in kinds:
        event = apps.get_model("resources", "EventPage")
        rows = _open(event.objects.upcoming().filter(live=True), restricted)
        at_home = rows.annotate(home=Left("path", HOME_PATH_LENGTH)).order_by()
        for row in at_home.values("home").annotate(n=Count("pk")):
            counts.events[row["home"], ""] = row["n"]
        for row in at_home.filter(themes__isnull=False).values("home", "themes__code").annotate(n=Count("pk")):
            counts.events[row["home"], row["themes__code"]] = row["n"]
    return counts


def _open(rows, restricted: tuple[str, ...]):
    for path in restricted:
        rows = rows.exclude(path__startswith=path)
    return rows


def _changes(page_ids: list[int]) -> dict[int, list[tuple[int, list[str]]]]:
    """Of each page, the changes that asked to read one's text again."""
    found: dict[int, list[tuple[int, list[str]]]] = defaultdict(list)
    rows = apps.get_model("resources", "FrameChange").objects.filter(page__in=page_ids, importance="review")
    for page_id, revision, touched in rows.values_list("page_id", "revision_after_id", "touched"):
        found[page_id].append((revision or 0, touched))
    return found

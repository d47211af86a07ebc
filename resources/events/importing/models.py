import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.models import GroupementRecord

KEPT = dt.timedelta(days=30)
# Between two readings of an address; after errors the wait doubles, up to a day.
EVERY, LONGEST_WAIT = dt.timedelta(hours=6), dt.timedelta(days=1)


class State(models.TextChoices):
    """Where an import is."""

    FETCHING = "fetching", _("waits to be read")
    READY = "ready", _("to confirm")
    APPLYING = "applying", _("being carried out")
    DONE = "done", _("carried out")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")
    REFUSED = "refused", _("could not be read")


# What is carried out a little at a time, by the page or by the clock.
RUNNING = (State.APPLYING, State.UNDOING)


class EventSource(GroupementRecord):
    """A partner's calendar: a file that was sent, or an address that the clock reads again."""

    contributors_see_it = True  # whoever writes in the calendar works on it

    section = models.ForeignKey(
        "resources.EventCalendarPage", on_delete=models.CASCADE, related_name="sources", verbose_name=_("calendar")
    )
    title = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=1000, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="event_sources"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # Once somebody carried a reading out, the next ones become drafts by themselves.
    is_confirmed = models.BooleanField(default=False)
    is_paused = models.BooleanField(default=False)
    read_from = models.DateTimeField(null=True)  # the clock reads it from this moment on; empty: never
    last_read_at = models.DateTimeField(null=True)  # read to its end
    last_tried_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)  # in words, of the last try
    failures = models.PositiveIntegerField(default=0)  # in a row
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=200, blank=True)

    class Meta(GroupementRecord.Meta):
        abstract = False
        verbose_name = _("source of events")
        verbose_name_plural = _("sources of events")
        ordering: ClassVar[list[str]] = ["title", "pk"]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(
                fields=["section", "address"], condition=~Q(address=""), name="resources_event_source_once"
            ),
        ]
        indexes: ClassVar[list] = [models.Index(fields=["read_from"], name="resources_source_read")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_followed(self) -> bool:
        """Whether the clock reads it again."""
        return bool(self.address) and not self.is_paused

    @property
    def is_awaited(self) -> bool:
        """Whether it is about to be read."""
        return self.is_followed and self.read_from is not None and self.read_from <= timezone.now()


class EventImport(GroupementRecord):
    """One reading of a source that brought something: what it changes, and the way back. Kept 30 days."""

    contributors_see_it = True

    source = models.ForeignKey(EventSource, on_delete=models.CASCADE, related_name="imports")
    # Empty: the clock, on its own.
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    acting = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    by_itself = models.BooleanField(default=False)
    raw = models.BinaryField(null=True)  # a file that the clock has not read yet
    refusal = models.TextField(blank=True)
    past = models.PositiveIntegerField(default=0)  # events of the calendar that are over
    position = models.PositiveIntegerField(default=0)

    class Meta(GroupementRecord.Meta):
        abstract = False
        verbose_name = _("import of events")
        verbose_name_plural = _("imports of events")
        ordering: ClassVar[list[str]] = ["-started_at", "-pk"]
        indexes: ClassVar[list] = [models.Index(fields=["state", "moved_at"], name="resources_event_import_state")]

    def __str__(self) -> str:
        return self.source.title

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def ends_on(self):
        """The day on which it is deleted, and the way back with it."""
        return timezone.localdate(self.started_at + KEPT)


class Notice(models.TextChoices):
    """What the source says of an event that a person has taken in hand."""

    NOTHING = "", _("nothing new")
    CHANGED = "changed", _("has changed at the source")
    CANCELLED = "cancelled", _("is cancelled at the source")
    GONE = "gone", _("is no longer at the source")


class ImportedEvent(models.Model):
    """An event of a source and the page that was made of it. One row for each, whatever happens to the page.

    ``page`` is empty once somebody deleted it: it is not made again.
    """

    source = models.ForeignKey(EventSource, on_delete=models.CASCADE, related_name="events")
    key = models.CharField(max_length=64)  # of its UID and RECURRENCE-ID
    page = models.OneToOneField(
        "resources.EventPage", on_delete=models.SET_NULL, null=True, related_name="imported", db_constraint=True
    )
    values = models.JSONField(default=dict)  # what the source said last that was written or set aside
    offered = models.JSONField(default=dict)  # what it says now and waits for a decision
    notice = models.CharField(max_length=10, choices=Notice, blank=True, default="")
    noticed_at = models.DateTimeField(null=True)
    revision = models.BigIntegerField(null=True)  # the last version written by an import
    ends_on = models.DateField(null=True)  # its last day; empty when it repeats without end
    # What was set aside by a person and is not told again.
    silenced = models.CharField(max_length=10, choices=Notice, blank=True, default="")

    class Meta:
        verbose_name = _("imported event")
        verbose_name_plural = _("imported events")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["source", "key"], name="resources_imported_event_once"),
        ]
        indexes: ClassVar[list] = [
            models.Index(fields=["source", "notice"], name="resources_imported_notice"),
            models.Index(fields=["key"], name="resources_imported_key"),
        ]

    def __str__(self) -> str:
        return self.values.get("title", "")


class Action(models.TextChoices):
    """What an event of a reading does."""

    CREATE = "create", _("new draft")
    UPDATE = "update", _("updates a draft nobody has touched")
    FLAG = "flag", _("to be decided: you have it already")
    SAME = "same", _("already there, nothing to change")
    IGNORE = "ignore", _("left out")
    ERROR = "error", _("cannot be used")


class Outcome(models.TextChoices):
    """What became of it."""

    WAITING = "", _("waiting")
    CREATED = "created", _("draft created")
    UPDATED = "updated", _("draft updated")
    FLAGGED = "flagged", _("told, to be decided")
    NOTHING = "nothing", _("nothing to do")
    SKIPPED = "skipped", _("could not be done")
    UNDONE = "undone", _("taken back")
    KEPT = "kept", _("edited or published since, kept")


class EventImportRow(models.Model):
    """One event of a reading."""

    origin = models.ForeignKey(EventImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    line = models.PositiveIntegerField(default=0)  # of the file; 0: it is no longer there
    key = models.CharField(max_length=64)
    title = models.CharField(max_length=255, blank=True)
    values = models.JSONField(default=dict)
    problems = models.JSONField(default=list)  # sentences
    changes = models.JSONField(default=list)  # field, before, after
    action = models.CharField(max_length=10, choices=Action)
    notice = models.CharField(max_length=10, choices=Notice, blank=True, default="")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    page = models.ForeignKey("resources.EventPage", on_delete=models.SET_NULL, null=True, related_name="+")
    before = models.JSONField(default=dict)  # the values that an update replaced
    revision_before = models.BigIntegerField(null=True)
    revision_after = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("event of an import")
        verbose_name_plural = _("events of an import")
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["origin", "number"], name="resources_event_row_number"),
        ]
        indexes: ClassVar[list] = [
            models.Index(fields=["origin", "action", "outcome"], name="resources_event_row_state")
        ]

    def __str__(self) -> str:
        return self.title

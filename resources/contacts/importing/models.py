import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from regions.models import GroupementRecord
from regions.models.records import RecordQuerySet
from regions.reach import reach_of


class State(models.TextChoices):
    """Where an import is."""

    READING = "reading", _("being read")
    COLUMNS = "columns", _("columns to name")
    CHECKING = "checking", _("being compared")
    READY = "ready", _("to confirm")
    APPLYING = "applying", _("being carried out")
    DONE = "done", _("carried out")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")
    REFUSED = "refused", _("could not be read")


# What goes on by itself, a little at a time, until it is over.
RUNNING = (State.READING, State.CHECKING, State.APPLYING, State.UNDOING)


class ContactImportQuerySet(RecordQuerySet):
    """Reads of imports."""

    def for_user(self, user) -> "ContactImportQuerySet":
        """Those of the places that a person answers for, and their own where they only write."""
        rows = super().for_user(user)
        if not user.is_authenticated or not user.is_active:
            return rows
        reach = reach_of(user)
        if reach.everything:
            return rows
        # The contributors' are within the base's rows; a référent's answers cover them all.
        seen = Q(started_by=user) | Q(groupement_id__in=reach.answered_groupement_ids)
        return rows.filter(seen | Q(groupement__isnull=True) if reach.holds_nation else seen)

    def running(self) -> "ContactImportQuerySet":
        return self.filter(state__in=RUNNING)


class ContactImport(GroupementRecord):
    """One spreadsheet brought into one directory. Kept 30 days, its file and its rows with it."""

    contributors_see_it = True

    section = models.ForeignKey(
        "resources.ContactListingPage", on_delete=models.CASCADE, related_name="imports", verbose_name=_("directory")
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="contact_imports"
    )
    # In whose name pages are written and taken back: whoever pressed the button last.
    acting = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    # Touched by each step: the clock takes over what nobody has moved for a while.
    moved_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    refusal = models.TextField(blank=True, help_text=_("Why the file was refused, in words for its owner."))

    file_title = models.CharField(_("file"), max_length=255)
    raw = models.BinaryField(null=True)
    form = models.JSONField(default=dict)  # kind, encoding and separator of the file
    headers = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)  # number of a column: code of a field
    default_category = models.ForeignKey(
        "resources.ContactCategory", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    publish = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)  # rows of the file that are not empty
    position = models.PositiveIntegerField(default=0)  # lines read so far, or rows done in the step under way

    objects = ContactImportQuerySet.as_manager()

    class Meta(GroupementRecord.Meta):
        abstract = False
        verbose_name = _("import of contacts")
        verbose_name_plural = _("imports of contacts")
        ordering: ClassVar[list[str]] = ["-started_at", "-pk"]
        indexes: ClassVar[list] = [models.Index(fields=["state", "moved_at"], name="resources_import_state")]

    def __str__(self) -> str:
        return self.file_title

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def ends_on(self):
        """The day on which the file, its rows and the way back are deleted."""
        return timezone.localdate(self.started_at + KEPT)


KEPT = dt.timedelta(days=30)


class Action(models.TextChoices):
    """What a row of the file does."""

    CREATE = "create", _("new contact")
    MERGE = "merge", _("completes a contact")
    SAME = "same", _("already there, nothing to change")
    IGNORE = "ignore", _("left out")
    ERROR = "error", _("cannot be used")


class Outcome(models.TextChoices):
    """What became of a row."""

    WAITING = "", _("waiting")
    CREATED = "created", _("created")
    CHANGED = "changed", _("changed")
    NOTHING = "nothing", _("nothing to do")
    SKIPPED = "skipped", _("could not be done")
    UNDONE = "undone", _("undone")
    KEPT = "kept", _("edited since, kept")


class ContactImportRow(models.Model):
    """One line of the file, what it was understood to say, what is to be done with it and what was."""

    origin = models.ForeignKey(ContactImport, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    problems = models.JSONField(default=list)  # sentences
    key = models.CharField(max_length=64, blank=True, default="")  # of its name and commune
    action = models.CharField(max_length=10, choices=Action, blank=True, default="")
    same_as = models.JSONField(default=list)  # why it is the same place: sentences
    match = models.ForeignKey(
        "resources.ContactPage", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    changes = models.JSONField(default=list)  # field, before, after
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    page = models.ForeignKey("resources.ContactPage", on_delete=models.SET_NULL, null=True, related_name="import_rows")
    # Numbers of revisions: what the page was, and what the import made of it.
    revision_before = models.BigIntegerField(null=True)
    revision_after = models.BigIntegerField(null=True)
    was_published = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        ordering: ClassVar[list[str]] = ["line"]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["origin", "line"], name="resources_import_row_line"),
        ]
        indexes: ClassVar[list] = [
            models.Index(fields=["origin", "key"], name="resources_import_row_key"),
            models.Index(fields=["origin", "action", "outcome"], name="resources_import_row_state"),
        ]

    def __str__(self) -> str:
        return f"{self.line}"


class ContactColumns(models.Model):
    """The columns that a directory's people named last, for files with the same headings."""

    section = models.ForeignKey(
        "resources.ContactListingPage", on_delete=models.CASCADE, related_name="remembered_columns"
    )
    headers_key = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    default_category = models.ForeignKey(
        "resources.ContactCategory", on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("remembered columns")
        verbose_name_plural = _("remembered columns")
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["section", "headers_key"], name="resources_columns_once"),
        ]

    def __str__(self) -> str:
        return self.headers_key[:8]

"""What belongs to an event and is written with it: its documents, and what is different on some of its dates."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable


class EventDocument(Orderable):
    """A document of an event: to read before, to follow during, to keep after."""

    class Phase(models.TextChoices):
        BEFORE = "before", _("before")
        DURING = "during", _("during")
        AFTER = "after", _("after")

    page = ParentalKey("resources.EventPage", on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey(
        "core.Document", on_delete=models.CASCADE, related_name="+", verbose_name=_("document")
    )
    title = models.CharField(_("title shown"), max_length=150, blank=True)
    phase = models.CharField(_("when it serves"), max_length=6, choices=Phase, default=Phase.BEFORE)

    panels: ClassVar[list] = [FieldPanel("document"), FieldRowPanel([FieldPanel("title"), FieldPanel("phase")])]

    class Meta(Orderable.Meta):
        verbose_name = _("document of an event")
        verbose_name_plural = _("documents of an event")

    def __str__(self) -> str:
        return self.title or self.document.title


class EventChange(Orderable):
    """What is different on one date of an event that repeats. ``date`` is the day by the rule (RECURRENCE-ID)."""

    class Kind(models.TextChoices):
        CANCELLED = "cancelled", _("cancelled: shown, struck through")
        MOVED = "moved", _("moved: another day, hour or place")
        NOTE = "note", _("takes place; only something to say")
        LEFT_OUT = "left_out", _("does not exist: not shown at all")

    page = ParentalKey("resources.EventPage", on_delete=models.CASCADE, related_name="changes")
    date = models.DateField(_("date concerned"), help_text=_("The day on which it would take place."))
    kind = models.CharField(_("what happens"), max_length=9, choices=Kind, default=Kind.CANCELLED)
    note = models.CharField(
        _("what visitors read"), max_length=200, blank=True, help_text=_("For example: salle prise ce jour-là.")
    )
    new_date = models.DateField(_("new day"), null=True, blank=True)
    new_time = models.TimeField(_("begins at"), null=True, blank=True)
    new_end_time = models.TimeField(
        _("ends at"), null=True, blank=True, help_text=_("Leave empty for the usual length.")
    )
    place_name = models.CharField(_("other place"), max_length=150, blank=True)

    panels: ClassVar[list] = [
        FieldRowPanel([FieldPanel("date"), FieldPanel("kind")]),
        FieldPanel("note"),
        FieldRowPanel([FieldPanel("new_date"), FieldPanel("new_time"), FieldPanel("new_end_time")]),
        FieldPanel("place_name"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("date that is different")
        verbose_name_plural = _("dates that are different")

    def __str__(self) -> str:
        return f"{self.date} – {self.get_kind_display()}"

    def clean(self) -> None:
        errors = {}
        if self.moves and not (self.new_date or self.new_time or self.place_name):
            errors["new_date"] = _("Say to which day, which hour or which place.")
        if self.kind == self.Kind.NOTE and not self.note:
            errors["note"] = _("Write what visitors should read.")
        if errors:
            raise ValidationError(errors)

    @property
    def leaves_out(self) -> bool:
        return self.kind == self.Kind.LEFT_OUT

    @property
    def moves(self) -> bool:
        return self.kind == self.Kind.MOVED

    @property
    def status(self) -> str:
        """The status of that date, in the words of ``EventPage.Status``."""
        return "cancelled" if self.kind == self.Kind.CANCELLED else "confirmed"

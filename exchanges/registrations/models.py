from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regions.models import GroupementRecord
from regions.models.records import RecordQuerySet
from resources.models import EventPage

MOST_PEOPLE = 10


class RegistrationQuerySet(RecordQuerySet):
    """Reads of registrations."""

    def of(self, event: EventPage, on) -> RegistrationQuerySet:
        """Those of one date of an event; ``event`` is its anchor (:func:`exchanges.registrations.sessions.anchor`)."""
        return self.filter(event_id=event.pk, occurrence_on=on)

    def active(self) -> RegistrationQuerySet:
        """Those that hold a place or wait for one."""
        return self.exclude(state=Registration.State.CANCELLED)

    def seated(self) -> RegistrationQuerySet:
        return self.filter(state=Registration.State.SEATED)

    def waiting(self) -> RegistrationQuerySet:
        """The waiting list, the first first."""
        return self.filter(state=Registration.State.WAITING).order_by("registered_at", "pk")

    def people(self) -> int:
        """How many people come with them."""
        return self.aggregate(total=Sum("count"))["total"] or 0


class Registration(GroupementRecord):
    """A visitor comes to one date of an event, alone or with others. ``groupement`` is the event's.

    Attributes:
        event: the event in the language in which it was written first: its languages share the places.
        occurrence_on: the date by the rule of an event that repeats; empty for one that takes place once.
        starts_at, ends_at, place: what the person was told last; what differs from the event is told again.
        told_off: whether the person was told that the event is called off.
        told_state: the state that the person was told; empty until a message was written.
    """

    class State(models.TextChoices):
        SEATED = "seated", _("registered")
        WAITING = "waiting", _("on the waiting list")
        CANCELLED = "cancelled", _("registration cancelled")

    # One showing of the form, sent with the same words, makes one registration however often it is sent.
    key = models.UUIDField(unique=True, editable=False)
    event = models.ForeignKey(EventPage, on_delete=models.CASCADE, related_name="+", verbose_name=_("event"))
    occurrence_on = models.DateField(_("date"), null=True, blank=True)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"))
    count = models.PositiveSmallIntegerField(
        _("people"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)]
    )
    language = models.CharField(_("language"), max_length=10, default="fr")
    consent_version = models.CharField(_("consent"), max_length=20)
    state = models.CharField(_("state"), max_length=10, choices=State)
    is_present = models.BooleanField(_("came"), default=False)
    registered_at = models.DateTimeField(_("registered on"), default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, editable=False)

    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"), db_index=True)
    place = models.CharField(max_length=400, blank=True, editable=False)
    told_off = models.BooleanField(default=False, editable=False)
    told_state = models.CharField(max_length=10, blank=True, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering: ClassVar[list[str]] = ["registered_at", "pk"]
        indexes: ClassVar[list] = [
            models.Index(fields=["event", "occurrence_on", "state"], name="exchanges_registration_date"),
            models.Index(fields=["groupement", "starts_at"], name="exchanges_registration_place"),
        ]

    def __str__(self) -> str:
        # Written in journals that outlive the registration: nobody is named.
        return gettext("Registration no. %(number)s") % {"number": self.pk}

    @property
    def is_seated(self) -> bool:
        return self.state == self.State.SEATED

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def session_value(self) -> str:
        """Which date of which event, as the screens' addresses say it: ``12`` or ``12_2027-03-02``."""
        return f"{self.event_id}_{self.occurrence_on:%Y-%m-%d}" if self.occurrence_on else str(self.event_id)

    @property
    def state_label(self) -> str:
        return self.get_state_display()

    @property
    def presence_label(self) -> str:
        return gettext("yes") if self.is_present else ""

    @property
    def event_label(self) -> str:
        return self.event.title

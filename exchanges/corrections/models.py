from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from exchanges.corrections.passages import passages
from regions.models import GroupementRecord
from regions.models.records import RecordQuerySet

WORDS_LENGTH = 5000
ANSWER_LENGTH = 1000


class CorrectionQuerySet(RecordQuerySet):
    """Reads of corrections: what a groupement proposed is read there, and by whoever keeps the nation's texts."""

    def for_user(self, user) -> CorrectionQuerySet:
        """Those of the groupements in which the person writes; all of them for the nation."""
        from regions.reach import reach_of

        if user.is_authenticated and user.is_active and reach_of(user).holds_nation:
            return self.all()
        return super().for_user(user)

    def waiting(self) -> CorrectionQuerySet:
        """Those that the nation has still to settle."""
        return self.filter(state__in=Correction.OPEN)


class Correction(GroupementRecord):
    """A groupement proposes another wording, or makes a remark, about one block of a national text.

    Attributes:
        page: the national page in its language; empty once it is deleted: what was proposed stays.
        block: identifier of the block, the same in every version of the page.
        before: the raw block as it was published then.
        proposed: the text proposed for it, as it was typed; empty for a remark alone.
        passages: the same by the path of each text of the block; empty before blocks of several texts were offered.
        keeper_name: who kept the text then, as the page said it.
        drafted_at: when the proposal was last put into a draft of the national page.
    """

    contributors_see_it = True  # whoever writes beside the text may say what is wrong with it

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for an answer")
        LATER = "later", _("kept for later")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    OPEN: ClassVar[tuple[str, ...]] = (State.WAITING, State.LATER)
    ANSWERS: ClassVar[tuple[str, ...]] = (State.ACCEPTED, State.LATER, State.DECLINED)

    # One showing of the form makes one correction however often it is sent.
    key = models.UUIDField(unique=True, editable=False)
    page = models.ForeignKey(
        Page, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("national page")
    )
    page_title = models.CharField(_("national page"), max_length=255)
    keeper_name = models.CharField(_("kept by"), max_length=120, blank=True)
    block = models.CharField(_("passage"), max_length=64)
    before = models.JSONField(default=dict)
    proposed = models.TextField(_("text proposed"), blank=True, max_length=WORDS_LENGTH)
    passages = models.JSONField(default=dict, blank=True, editable=False)
    remark = models.TextField(_("remark"), blank=True, max_length=WORDS_LENGTH)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    sent_at = models.DateTimeField(_("sent on"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    answer = models.TextField(_("answer"), blank=True, max_length=ANSWER_LENGTH)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered on"), null=True, blank=True)
    drafted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed correction")
        verbose_name_plural = _("proposed corrections")
        ordering: ClassVar[list[str]] = ["-sent_at", "-pk"]
        indexes: ClassVar[list] = [
            models.Index(fields=["groupement", "page"], name="exchanges_correction_place"),
            models.Index(fields=["state", "-sent_at"], name="exchanges_correction_state"),
        ]

    def __str__(self) -> str:
        # Written in journals that outlive the row: nobody is named.
        return gettext("Correction no. %(number)s") % {"number": self.pk}

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def typed(self) -> dict[str, str]:
        """The texts of the block that were typed again, by their path: those which a draft can be made of."""
        found = passages(self.before)
        if len(found) == 1 and self.proposed:
            return {found[0].path: self.proposed}
        return self.passages

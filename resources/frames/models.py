"""What makes a page a frame, and the record of what the nation changed in one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page, PreviewableMixin, Revision
from wagtail_localize.fields import BaseTranslatableField, SynchronizedField

from core.fields import StoryField
from core.models import ReviewMixin
from regions import rights
from regions.models import CompletingPage, Groupement
from resources.frames import credits, previews
from resources.frames.admin.forms import FramePageForm
from resources.frames.admin.panels import AnswersPanel, ChangePanel
from resources.frames.answers import Answers, Slot, has_frame_blocks, raw_story, read, slots_of, write
from resources.frames.blocks import PARAGRAPH, AnswersBlock
from resources.frames.merging import Frame, merge


class Importance(models.TextChoices):
    """What a change of the national text asks of the groupements."""

    MINOR = "minor", _("minor: nothing to read again")
    REVIEW = "review", _("to read again")


class FramePage(CompletingPage, ReviewMixin):
    """A type of page that the nation may write as a frame, and that each groupement completes.

    Beside it the type declares a ``body`` whose blocks are a ``FrameStoryBlock``. The nation's page holds the
    slots; a groupement's page that completes it holds ``answers``, and neither uses the other's fields.
    """

    # Other national texts of the page than its body: when they change, every answer may be concerned.
    frame_texts: ClassVar[tuple[str, ...]] = ()
    # The headings under which visitors read them, by name.
    frame_text_titles: ClassVar[dict] = {}
    body: Any  # the types' own field

    owner_name = models.CharField(
        _("kept by"), max_length=120, blank=True, help_text=_("The person who answers for this text (chef de file).")
    )
    owner_role = models.CharField(_("role of that person"), max_length=120, blank=True)
    # Written on the screen “Trame commune”; the ordinary form shows it and never touches it.
    answers = StoryField(AnswersBlock(), blank=True, editable=False, verbose_name=_("answers to the national text"))
    # What the next publication says to the groupements: kept in the draft, so that it waits with it.
    change_importance = models.CharField(_("this change is"), max_length=6, choices=Importance, blank=True)
    change_note = models.CharField(
        _("in a word"),
        max_length=300,
        blank=True,
        help_text=_("What changes and why, for those who will read their text again."),
    )

    # Which groupements helped with the text: see `credits.py`. In the row alone, never in a version.
    credits = models.JSONField(default=list, blank=True, editable=False)

    exclude_fields_in_copy: ClassVar[list[str]] = ["credits"]
    base_form_class = FramePageForm
    frame_panels: ClassVar[list] = [
        AnswersPanel("answers"),
        ChangePanel([FieldPanel("change_importance"), FieldPanel("change_note")], heading=_("What this change asks")),
        MultiFieldPanel([FieldRowPanel([FieldPanel("owner_name"), FieldPanel("owner_role")])], heading=_("Kept by")),
        *ReviewMixin.review_panels,
    ]
    override_translatable_fields: ClassVar[list] = [
        SynchronizedField("owner_name"),
        SynchronizedField("checked_by"),
        # Neither translated nor copied: what is said of a change is said in one language at a time.
        BaseTranslatableField("change_importance"),
        BaseTranslatableField("change_note"),
        BaseTranslatableField("credits"),
    ]

    class Meta:
        abstract = True

    # --- As the nation writes it --------------------------------------------------------------------

    @property
    def is_the_nations(self) -> bool:
        """Whether the page is, or is about to be, below a national home."""
        parent = self if self.path else getattr(self, "_parent_for_form", None)
        return parent is not None and parent.path.startswith(tuple(home.path for home in rights.national_homes()))

    @cached_property
    def slots(self) -> list[Slot]:
        """The slots of the national page, in its order."""
        return slots_of(raw_story(self.body))

    @property
    def is_frame(self) -> bool:
        """Whether its text leaves something to the groupements."""
        return has_frame_blocks(raw_story(self.body))

    @property
    def national_texts(self) -> list[dict]:
        """The other national texts of the page than its body, as visitors read them before it."""
        titles = self.frame_text_titles
        texts = ((name, getattr(self, name)) for name in self.frame_texts)
        return [{"name": name, "title": titles[name], "text": text} for name, text in texts if text]

    def national_block(self, key: str) -> dict | None:
        """One raw block of the national text by its identifier; ``None`` when there is no such block.

        A text of the page that is not in its body is told as a paragraph whose identifier is its field's name.
        """
        if key in self.frame_texts:
            return {"id": key, "type": PARAGRAPH, "value": getattr(self, key)}
        return next((block for block in raw_story(self.body) if block["id"] == key), None)

    def put_national_block(self, block: dict) -> None:
        """Have the page hold a raw block instead of the one of its identifier, or else at the end of its body."""
        key = block["id"]
        if key in self.frame_texts:
            setattr(self, key, block["value"])
            return
        story = raw_story(self.body)
        is_there = any(row["id"] == key for row in story)
        story = [block if row["id"] == key else row for row in story] if is_there else [*story, block]
        self.body = self.body.stream_block.to_python(story)

    @property
    def keeper(self):
        """Who answers for the text: the page itself, or the page above it that says so."""
        return self if self.owner_name else self.keeper_above or self

    @property
    def keeper_above(self):
        """The page above, where it may answer for the text of this one; ``None`` elsewhere."""
        return None

    def begin_change(self) -> None:
        """Forget what was said of the last change, unless a draft waits of which it was said."""
        if not self.has_unpublished_changes:
            self.change_importance = self.change_note = ""

    def clean(self):
        super().clean()
        if self.is_frame and not self.is_the_nations:
            words = _("“Left to the groupements” and “Part that may be left out” are for the nation’s pages only.")
            raise ValidationError({"body": words})
        if self.change_importance == Importance.REVIEW and not self.change_note.strip():
            raise ValidationError({"change_note": _("Say in a word what the groupements have to read again.")})

    @property
    def thanks(self) -> str:
        """A sentence that names the groupements whose corrections were accepted; empty when there are none."""
        return credits.sentence(self)

    def with_content_json(self, content):
        page = super().with_content_json(content)
        page.credits = self.credits
        return page

    # --- As a groupement answers it -----------------------------------------------------------------

    @cached_property
    def given(self) -> Answers:
        """The answers that this local page holds."""
        return read(self.answers)

    def set_answers(self, given: Answers) -> None:
        """Have this local page hold these answers; saving is the caller's."""
        field = self._meta.get_field("answers")
        self.answers = field.stream_block.to_python(write(given))
        self.__dict__.pop("given", None)

    # --- As visitors read it ------------------------------------------------------------------------

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | {"frame": self.merged(context["complement"], context["place"])}

    def merged(self, complement, place) -> Frame | None:
        """What is read at a place: ``None`` when the page is no frame, and its body is all there is."""
        return merge(self, complement, place) if self.is_frame else None

    @property
    def preview_modes(self):
        return [*PreviewableMixin.DEFAULT_PREVIEW_MODES, *previews.modes(self)]

    def make_preview_request(self, original_request=None, preview_mode=None, extra_request_attrs=None):
        choice = previews.choose(self, original_request, preview_mode)
        extra = (extra_request_attrs or {}) | ({"frame_choice": choice} if choice else {})
        return super().make_preview_request(original_request, preview_mode, extra)

    def serve_preview(self, request, mode_name):
        return previews.serve(self, request) or super().serve_preview(request, mode_name)


class FrameChange(models.Model):
    """One published change of a national text that groupements complete. Written by the publication itself.

    Attributes:
        changed: identifiers of the blocks that were added, reworded or taken out.
        touched: identifiers of the slots and optional parts that the change may concern.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="frame_changes", verbose_name=_("page"))
    published_at = models.DateTimeField(_("published at"), default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    revision_before = models.ForeignKey(Revision, on_delete=models.SET_NULL, null=True, related_name="+")
    revision_after = models.ForeignKey(Revision, on_delete=models.SET_NULL, null=True, related_name="+")
    importance = models.CharField(_("importance"), max_length=6, choices=Importance, default=Importance.MINOR)
    word = models.CharField(_("in a word"), max_length=300, blank=True)
    changed = models.JSONField(default=list)
    touched = models.JSONField(default=list)

    class Meta:
        verbose_name = _("change of a national text")
        verbose_name_plural = _("changes of national texts")
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes: ClassVar[list] = [models.Index(fields=["page", "importance"])]

    def __str__(self) -> str:
        return f"{self.page_id} – {self.published_at:%Y-%m-%d}"


class FrameLook(models.Model):
    """How far a groupement has read what the nation changed: up to which change, in which language."""

    groupement = models.ForeignKey(Groupement, on_delete=models.CASCADE, related_name="+")
    locale = models.ForeignKey("wagtailcore.Locale", on_delete=models.CASCADE, related_name="+")
    change = models.PositiveBigIntegerField(default=0)
    looked_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("reading of the national changes")
        verbose_name_plural = _("readings of the national changes")
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["groupement", "locale"], name="resources_one_look")
        ]

    def __str__(self) -> str:
        return f"{self.groupement_id} – {self.change}"

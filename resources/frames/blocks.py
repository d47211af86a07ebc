"""The blocks of a frame: what the nation leaves to the groupements, and what they answer."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock

from core.blocks import StoryBlock
from core.blocks.text import RICH_TEXT_FEATURES
from resources.reference import ContactCategory, Theme

GROUP_FRAME = _("For the groupements")
SLOT, OPTIONAL, PARAGRAPH = "local_slot", "optional", "rich_text"
ANSWER, LEFT_OUT = "answer", "left_out"
FRAME_BLOCKS = frozenset({SLOT, OPTIONAL})


class SlotKind(models.TextChoices):
    """What a groupement is asked for."""

    TEXT = "text", _("a text")
    CONTACTS = "contacts", _("contacts of its directory")
    EVENTS = "events", _("its next events")
    PERSON = "person", _("a person to reach")
    DOCUMENT = "document", _("a document")


# They fill themselves from what the groupement has published.
AUTOMATIC = frozenset({SlotKind.CONTACTS.value, SlotKind.EVENTS.value})


def category_choices() -> list[tuple[str, str]]:
    return [(row.code, row.label) for row in ContactCategory.objects.all()]


def theme_choices() -> list[tuple[str, str]]:
    return [(row.code, row.label) for row in Theme.objects.all()]


class _CodesOfList:
    """A choice among the rows of a closed list, by their codes: what is stored is read without asking the list."""

    def normalize_choice(self, value):
        return value


class CategoriesBlock(_CodesOfList, blocks.MultipleChoiceBlock):
    """Some contact categories."""


class ThemeBlock(_CodesOfList, blocks.ChoiceBlock):
    """A theme, or none."""


class LocalSlotBlock(blocks.StructBlock):
    """A place that the nation leaves to each groupement. Codes of categories and themes never change."""

    title = blocks.CharBlock(
        label=_("Title shown"), max_length=150, help_text=_("Visitors read it above the groupement’s answer.")
    )
    kind = blocks.ChoiceBlock(label=_("What is asked for"), choices=SlotKind.choices, default=SlotKind.TEXT)
    required = blocks.BooleanBlock(
        label=_("Each groupement has to answer"), required=False, help_text=_("Otherwise it answers if it wishes.")
    )
    prompt = blocks.TextBlock(
        label=_("What you ask the groupement"), help_text=_("Visitors never see it. Short, and one thing at a time.")
    )
    example = blocks.TextBlock(
        label=_("Example"), required=False, help_text=_("An answer as you would like to read it.")
    )
    categories = CategoriesBlock(
        label=_("Categories of contacts"),
        choices=category_choices,
        required=False,
        help_text=_("For contacts only: the groupement’s contacts of these categories are shown by themselves."),
    )
    theme = ThemeBlock(
        label=_("Theme of the events"),
        choices=theme_choices,
        required=False,
        help_text=_("For events only. Empty: all the groupement’s next events."),
    )
    minimum = blocks.IntegerBlock(
        label=_("How many at least"),
        min_value=1,
        max_value=20,
        default=1,
        required=False,
        help_text=_("For contacts and events: with fewer, the groupement is told what is missing."),
    )

    def clean(self, value):
        cleaned = super().clean(value)
        if cleaned["kind"] == SlotKind.CONTACTS and not cleaned["categories"]:
            words = _("Choose at least one category: its contacts are shown by themselves.")
            raise StructBlockValidationError(block_errors={"categories": ValidationError(words)})
        return cleaned

    def get_searchable_content(self, value):
        """Nothing: what is asked of the groupements is not what visitors look for."""
        return []

    class Meta:
        label = _("Left to the groupements")
        icon = "group"
        group = GROUP_FRAME
        template = "blocks/local_slot.html"
        preview_value = {
            "title": "Nos contacts pour le logement",
            "kind": "text",
            "required": True,
            "prompt": "Qui appeler chez vous, et quand ?",
            "example": "Le bureau logement de la base, le matin.",
            "categories": [],
            "theme": "",
            "minimum": 1,
        }


class OptionalPartBlock(blocks.StructBlock):
    """A part of the national text that a groupement may leave out, giving a reason."""

    title = blocks.CharBlock(label=_("Title of the part"), max_length=150)
    body = StoryBlock(label=_("Text"))

    class Meta:
        label = _("Part that a groupement may leave out")
        icon = "view"
        group = GROUP_FRAME
        template = "blocks/optional.html"
        preview_value = {
            "title": "Si vous vivez en base",
            "body": [{"type": "rich_text", "value": "<p>Le bureau logement vous reçoit.</p>", "id": "o1"}],
        }


class FrameStoryBlock(StoryBlock):
    """The body of the pages that may be frames; the last two blocks are for the nation's pages alone."""

    local_slot = LocalSlotBlock()
    optional = OptionalPartBlock()


class _KeptBlock(blocks.StructBlock):
    """What an answer and a part left out have in common: which national block, as it was then."""

    slot = blocks.CharBlock(label=_("Block"))
    title = blocks.CharBlock(label=_("Title"), required=False)
    written_on = blocks.DateBlock(label=_("Written on"), required=False)
    revision = blocks.IntegerBlock(label=_("National version"), required=False)
    digest = blocks.CharBlock(label=_("Mark of the national block"), required=False)


class AnswerBlock(_KeptBlock):
    """A groupement's answer to one slot."""

    kind = blocks.CharBlock(label=_("Kind"))
    text = blocks.RichTextBlock(label=_("Text"), features=RICH_TEXT_FEATURES, required=False)
    person_name = blocks.CharBlock(label=_("Name"), required=False)
    person_role = blocks.CharBlock(label=_("Role"), required=False)
    person_phone = blocks.CharBlock(label=_("Phone"), required=False)
    person_email = blocks.CharBlock(label=_("E-mail"), required=False)
    document = DocumentChooserBlock(label=_("Document"), required=False)
    pinned = blocks.ListBlock(
        blocks.PageChooserBlock(page_type=["resources.ContactPage", "resources.EventPage"]),
        label=_("Shown first"),
        required=False,
    )
    emptied = blocks.BooleanBlock(label=_("Nothing shown"), required=False)

    class Meta:
        label = _("Answer")
        icon = "edit"

    def get_searchable_content(self, value):
        """The words of the groupement, and its person's name."""
        own = [self.child_blocks[name] for name in ("text", "person_name", "person_role")]
        return [
            found
            for block in own
            for found in block.get_searchable_content(value.get(block.name))
            if value.get(block.name)
        ]


class LeftOutBlock(_KeptBlock):
    """A part, a slot or (with ``slot`` = “page”) the whole page that a groupement leaves out, and why."""

    reason = blocks.TextBlock(label=_("Reason"))

    class Meta:
        label = _("Left out")
        icon = "no-view"

    def get_searchable_content(self, value):
        return []


class AnswersBlock(blocks.StreamBlock):
    """What a groupement answers to one national page."""

    answer = AnswerBlock()
    left_out = LeftOutBlock()

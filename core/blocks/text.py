"""Blocks of text: headings, paragraphs, call-outs, steps, quotations, questions and answers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

# What rich text may hold, here and everywhere in the project.
RICH_TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]
GROUP_TEXT = _("Text")
GROUP_HIGHLIGHT = _("Highlight")


class HeadingBlock(blocks.StructBlock):
    """A heading inside the body; the page's title is the only first-level heading."""

    text = blocks.CharBlock(label=_("Heading"), max_length=150)
    level = blocks.ChoiceBlock(
        label=_("Level"),
        choices=[("h2", _("Part")), ("h3", _("Sub-part"))],
        default="h2",
        required=True,
        search_index=False,
    )

    class Meta:
        label = _("Heading")
        icon = "title"
        group = GROUP_TEXT
        template = "blocks/heading_block.html"
        preview_value = {"text": "Avant de décider", "level": "h2"}


class ParagraphBlock(blocks.RichTextBlock):
    """Paragraphs and lists."""

    def __init__(self, **kwargs):
        super().__init__(**{"features": RICH_TEXT_FEATURES, **kwargs})

    class Meta:
        label = _("Text")
        icon = "pilcrow"
        group = GROUP_TEXT
        template = "blocks/rich_text.html"
        preview_value = "<p>Parlez-en d'abord à un camarade qui l'a vécu.</p>"


class CalloutBlock(blocks.StructBlock):
    """A framed remark: good to know, warning, advice."""

    tone = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=[("info", _("Good to know")), ("attention", _("Warning")), ("tip", _("Advice"))],
        default="info",
        search_index=False,
    )
    title = blocks.CharBlock(label=_("Title"), max_length=120, required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=RICH_TEXT_FEATURES)

    class Meta:
        label = _("Call-out")
        icon = "info-circle"
        group = GROUP_HIGHLIGHT
        template = "blocks/callout.html"
        preview_value = {"tone": "tip", "title": "Le conseil", "text": "<p>Gardez une trace de vos échanges.</p>"}


class StepBlock(blocks.StructBlock):
    """One step of a procedure."""

    title = blocks.CharBlock(label=_("Step"), max_length=150)
    text = blocks.RichTextBlock(label=_("Text"), features=RICH_TEXT_FEATURES, required=False)

    class Meta:
        label = _("Step")
        icon = "order"


class StepsBlock(blocks.StructBlock):
    """A numbered procedure."""

    title = blocks.CharBlock(label=_("Title"), max_length=150, required=False)
    steps = blocks.ListBlock(StepBlock(), label=_("Steps"), min_num=1)

    class Meta:
        label = _("Steps")
        icon = "list-ol"
        group = GROUP_HIGHLIGHT
        template = "blocks/steps.html"
        preview_value = {
            "title": "En trois temps",
            "steps": [{"title": "Écrire", "text": "<p>Notez ce que vous savez faire.</p>"}],
        }


class QuoteBlock(blocks.StructBlock):
    """Somebody's words."""

    text = blocks.TextBlock(label=_("Quotation"))
    author = blocks.CharBlock(label=_("Author"), max_length=120, required=False)
    role = blocks.CharBlock(label=_("Role"), max_length=120, required=False)

    class Meta:
        label = _("Quotation")
        icon = "openquote"
        group = GROUP_HIGHLIGHT
        template = "blocks/quote.html"
        preview_value = {"text": "On n'avance jamais seul.", "author": "Un référent", "role": ""}


class QuestionBlock(blocks.StructBlock):
    """One question and its answer."""

    question = blocks.CharBlock(label=_("Question"), max_length=200)
    answer = blocks.RichTextBlock(label=_("Answer"), features=RICH_TEXT_FEATURES)

    class Meta:
        label = _("Question")
        icon = "help"


class AccordionBlock(blocks.StructBlock):
    """Questions whose answers open one by one; printed open."""

    title = blocks.CharBlock(label=_("Title"), max_length=150, required=False)
    items = blocks.ListBlock(QuestionBlock(), label=_("Questions"), min_num=1)

    class Meta:
        label = _("Questions and answers")
        icon = "help"
        group = GROUP_HIGHLIGHT
        template = "blocks/accordion.html"
        preview_value = {
            "title": "Questions fréquentes",
            "items": [{"question": "Quand commencer ?", "answer": "<p>Deux ans avant le départ.</p>"}],
        }

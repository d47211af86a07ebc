"""The one StreamBlock that pages use for their body."""

from __future__ import annotations

from wagtail import blocks

from core.blocks.media import ContactCardBlock, DocumentBlock, EmbedBlock, ImageFigureBlock
from core.blocks.text import AccordionBlock, CalloutBlock, HeadingBlock, ParagraphBlock, QuoteBlock, StepsBlock


class StoryBlock(blocks.StreamBlock):
    """A page's body, block by block."""

    heading_block = HeadingBlock()
    rich_text = ParagraphBlock()
    callout = CalloutBlock()
    steps = StepsBlock()
    quote = QuoteBlock()
    accordion = AccordionBlock()
    image_block = ImageFigureBlock()
    document_block = DocumentBlock()
    contact_card = ContactCardBlock()
    embed = EmbedBlock()

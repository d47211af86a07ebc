"""Blocks that show something of the media library or of another site."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from core.blocks.text import RICH_TEXT_FEATURES

GROUP_MEDIA = _("Images and files")


class PictureBlock(ImageChooserBlock):
    """An image of the library. Those of a text are read at once, and so are their copies."""

    def bulk_to_python(self, values):
        """Read copies of every size: what was not read with an image Wagtail makes, and the editor draws others."""
        images = super().bulk_to_python(values)
        copies = Prefetch("renditions", to_attr="prefetched_renditions")  # as ``prefetch_renditions`` would
        prefetch_related_objects([image for image in images if image], copies)
        return images


class ImageFigureBlock(blocks.StructBlock):
    """An image with its alternative text, unless it only decorates."""

    image = PictureBlock(label=_("Image"))
    alt_text = blocks.CharBlock(
        label=_("Alternative text"),
        max_length=255,
        required=False,
        help_text=_("What the image shows, for those who cannot see it."),
    )
    decorative = blocks.BooleanBlock(label=_("The image only decorates"), required=False)
    caption = blocks.CharBlock(label=_("Caption"), max_length=255, required=False)

    def clean(self, value):
        cleaned = super().clean(value)
        if not cleaned["decorative"] and not cleaned["alt_text"].strip():
            raise StructBlockValidationError(
                block_errors={
                    "alt_text": ValidationError(_("Describe the image, or tick “The image only decorates”.")),
                }
            )
        return cleaned

    class Meta:
        label = _("Image")
        icon = "image"
        group = GROUP_MEDIA
        template = "blocks/image_block.html"
        preview_value = {"alt_text": "", "decorative": True, "caption": "", "image": None}


class DocumentBlock(blocks.StructBlock):
    """A file to download, with its size and kind."""

    document = DocumentChooserBlock(label=_("Document"))
    title = blocks.CharBlock(label=_("Title shown"), max_length=150, required=False)

    class Meta:
        label = _("Document")
        icon = "doc-full"
        group = GROUP_MEDIA
        template = "blocks/document_block.html"
        preview_value = {"title": "Fiche-action", "document": None}


class ContactCardBlock(blocks.StructBlock):
    """The card of a contact of the directory, kept up to date by itself."""

    contact = blocks.PageChooserBlock(label=_("Contact"), page_type="resources.ContactPage")
    note = blocks.CharBlock(label=_("Note"), max_length=200, required=False)

    def get_context(self, value, parent_context=None):
        """Say whether the contact has been reserved to some since it was put here: then it is not shown."""
        context = super().get_context(value, parent_context)
        place, contact = context.get("place"), value.get("contact")
        if contact and place:
            context["is_reserved"] = contact.path.startswith(place.restricted_paths)
        else:  # shown where nobody said from which place
            context["is_reserved"] = bool(contact and contact.get_view_restrictions().exists())
        return context

    class Meta:
        label = _("Contact card")
        icon = "user"
        group = GROUP_MEDIA
        template = "blocks/contact_card.html"
        preview_value = {"contact": None, "note": "Sur rendez-vous"}


class EmbedBlock(blocks.StructBlock):
    """A film or a sound kept on another site: nothing is asked of that site before a click."""

    url = blocks.URLBlock(label=_("Address"), help_text=_("Address of the page of the film or sound."))
    title = blocks.CharBlock(label=_("Title"), max_length=150)
    transcript = blocks.RichTextBlock(label=_("Transcript"), features=RICH_TEXT_FEATURES, required=False)

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        context["provider"] = urlsplit(value.get("url") or "").hostname or ""
        return context

    class Meta:
        label = _("Film or sound")
        icon = "media"
        group = GROUP_MEDIA
        template = "blocks/embed.html"
        preview_value = {"url": "https://example.org/film", "title": "Un café reconversion", "transcript": ""}

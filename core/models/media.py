from collections.abc import Iterable
from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import ItemBase, TagBase
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition

from core.together import read_together


class NationalTag(TagBase):
    """A key word of the national list.

    The list is closed: Wagtail completes tags across the whole installation, so a free tag typed by
    one groupement would be read by all others.
    """

    free_tagging = False

    class Meta:
        verbose_name = _("key word")
        verbose_name_plural = _("key words")
        ordering: ClassVar[list[str]] = ["name"]


class TaggedImage(ItemBase):
    """A key word put on an image."""

    tag = models.ForeignKey(NationalTag, on_delete=models.CASCADE, related_name="tagged_images")
    content_object = models.ForeignKey("core.Image", on_delete=models.CASCADE, related_name="tagged_items")


class TaggedDocument(ItemBase):
    """A key word put on a document."""

    tag = models.ForeignKey(NationalTag, on_delete=models.CASCADE, related_name="tagged_documents")
    content_object = models.ForeignKey("core.Document", on_delete=models.CASCADE, related_name="tagged_items")


def uploader(related_name: str) -> models.ForeignKey:
    """Wagtail's own field, under a reverse name that its stock image and document models do not take."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by user"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name=related_name,
    )


class TidyFileMixin:
    """A row and its file: neither is left without the other when the writing fails."""

    def save(self, *args, **kwargs):
        is_new, writes_file = self._state.adding, bool(self.file) and not self.file._committed
        try:
            with transaction.atomic():
                super().save(*args, **kwargs)
        except Exception:
            if self.file and self.file._committed and (is_new or writes_file):
                self.file.storage.delete(self.file.name)
            raise


class Image(TidyFileMixin, AbstractImage):
    """An image of the media library, with the text that says what it shows and whose it is."""

    alt_text = models.CharField(
        _("alternative text"),
        max_length=255,
        blank=True,
        help_text=_("What the image shows, for those who cannot see it."),
    )
    credit = models.CharField(_("credit"), max_length=255, blank=True)
    uploaded_by_user = uploader("uploaded_images")
    tags = TaggableManager(blank=True, through=TaggedImage, verbose_name=_("key words"))

    admin_form_fields = ("title", "alt_text", "credit", "file", "collection", "tags")

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    @property
    def default_alt_text(self) -> str:
        return self.alt_text or self.description


def resized(field: str, *sizes: str) -> models.Prefetch:
    """Fetch the images of a list with their copies of these sizes: two queries, however long the list."""
    return models.Prefetch(field, queryset=Image.objects.prefetch_renditions(*sizes))


def attach_resized(*lists: tuple[Iterable[models.Model], str, str], besides: Iterable[models.QuerySet] = ()) -> None:
    """Give the pages of several lists their images, with their copies: one query for all the lists together.

    Args:
        lists: each the pages, the name of the field of their image, and the size it is shown in.
        besides: what is asked beside them, to be read with them.
    """
    wanted = [(page, field) for pages, field, _size in lists for page in pages if getattr(page, f"{field}_id")]
    sizes = {size for _pages, _field, size in lists}
    numbers = {getattr(page, f"{field}_id") for page, field in wanted}
    originals = Image.objects.filter(pk__in=numbers)
    copies = Rendition.objects.filter(image_id__in=numbers, filter_spec__in=sizes)
    read_together(originals, copies, *besides)
    images = {image.pk: image for image in originals}
    for image in images.values():
        image.prefetched_renditions = []  # as ``prefetch_renditions`` would
    for copy in copies:
        copy.image = images[copy.image_id]
        copy.image.prefetched_renditions.append(copy)
    for page, field in wanted:
        setattr(page, field, images.get(getattr(page, f"{field}_id")))


class Rendition(AbstractRendition):
    """A resized copy of an image, made by Wagtail."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="core_rendition_unique"),
        ]


class Document(TidyFileMixin, AbstractDocument):
    """A file of the media library."""

    credit = models.CharField(_("credit"), max_length=255, blank=True)
    uploaded_by_user = uploader("uploaded_documents")
    tags = TaggableManager(blank=True, through=TaggedDocument, verbose_name=_("key words"))

    admin_form_fields = ("title", "file", "collection", "credit", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

"""The forms by which images and documents come in, in the library, in choosers and several at once."""

from __future__ import annotations

from django.db import transaction
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from core.uploads.documents import DocumentFileField
from core.uploads.images import ImageFileField
from core.uploads.room import check_room


class _FileForm:
    """Puts a field that reads the whole file in the place of Wagtail's, and keeps the former file till the end."""

    file_field: type

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            own = {"label": field.label, "required": field.required, "widget": field.widget}
            self.fields["file"] = self.file_field(**own, max_length=field.max_length, initial=field.initial)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if "file" in self.changed_data:
            check_room(file.size)
        return file

    def save(self, commit=True):
        """Write the row and the file; the file that they replace goes only when all is written."""
        if not commit:
            return super().save(commit=False)
        former, self.original_file = self.original_file, None
        saved = super().save()
        if "file" in self.changed_data and former:
            transaction.on_commit(lambda: former.storage.delete(former.name))
        return saved


class ImageForm(_FileForm, BaseImageForm):
    """An image."""

    file_field = ImageFileField

    def save(self, commit=True):
        image = super().save(commit)
        if commit and "file" in self.changed_data:
            image.renditions.all().delete()
        return image


class DocumentForm(_FileForm, BaseDocumentForm):
    """A document."""

    file_field = DocumentFileField

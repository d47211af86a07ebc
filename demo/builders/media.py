"""Documents and images of the demonstration, each in the collection of whoever owns it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from django.core.files import File

from core.models import Document, Image
from demo.errors import ContentError
from demo.sources import FILES, read_table
from regions.models import Groupement, NationalOffice

NATION = "nation"


class Media:
    """Puts a file in the library the first time that something shows it."""

    def __init__(self) -> None:
        self._documents: dict[str, Document] = {}
        self._images: dict[str, Image] = {}

    @cached_property
    def _library(self) -> dict[str, dict]:
        """The resource that presents each file: its owner and its title are the file's."""
        return {row["file"]: row for row in read_table("resources")["resources"] if row.get("file")}

    def document(self, name: str, *, user) -> Document:
        """Return the document of that file name; a référent uses the nation's where the nation has it."""
        if name not in self._documents:
            row = self._library.get(name)
            if row is None:
                raise ContentError(f"demo/files/{name}", 0, "no resource presents this file")
            collection = self.collection(row["owner"])
            found = Document.objects.filter(collection=collection, title=row["title"]).first()
            self._documents[name] = found or self._add_document(name, row["title"], collection, user)
        return self._documents[name]

    def image(self, name: str, *, title: str, alt_text: str, owner: str, user) -> Image:
        """Return the image of that file name, in the collection of ``owner``."""
        if name not in self._images:
            collection = self.collection(owner)
            found = Image.objects.filter(collection=collection, title=title).first()
            self._images[name] = found or self._add_image(name, title, alt_text, collection, user)
        return self._images[name]

    @staticmethod
    def collection(owner: str):
        """The media library of the nation, or of a groupement."""
        if owner == NATION:
            return NationalOffice.load().collection
        return Groupement.objects.get(code=owner).collection

    @staticmethod
    def _add_document(name: str, title: str, collection, user) -> Document:
        with _open(FILES / name) as content:
            document = Document(title=title, collection=collection, uploaded_by_user=user)
            document.file.save(name, content, save=False)
            document._set_document_file_metadata()
            document.save()
            document.file.close()
        return document

    @staticmethod
    def _add_image(name: str, title: str, alt_text: str, collection, user) -> Image:
        with _open(FILES / "images" / name) as content:
            image = Image(title=title, alt_text=alt_text, collection=collection, uploaded_by_user=user)
            image.file.save(name, content, save=False)
            image._set_image_file_metadata()
            image.save()
            image.file.close()
        return image


def _open(path: Path) -> File:
    if not path.is_file():
        raise ContentError(path, 0, "this file does not exist")
    return File(path.open("rb"), name=path.name)

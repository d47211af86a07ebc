"""Files that people send, by the forms of the editing screens: what is not sound is refused, and leaves nothing."""

from __future__ import annotations

import errno
import html
import io
import json
import zipfile
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.db.models.sql.compiler import SQLInsertCompiler
from django.urls import reverse
from openpyxl import Workbook
from PIL import Image as Picture
from wagtail.models import UploadedFile

from core.models import Document, Image
from core.uploads import room
from tests.factories import catalogue, pages
from tests.fuzz import media as hostile

XHR = {"x-requested-with": "XMLHttpRequest"}


def drawn(kind: str = "PNG", frames: int = 1) -> bytes:
    raw = io.BytesIO()
    pictures = [Picture.new("RGB", (8, 6), (number % 256, 10, 10)) for number in range(frames)]
    extra = {"save_all": True, "append_images": pictures[1:]} if frames > 1 else {}
    pictures[0].save(raw, kind, **extra)
    return raw.getvalue()


def zipped(*parts: tuple[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return raw.getvalue()


def workbook() -> bytes:
    raw = io.BytesIO()
    book = Workbook()
    book.active.append(["Nom", "Commune"])
    book.save(raw)
    return raw.getvalue()


def kept() -> set[str]:
    """Every file that people sent; the copies of images that screens show aside."""
    root = Path(django_settings.MEDIA_ROOT)
    found = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    return {name for name in found if not name.startswith("images/")}


def said(response) -> str:
    """What an answer says, page or JSON."""
    text = response.content.decode()
    if "json" in response["Content-Type"]:
        text = json.dumps(response.json(), ensure_ascii=False)
    return html.unescape(text)


class Library:
    """One of the two libraries, through each of its forms."""

    def __init__(self, client, collection, model) -> None:
        self.client, self.collection, self.model = client, collection, model
        self.kind = "image" if model is Image else "document"
        self.names = "wagtailimages" if model is Image else "wagtaildocs"

    def send(self, way: str, name: str, raw: bytes):
        file = SimpleUploadedFile(name, raw)
        fields = {"title": "Titre", "collection": self.collection.pk}
        if way == "several":
            address = reverse(f"{self.names}:add_multiple")
            return self.client.post(address, fields | {"files[]": file}, headers=XHR)
        if way == "chooser":
            prefix = f"{self.kind}-chooser-upload"
            prefixed = {f"{prefix}-{key}": value for key, value in (fields | {"file": file}).items()}
            return self.client.post(reverse(f"{self.names}_chooser:create"), prefixed, headers=XHR)
        if way == "edit":
            address = reverse(f"{self.names}:edit", args=[self.existing.pk])
            return self.client.post(address, fields | {"file": file})
        return self.client.post(reverse(f"{self.names}:add"), fields | {"file": file})

    @property
    def existing(self):
        return self.model.objects.get(collection=self.collection)


@pytest.fixture
def library(world, signed_in, request):
    """The images, or the documents, of a groupement that has one; ``library(Image)``."""

    def make(model) -> Library:
        collection = world.a.collection
        if model is Image:
            catalogue.image("Premier", collection=collection)
        else:
            Document.objects.filter(pk=pages.document("Premier").pk).update(collection=collection)
        return Library(signed_in("referent_a"), collection, model)

    return make


WAYS = ("add", "several", "chooser", "edit")
BAD_IMAGES = {
    "pixel bomb": ("a.png", hostile.pixel_bomb(), "pixels"),
    "cut": ("a.png", drawn()[:45], "abîmée"),
    "not drawn to its end": ("a.jpg", drawn("JPEG")[:-40].replace(b"\xff\xda", b"\x00\x00"), "abîmée"),
    "another kind": ("a.png", drawn("JPEG"), "extension"),
    "SVG": ("a.svg", hostile.SVG, "svg|supportés"),
    "SVG under another name": ("a.png", hostile.SVG, "extension"),
    "a web page": ("a.gif", b"<html><script>alert(1)</script>", "image"),
    "endless animation": ("a.gif", drawn("GIF", frames=320), "trop d’images"),
    "too heavy": ("a.png", drawn() + b"\x00" * 10 * 1024 * 1024, "trop"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("name", "raw", "words"), BAD_IMAGES.values(), ids=BAD_IMAGES)
def test_image__unsound__is_refused_in_french_and_leaves_nothing(library, way, name, raw, words):
    images = library(Image)
    files, before = kept(), images.existing.file.name
    response = images.send(way, name, raw)
    assert response.status_code == 200
    assert any(word in said(response) for word in words.split("|"))
    assert images.existing.file.name == before
    assert kept() == files
    assert not UploadedFile.objects.exists()


@pytest.mark.parametrize("way", WAYS)
def test_image__sound__is_kept_once(library, way, django_capture_on_commit_callbacks):
    images = library(Image)
    with django_capture_on_commit_callbacks(execute=True):
        response = images.send(way, "port.jpg", drawn("JPEG"))
    assert response.status_code in {200, 302}
    rows = Image.objects.filter(collection=images.collection)
    assert rows.count() == (1 if way == "edit" else 2)
    assert {row.file.name for row in rows} <= kept()


BAD_DOCUMENTS = {
    "a program": ("a.exe", b"MZ\x90\x00", "exe"),
    "a program under another name": ("a.pdf", b"MZ\x90\x00", "pas ce que dit son nom"),
    "a web page under another name": ("a.txt", b"\xef\xbb\xbf <!DOCTYPE html><script>alert(1)</script>", "pas ce que"),
    "a drawing under another name": ("a.csv", hostile.SVG, "pas ce que"),
    "SVG": ("a.svg", hostile.SVG, "svg"),
    "a workbook named as a letter": ("a.docx", workbook(), "pas ce que"),
    "zip bomb": ("a.xlsx", zipped(("[Content_Types].xml", b"x"), ("xl/a.xml", b"0" * 30_000_000)), "trop grand"),
    "many parts": ("a.zip", zipped(*((f"{number}", b"") for number in range(5_001))), "trop grand"),
    "macros": ("a.docx", zipped(("word/document.xml", b"x"), ("word/vbaProject.bin", b"x")), "macros"),
    "damaged": ("a.xlsx", workbook()[:900], "abîmé"),
    "empty": ("a.pdf", b"", "vide"),
    "no calendar": ("a.ics", b"bonjour", "pas ce que"),
    "long name": ("a" * 150 + ".pdf", b"%PDF-1.4", "trop long"),
    "too heavy": ("a.pdf", b"%PDF-1.4" + b"\x00" * 10 * 1024 * 1024, "trop"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("name", "raw", "words"), BAD_DOCUMENTS.values(), ids=BAD_DOCUMENTS)
def test_document__unsound__is_refused_in_french_and_leaves_nothing(library, way, name, raw, words):
    documents = library(Document)
    files, before = kept(), documents.existing.file.name
    response = documents.send(way, name, raw)
    assert response.status_code == 200
    assert words in said(response)
    assert documents.existing.file.name == before
    assert kept() == files
    assert not UploadedFile.objects.exists()


GOOD_DOCUMENTS = {
    "fiche.pdf": b"%PDF-1.4\n%%EOF\n",
    "table.csv": "Nom;Âge\nÉlodie;54\n".encode("cp1252"),
    "liste.txt": "Été".encode("utf-16"),
    "budget.xlsx": workbook(),
    "lettre.docx": zipped(("[Content_Types].xml", b"x"), ("word/document.xml", b"x")),
    "note.odt": zipped(("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<x/>")),
    "agenda.ics": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    "film.mp4": b"\x00\x00\x00\x18ftypmp42",
    "son.mp3": b"ID3\x04\x00",
    "archive.zip": zipped(("lisez-moi.txt", b"x")),
}


@pytest.mark.parametrize("name", GOOD_DOCUMENTS)
def test_document__sound__is_kept(library, name):
    documents = library(Document)
    assert documents.send("add", name, GOOD_DOCUMENTS[name]).status_code == 302
    assert Document.objects.filter(collection=documents.collection).count() == 2


def test_document__replaced__its_former_file_goes_only_when_the_new_one_is_written(
    library, django_capture_on_commit_callbacks
):
    documents = library(Document)
    before = documents.existing.file.name
    with django_capture_on_commit_callbacks(execute=True):
        documents.send("edit", "neuf.pdf", b"%PDF-1.7\n")
    assert documents.existing.file.name != before
    assert before not in kept()
    assert documents.existing.file.name in kept()


@pytest.mark.parametrize("name", ['a"; x="b.pdf', "a\r\nX-Injected: 1.pdf", "été & <b>.pdf", "../../../x.pdf"])
def test_document__name_that_would_write_headers__is_served_under_a_harmless_one(library, name, client, world):
    documents = library(Document)
    if "/" in name:
        documents.send("add", name, b"%PDF-1.4\n")
    else:  # Django's parser of forms refuses some of them before we see them
        file = ContentFile(b"%PDF-1.4\n", name)
        Document.objects.create(title="Titre", file=file, collection=documents.collection)
    document = Document.objects.filter(collection=documents.collection).latest("pk")
    assert Path(document.file.path).parent == Path(django_settings.MEDIA_ROOT) / "documents"
    response = client.get(document.url, headers={"host": world.host(world.a)})
    assert b"".join(response.streaming_content) == b"%PDF-1.4\n"
    response.close()
    assert "X-Injected" not in response.headers
    assert "\n" not in response["Content-Disposition"]


# --- A full disk -----------------------------------------------------------------------------------


def fill_disk(monkeypatch) -> None:
    """From now on the disk takes the first bytes of a file, and no more."""
    save = FileSystemStorage._save

    def fails(self, name, content):
        written = save(self, name, SimpleUploadedFile("x", content.read(5)))
        raise OSError(errno.ENOSPC, "No space left on device", written)

    monkeypatch.setattr(FileSystemStorage, "_save", fails)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("model", [Image, Document])
def test_upload__disk_full_while_writing__is_said_in_french_and_leaves_nothing(library, monkeypatch, way, model):
    where = library(model)
    files, before = kept(), where.existing.file.name
    fill_disk(monkeypatch)
    raw = drawn() if model is Image else b"%PDF-1.4\n" + b" " * 500
    response = where.send(way, "a.png" if model is Image else "a.pdf", raw)
    assert response.status_code == (200 if way == "several" else 507)
    assert "disque du serveur est plein" in said(response)
    assert where.existing.file.name == before
    assert kept() == files


@pytest.mark.parametrize("way", WAYS)
def test_upload__disk_nearly_full__is_refused_beside_the_field(library, monkeypatch, way):
    documents = library(Document)
    files = kept()
    monkeypatch.setattr(room, "RESERVE", 10**18)
    response = documents.send(way, "a.pdf", b"%PDF-1.4\n")
    assert response.status_code == 200
    assert "disque du serveur est plein" in said(response)
    assert kept() == files
    assert Document.objects.filter(collection=documents.collection).count() == 1


@pytest.mark.parametrize("way", ["add", "several", "chooser"])
@pytest.mark.parametrize("model", [Image, Document])
def test_upload__database_has_no_room__leaves_no_file(library, monkeypatch, way, model):
    where = library(model)
    files = kept()
    execute = SQLInsertCompiler.execute_sql

    def fails(self, *args, **kwargs):
        if self.query.model is model:
            raise OperationalError("could not extend file") from psycopg.errors.DiskFull()
        return execute(self, *args, **kwargs)

    monkeypatch.setattr(SQLInsertCompiler, "execute_sql", fails)
    response = where.send(way, "a.png" if model is Image else "a.pdf", drawn() if model is Image else b"%PDF-1.4\n")
    assert response.status_code == (200 if way == "several" else 507)
    assert kept() == files


def test_upload__any_other_failure__is_not_taken_for_a_full_disk(library, monkeypatch):
    documents = library(Document)

    def fails(self, name, content):
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(FileSystemStorage, "_save", fails)
    with pytest.raises(PermissionError):
        documents.send("add", "a.pdf", b"%PDF-1.4\n")

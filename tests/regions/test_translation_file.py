"""A translation brought back as a PO file: taken in, or refused in words with nothing changed."""

from __future__ import annotations

import polib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail_localize.models import StringTranslation, Translation

from regions.admin import translation_file
from tests.isolation.matrix import ground


@pytest.fixture
def translation(world):
    return Translation.objects.get(pk=ground.lay(world)["a"].ids["translation"])


@pytest.fixture
def send(translation, signed_in):
    """Send a file as the groupement's référent does; gives what the next screen says."""

    def post(content: bytes | None, name: str = "en.po") -> str:
        files = {} if content is None else {"file": SimpleUploadedFile(name, content)}
        address = reverse("wagtail_localize:upload_pofile", args=[translation.pk])
        answer = signed_in("referent_a").post(address, files | {"next": "/admin/"}, follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    return post


def translated(translation, text: str = "The text, translated", **metadata) -> bytes:
    file = translation.export_po()
    file.metadata |= metadata
    for entry in file:
        entry.msgstr = text
    return str(file).encode()


def kept() -> list[str]:
    return list(StringTranslation.objects.order_by("pk").values_list("data", flat=True))


def test_file__of_this_page__is_taken_in_as_wagtail_localize_does(translation, send):
    file = translated(translation)
    assert "sont reprises" in send(file)
    ours = kept()
    assert "The text, translated" in ours
    StringTranslation.objects.all().delete()
    translation.import_po(polib.pofile(file.decode()))
    assert kept() == ours


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda translation: None, "Choisissez le fichier PO"),
        (lambda translation: b"", "Choisissez le fichier PO"),
        (lambda translation: b"x" * (translation_file.LARGEST + 1), "Choisissez le fichier PO"),
        (lambda translation: b"msgid \"\nceci n'est pas un PO", "ne peut pas être lu"),
        (lambda translation: b"\x89PNG\r\n\x1a\n\x00\x00", "ne peut pas être lu"),
        (lambda translation: b"/etc/passwd", "ne peut pas être lu"),
        (lambda translation: b'msgid "a"\nmsgstr "b"\n', "n’est pas celui"),
        (lambda translation: translated(translation, **{translation_file.WHOSE: "un autre"}), "n’est pas celui"),
        (lambda translation: translated(translation, "x" * 300), "trop long"),
        (lambda translation: translated(translation, "a\x00b"), "trop long"),
    ],
    ids=["none", "empty", "huge", "broken", "picture", "name", "other-tool", "other-page", "long", "nul"],
)
def test_file__that_cannot_be_taken__is_refused_in_words_and_changes_nothing(translation, send, make, said):
    before = kept()
    assert said in send(make(translation))
    assert kept() == before

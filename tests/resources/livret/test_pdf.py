"""The livret as a file. Where the machine has no pango, each test asserts that the page to print is served instead."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from core.models import MadeFile
from core.pdf import engine, keeping
from regions.places import place_for
from resources.guides.livret import composing
from resources.guides.livret.forms import LivretForm
from tests.factories import frames
from tests.helpers import page_html

A4, LYING = (595, 842), (842, 595)


def opened(response) -> PdfReader | None:
    """The PDF of a response; ``None`` where this machine makes none, after a look at what it serves instead."""
    assert response.status_code == 200
    if engine.is_available():
        assert response["Content-Type"] == "application/pdf"
        return PdfReader(BytesIO(response.content))
    assert response["Content-Type"].startswith("text/html")
    assert "Imprimez cette page depuis votre navigateur" in response.content.decode()
    return None


def words(response) -> str:
    """All that is read in a livret, in whichever form it is served, on one line."""
    reader = opened(response)
    text = " ".join(page.extract_text() for page in reader.pages) if reader else page_html(response)
    return " ".join(text.replace("\u00ad", "").split())


def size(page) -> tuple[int, int]:
    return round(float(page.mediabox.width)), round(float(page.mediabox.height))


def test_pdf__a4__is_tagged_outlined_and_says_both_voices(ground):
    response = ground.get()
    text = words(response)
    for part in ("Le texte national.", "La rade plutôt", "Maison de la rade", "Café de la rade", "Qui appeler"):
        assert part in text, part
    assert "pruneau" not in text
    if reader := opened(response):
        assert response["Content-Disposition"] == 'inline; filename="livret-se-loger-finistere.pdf"'
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert "/StructTreeRoot" in reader.trailer["/Root"]
        assert reader.trailer["/Root"]["/Lang"] == "fr"
        assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_data()
        assert reader.metadata.title.startswith("Se loger et déménager – Finistère")
        titles = str([getattr(item, "title", item) for item in _flat(reader.outline)])
        for title in ("Se loger et déménager", "Choisir où vivre", "Monter son dossier", "Contacts", "Qui appeler"):
            assert title in titles, title
        assert {size(page) for page in reader.pages} == {A4}
        contents = reader.pages[1].extract_text()
        assert "Sommaire" in contents
        number = next(int(line.split()[-1]) for line in contents.splitlines() if line.startswith("Qui appeler"))
        assert number == len(reader.pages), "page numbers of the contents are those of the pages"


def _flat(outline):
    for item in outline:
        if isinstance(item, list):
            yield from _flat(item)
        else:
            yield item


def test_pdf__a5_in_large_letters__is_a_booklet(ground):
    response = ground.get(query="?format=a5&size=large")
    assert "Le texte national." in words(response)
    if reader := opened(response):
        assert response["Content-Disposition"].endswith('"livret-se-loger-finistere-a5-grands-caracteres.pdf"')
        assert {size(page) for page in reader.pages} == {LYING}
        assert len(reader.pages) % 2 == 0, "a multiple of four pages"
        front = reader.pages[0].extract_text()
        assert "Qui appeler" in front, "the back cover, left of…"
        assert "À jour au" in front, "…the cover"


def test_pdf__asked_again__is_not_made_again_until_something_changes(ground):
    first = ground.get()
    if not engine.is_available():
        assert opened(first) is None
        assert not MadeFile.objects.exists()
        return
    made = MadeFile.objects.get()
    assert ground.get().content == first.content
    assert MadeFile.objects.get() == made
    client = Client(headers={"host": ground.world.host(ground.world.a), "if-none-match": first["ETag"]})
    assert client.get(ground.address()).status_code == 304
    ground.mine.set_answers(frames.given({"s1": "Plutôt le port."}))
    ground.mine.save_revision().publish()
    changed = ground.get()
    assert changed["ETag"] != first["ETag"]
    assert "Plutôt le port." in words(changed)
    ground.mine.unpublish()
    assert "Plutôt le port." not in words(ground.get())
    assert MadeFile.objects.count() == 3


def test_pdf__program_fails_or_takes_too_long__the_page_to_print_is_served(ground, settings):
    settings.MARA_PDF_SECONDS = 0.01
    assert "Imprimez cette page depuis votre navigateur" in page_html(ground.get())
    assert not MadeFile.objects.exists()


def test_pdf__too_many_ask_at_once__says_to_try_again(ground, monkeypatch, settings):
    settings.MARA_PDF_WAIT = 0
    monkeypatch.setattr(keeping, "AT_ONCE", 0)  # no place is free
    if not engine.is_available():
        assert opened(ground.get()) is None
        return
    response = ground.get()
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "Votre livret se prépare" in response.content.decode()
    assert not MadeFile.objects.exists()


def test_livret__another_day__is_another_file(ground, settings, monkeypatch):
    """The date is in the text, which is what the key of a file is made from."""
    settings.MARA_PDF = False
    today, tomorrow = timezone.localdate(), timezone.localdate() + dt.timedelta(days=1)
    texts = []
    for day in (today, tomorrow):
        monkeypatch.setattr(timezone, "localdate", lambda *args, day=day: day)
        texts.append(page_html(ground.get()))
        assert str(day.day) in texts[-1]
    assert keeping.digest(texts[0]) != keeping.digest(texts[1])


@pytest.mark.parametrize("place_name", ["finistere", "national"])
def test_file_name__is_of_the_guide_and_the_place(ground, rf, place_name):
    world = ground.world
    host = world.national_host if place_name == "national" else world.host(world.a)
    livret = composing.compose([ground.guide], place_for(rf.get("/", headers={"host": host})), LivretForm({}))
    assert livret.file_name == f"livret-se-loger-{place_name}.pdf"

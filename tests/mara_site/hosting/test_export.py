"""One groupement, whole, in a ZIP: all of it, nothing of another's, and readable by itself."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from dashboards.models import Label, LabelEvent
from dashboards.rules import sentences
from exchanges.models import CallbackRequest
from mara_site.hosting.export import archive, pages
from regions.models import Mandate
from resources.models import GuidePage, Theme
from tests.factories import catalogue
from tests.factories import pages as page_factory

pytestmark = pytest.mark.django_db


@pytest.fixture
def laid(world):
    """The same things in two groupements."""
    for owner, groupement in (("A", world.a), ("B", world.b)):
        home = world.home(groupement)
        image = catalogue.image(f"Photo de {owner}", collection=groupement.collection)
        page_factory.guide(home, f"Guide de {owner}")
        page_factory.contact(home, f"Brouillon de {owner}", live=False)
        CallbackRequest.objects.create(
            groupement=groupement,
            key=f"00000000-0000-4000-8000-00000000000{owner.lower()}",
            name=f"=Personne de {owner}",
            about="Un logement",
            consent_version="2026-11",
            received_at=timezone.now(),
        )
        assert image.file
    return world


@pytest.fixture
def opened(laid, tmp_path):
    """The archive of groupement A, and what was counted."""
    with (tmp_path / "a.zip").open("wb") as target:
        counts = archive.write(laid.a, target)
    return zipfile.ZipFile(tmp_path / "a.zip"), counts


def rows_of(opened: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(opened.read(f"tables/{name}.csv").decode("utf-8-sig"))))


def test_archive__of_a_groupement__holds_every_page_in_html_and_json(laid, opened):
    file, counts = opened
    mine = {page.pk for page in pages.pages_of(laid.a)}
    data = json.loads(file.read("pages.json"))
    assert {page["content"]["pk"] for page in data} == mine
    assert counts["pages"] == len(mine)
    html = {name: file.read(name).decode() for name in file.namelist() if name.startswith("pages/")}
    assert len(html) == len(mine)
    assert any("Guide de A" in text for text in html.values())
    assert any("Brouillon de A" in text and "brouillon" in text for text in html.values())


def test_archive__of_a_groupement__holds_nothing_of_another(opened):
    file, _counts = opened
    for name in file.namelist():
        assert "de B" not in file.read(name).decode("utf-8", errors="ignore"), name
        assert "guide-de-b" not in name


def test_archive__its_people__are_in_tables_with_the_words_they_agreed_to(laid, opened):
    file, _counts = opened
    people = {row["Adresse électronique"] for row in rows_of(file, "personnes")}
    held = Mandate.objects.filter(groupement=laid.a).values_list("person__email", flat=True)
    assert people == set(held)
    (request,) = rows_of(file, "demandes")
    assert request["nom"] == "'=Personne de A"
    versions = {row["Version"] for row in rows_of(file, "consentements")}
    assert request["consentement"] in versions


@pytest.fixture
def filed(laid):
    """The same filing, label and redirects in two groupements, and a redirect of the nation's."""
    for owner, groupement in (("A", laid.a), ("B", laid.b)):
        kept, drafted = (
            Theme.objects.create(name=f"{name} de {owner}", code=f"{name}-{owner}".lower())
            for name in ("Thème", "Brouillon")
        )
        page = page_factory.guide(laid.home(groupement), f"Guide classé de {owner}", themes=[kept])
        page.themes.set([kept, drafted])
        page.save_revision()
        reasons = [{"rule": "referent"}]
        Label.objects.create(
            groupement=groupement, state=Label.State.GRACE, awarded_on="2026-01-05", grace_ends_on="2026-12-01"
        )
        LabelEvent.objects.create(groupement=groupement, kind=LabelEvent.Kind.GRACE, reasons=reasons)
        Redirect.objects.create(old_path=f"/vieux-de-{owner.lower()}", site=groupement.site, redirect_page=page)
    Redirect.objects.create(old_path="/vieux-de-la-nation", site=None, redirect_link="https://example.org/")
    return laid


def test_archive__what_its_pages_are_filed_under__is_named_in_html_and_json(filed, opened):
    file, _counts = opened
    page = GuidePage.objects.get(title="Guide classé de A")
    [html] = [file.read(name).decode() for name in file.namelist() if name.startswith(f"pages/{page.pk}-")]
    assert "<h2>Thèmes</h2>" in html
    assert "Thème de A" in html
    assert "Brouillon de A" not in html, "not published"
    [data] = [data for data in json.loads(file.read("pages.json")) if data["content"]["pk"] == page.pk]
    assert data["names"] == {"themes": ["Thème de A"], "audiences": []}
    assert sorted(data["draft_names"]["themes"]) == ["Brouillon de A", "Thème de A"]


def test_archive__its_label_and_its_redirects__are_in_tables_and_no_other_s(filed, opened):
    file, _counts = opened
    [label] = rows_of(file, "label")
    assert (label["depuis"], label["état"]) == ("2026-01-05", str(Label.State.GRACE.label))
    [event] = rows_of(file, "label-historique")
    assert event["Raison"] == sentences([{"rule": "referent"}])[0]
    [redirect] = rows_of(file, "redirections")
    assert redirect["redirige depuis"] == "/vieux-de-a"
    assert redirect["Mène à"] == GuidePage.objects.get(title="Guide classé de A").url
    for name in file.namelist():
        content = file.read(name).decode("utf-8", errors="ignore")
        assert "de B" not in content, name
        assert "vieux-de-b" not in content, name
        assert "vieux-de-la-nation" not in content, name


def test_archive__keys_that_open_somebody_s_page__stay_here(laid, opened):
    file, _counts = opened
    key = str(CallbackRequest.objects.get(groupement=laid.a).key)
    assert all(key.encode() not in file.read(name) for name in file.namelist())


def test_archive__its_files__are_beside_and_every_link_finds_them(opened):
    file, counts = opened
    names = set(file.namelist())
    assert counts["files"] == len([name for name in names if name.startswith("fichiers/")]) >= 1
    index = file.read("index.html").decode()
    links = set(re.findall(r'href="([^"]+)"', index)) - {"fichiers/"}
    assert links <= names
    assert "http" not in index


def test_archive__file_that_is_gone__is_named(laid, tmp_path):
    image = catalogue.image("Photo perdue de A", collection=laid.a.collection)
    image.file.storage.delete(image.file.name)
    with (tmp_path / "a.zip").open("wb") as target:
        archive.write(laid.a, target)
    assert image.file.name in zipfile.ZipFile(tmp_path / "a.zip").read("index.html").decode()


def test_local_files__in_a_text__lead_beside_it():
    html, names = pages.with_local_files('<img src="/media/images/a.jpg"><a href="/media/documents/b.pdf?x">b</a>')
    assert 'src="../fichiers/images/a.jpg"' in html
    assert names == {"images/a.jpg", "documents/b.pdf"}


def test_command__unknown_groupement_or_existing_file__says_so(laid, tmp_path):
    with pytest.raises(CommandError, match=r"Il y a : .*finistere"):
        call_command("export_groupement", "nulle-part")
    path = tmp_path / "a.zip"
    call_command("export_groupement", laid.a.code, str(path))
    assert zipfile.ZipFile(path).testzip() is None
    with pytest.raises(CommandError, match="existe déjà"):
        call_command("export_groupement", laid.a.code, str(path))


def test_screen__administrator__receives_the_file_and_it_is_noted(laid, signed_in, caplog):
    caplog.set_level("INFO", logger="mara.security")
    client = signed_in("admin")
    address = reverse("export_groupement")
    assert client.get(address).status_code == 200
    response = client.post(address, {"groupement": laid.a.pk})
    content = b"".join(response.streaming_content)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert f"{laid.a.code}-" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    assert "groupement.exported" in caplog.text
    assert client.post(address, {"groupement": "999999"}).status_code == 200


@pytest.mark.parametrize("name", ["referent_a", "editor", "zone_a"])
def test_screen__anybody_else__is_absent(laid, signed_in, name):
    assert signed_in(name).get(reverse("export_groupement")).status_code == 404
    assert signed_in(name).post(reverse("export_groupement"), {"groupement": laid.a.pk}).status_code == 404

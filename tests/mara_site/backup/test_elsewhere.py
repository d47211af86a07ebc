"""The encrypted copy elsewhere, and the drill on a bare server."""

from __future__ import annotations

import shutil

import pytest

from mara_site.backup import drill, elsewhere, making
from mara_site.backup import manifest as manifests
from mara_site.hosting import pulses
from mara_site.hosting.models import Pulse
from mara_site.run.console import CannotRunError

needs_restic = pytest.mark.skipif(not shutil.which("restic"), reason="restic est absent (sudo apt install restic)")


@pytest.fixture
def place(backups, settings, tmp_path):
    """A place for the copies, and a file of variables."""
    settings.MARA_BACKUP_COPY = str(tmp_path / "place")
    settings.MARA_BACKUP_PASSWORD = "une phrase assez longue"
    settings.MARA_ENV_FILE = str(tmp_path / "mara.env")
    (tmp_path / "mara.env").write_text("DJANGO_SECRET_KEY=tres-secret\n")
    return tmp_path / "place"


@needs_restic
def test_copy__of_a_backup__is_encrypted_and_comes_back_whole(place, tmp_path):
    making.make()
    assert Pulse.objects.filter(name=pulses.COPY, succeeded_at__isnull=False).exists()
    assert elsewhere.count() == 1
    stored = b"".join(path.read_bytes() for path in place.rglob("*") if path.is_file())
    assert b"tres-secret" not in stored
    assert b"wagtailcore_page" not in stored
    back = elsewhere.fetch(tmp_path / "back")
    manifests.verify(back, manifests.read(back))
    assert "tres-secret" in next((tmp_path / "back").rglob("mara.env")).read_text()


@needs_restic
def test_copy__wrong_password__fails_in_french_and_is_noted(place, settings):
    making.make()
    settings.MARA_BACKUP_PASSWORD = "une autre phrase"
    with pytest.raises(CannotRunError, match="La copie ailleurs a échoué"):
        making.make()
    assert Pulse.objects.get(name=pulses.COPY).is_failing
    assert not Pulse.objects.get(name=pulses.BACKUP).is_failing


@pytest.mark.parametrize(("absent", "said"), [("program", "apt install restic"), ("password", "MARA_BACKUP_PASSWORD")])
def test_copy__something_missing__says_what(place, settings, monkeypatch, absent, said):
    monkeypatch.setattr(elsewhere.shutil, "which", lambda name: None if absent == "program" else "/usr/bin/restic")
    if absent == "password":
        settings.MARA_BACKUP_PASSWORD = ""
    with pytest.raises(CannotRunError, match=said):
        elsewhere.send(place)


def test_drill__on_a_bare_server__proves_each_table_and_file(backups, settings, capsys, monkeypatch):
    monkeypatch.setattr(drill, "_try_the_site", lambda *arguments: None)  # a process of its own, with its own settings
    made = making.make()
    drill.drill()
    told = capsys.readouterr().out
    manifest = manifests.read(made)
    assert f"{len(manifest.tables)} tables comparées" in told
    assert "3 comparés" in told
    assert "0 différence" in told
    assert Pulse.objects.get(name=pulses.DRILL).facts["rows"] == manifest.rows

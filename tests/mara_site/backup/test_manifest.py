"""What proves a backup: a byte that changes is seen before anything is restored."""

from __future__ import annotations

import subprocess

import pytest

from mara_site.backup import manifest as manifests
from mara_site.backup.manifest import DUMP, MANIFEST, MEDIA, Manifest, Table, digest_of
from mara_site.run.console import CannotRunError


@pytest.fixture
def backup(tmp_path):
    """A small backup, whole."""
    (tmp_path / DUMP).write_bytes(b"dump")
    for name in ("images/éclat d'or.jpg", "documents/a.pdf"):
        path = tmp_path / MEDIA / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    media = {str(path.relative_to(tmp_path / MEDIA)): digest_of(path) for path in (tmp_path / MEDIA).rglob("*.*")}
    manifest = Manifest("2026-11-29T02:30:00+00:00", "0.1.0", "15", "key", digest_of(tmp_path / DUMP), media=media)
    manifest.tables = {"public.a": Table(3, "x")}
    manifest.write(tmp_path)
    return tmp_path


def test_manifest__written_then_read__is_the_same(backup):
    manifest = manifests.read(backup)
    manifests.verify(backup, manifest)
    assert manifest.tables == {"public.a": Table(3, "x")}
    assert set(manifest.media) == {"images/éclat d'or.jpg", "documents/a.pdf"}


def test_sums__read_without_this_software__are_right(backup):
    outcome = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=backup, capture_output=True, check=False
    )
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.count(b"\n") == 4


@pytest.mark.parametrize("name", [DUMP, f"{MEDIA}/documents/a.pdf"])
def test_verify__one_byte_changed__refuses_and_names_the_file(backup, name):
    content = (backup / name).read_bytes()
    (backup / name).write_bytes(content[:-1] + b"?")
    with pytest.raises(CannotRunError, match=name):
        manifests.verify(backup, manifests.read(backup))


def test_verify__file_gone__refuses(backup):
    (backup / DUMP).unlink()
    with pytest.raises(CannotRunError, match="Rien n'a été restauré"):
        manifests.verify(backup, manifests.read(backup))


def test_read__manifest_changed__refuses(backup):
    path = backup / MANIFEST
    path.write_text(path.read_text().replace('"rows": 3', '"rows": 2'))
    with pytest.raises(CannotRunError, match="abîmée"):
        manifests.read(backup)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 1, "dump": 3}'])
def test_read__no_manifest__says_so(tmp_path, text):
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(CannotRunError, match="sauvegarde lisible"):
        manifests.read(tmp_path)


def test_read__later_format__asks_for_the_later_version(tmp_path):
    (tmp_path / MANIFEST).write_text('{"format": 99}')
    with pytest.raises(CannotRunError, match="plus récente"):
        manifests.read(tmp_path)

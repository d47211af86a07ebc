"""A folder of backups of one's own, and a database to restore into, on the cluster of the tests."""

from __future__ import annotations

import shutil

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from mara_site.backup.postgres import Database


@pytest.fixture
def backups(db, settings, tmp_path):
    """The folder of the backups of this test, and three uploaded files."""
    settings.MARA_BACKUP_DIR = tmp_path / "backups"
    settings.MEDIA_ROOT = tmp_path / "media"
    for name, content in {"images/a.jpg": b"a", "documents/b.pdf": b"bb", "vide.txt": b""}.items():
        default_storage.save(name, ContentFile(content))
    return settings.MARA_BACKUP_DIR


@pytest.fixture
def elsewhere(backups, settings, tmp_path, monkeypatch):
    """An empty installation: another database, which is dropped after with those beside it, and another folder."""
    source = Database.of(settings.DATABASES["default"])
    target = source.named(f"{source.name}_other")

    def clean():
        with source.maintenance() as connection:
            query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
            names = [name for (name,) in connection.execute(query, [target.name]).fetchall()]
        for name in names:
            source.named(name).drop()

    clean()

    def go():
        monkeypatch.setitem(settings.DATABASES["default"], "NAME", target.name)
        settings.MEDIA_ROOT = tmp_path / "other-media"
        settings.MARA_SEARCH_DIR = tmp_path / "search"
        return target

    yield go
    monkeypatch.undo()
    clean()
    shutil.rmtree(tmp_path / "other-media", ignore_errors=True)

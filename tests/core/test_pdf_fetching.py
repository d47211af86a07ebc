"""What the program that makes PDF files may read: static files and pictures of ours, nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pdf import child, engine

ADDRESS = "http://finistere.mara.localhost/guides/se-loger/"
ORIGIN = "http://finistere.mara.localhost"


@pytest.fixture
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    for name in ("images/photo.jpg", "documents/secret.pdf", "original_images/brut.jpg"):
        path = settings.MEDIA_ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    (tmp_path / "dehors.txt").write_text("dehors")
    return tmp_path


def read(url: str) -> bytes | None:
    found = child.find_file(url, engine.folders(ADDRESS))
    return found.read_bytes() if found else None


def test_find_file__static_file_or_picture__is_read(media):
    assert read(f"{ORIGIN}/media/images/photo.jpg") == b"images/photo.jpg"
    assert b"@page" in (read(f"{ORIGIN}/static/mara/css/paper/livret.css") or b"")
    assert read(f"{ORIGIN}/static/mara/css/paper/livret.css?v=1")


@pytest.mark.parametrize(
    "url",
    [
        f"{ORIGIN}/media/documents/secret.pdf",
        f"{ORIGIN}/media/original_images/brut.jpg",
        f"{ORIGIN}/media/images/../documents/secret.pdf",
        f"{ORIGIN}/media/images/..%2f..%2fdehors.txt",
        f"{ORIGIN}/media/images/%2e%2e/%2e%2e/dehors.txt",
        f"{ORIGIN}/media/images/photo.jpg%00.txt",
        f"{ORIGIN}/media/images//etc/passwd",
        f"{ORIGIN}/media/images",
        f"{ORIGIN}/media/images/",
        f"{ORIGIN}/admin/",
        f"{ORIGIN}:8000/media/images/photo.jpg",
        f"{ORIGIN}@example.org/media/images/photo.jpg",
        "https://finistere.mara.localhost/media/images/photo.jpg",
        "http://lot-et-garonne.mara.localhost/media/images/photo.jpg",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/media/images/photo.jpg",
        "ftp://example.org/x",
        "file:///etc/passwd",
        "data:text/html,x",
        "//example.org/media/images/photo.jpg",
        "",
    ],
)
def test_find_file__any_other_address__is_not_read(media, url):
    assert read(url) is None


def test_find_file__link_that_leaves_the_folder__is_not_followed(media):
    (media / "media" / "images" / "lien.txt").symlink_to(media / "dehors.txt")
    assert read(f"{ORIGIN}/media/images/lien.txt") is None


@given(tail=st.text(st.sampled_from("./%2ef\\\x00abé"), max_size=24))
def test_find_file__whatever_the_path__stays_in_the_folder(tmp_path_factory, tail):
    root = tmp_path_factory.getbasetemp() / "images"
    root.mkdir(exist_ok=True)
    (root / "a").write_text("a")
    found = child.find_file(f"{ORIGIN}/media/images/{tail}", [(f"{ORIGIN}/media/images/", str(root))])
    assert found is None or found == (root / "a").resolve()


def test_fetcher__remote_file_or_our_own__only_ours_is_given(media):
    """With WeasyPrint's own class where the machine has it; where it has not, the page is served instead."""
    if not engine.is_available():
        with pytest.raises((ImportError, OSError)):
            child.make_fetcher([])
        return
    fetcher = child.make_fetcher(engine.folders(ADDRESS))
    assert fetcher(f"{ORIGIN}/media/images/photo.jpg").read() == b"images/photo.jpg"
    assert fetcher("data:image/png;base64,AAAA").read() == b"\x00\x00\x00"
    for url in ("http://127.0.0.1:1/x", "file:///etc/passwd", "data:text/html,x", "ftp://127.0.0.1/"):
        with pytest.raises(ValueError, match="not one of our files"):
            fetcher(url)


def test_engine__environment_of_the_program__holds_no_secret(monkeypatch):
    monkeypatch.setenv("DJANGO_SECRET_KEY", "chut")
    monkeypatch.setenv("DATABASE_URL", "postgresql://chut")
    outcome = engine._run([sys.executable, "-c", "import os; print(sorted(os.environ))"])
    assert outcome.returncode == 0
    assert b"PATH" in outcome.stdout
    assert b"SECRET" not in outcome.stdout
    assert b"DATABASE" not in outcome.stdout


def test_engine__program_cannot_start__says_so_once_and_makes_no_pdf(monkeypatch, caplog, settings):
    """As on a machine without pango, where importing WeasyPrint fails."""
    settings.MARA_PDF = True
    broken = "import sys; sys.exit('cannot load library libpango-1.0-0')"
    monkeypatch.setattr(engine, "CHILD", [sys.executable, "-c", broken])
    engine._finds_pango.cache_clear()
    try:
        assert [engine.is_available() for _time in range(3)] == [False] * 3
        assert [record.getMessage() for record in caplog.records if "apt install libpango" in record.getMessage()]
        assert len(caplog.records) == 1
        with pytest.raises(engine.CannotMakeError, match="libpango"):
            engine.to_pdf("<p>x</p>", ADDRESS)
    finally:
        engine._finds_pango.cache_clear()


def test_engine__setting_says_no__program_is_not_asked(monkeypatch, settings):
    settings.MARA_PDF = False
    monkeypatch.setattr(engine, "CHILD", ["/nowhere"])
    assert not engine.is_available()

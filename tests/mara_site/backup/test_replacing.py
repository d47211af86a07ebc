"""The files in force are those of the database in force, wherever a restoration was cut."""

from __future__ import annotations

import contextlib
import errno
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command

from mara_site.backup import replacing
from mara_site.backup.postgres import Database

STAMP = "20260101_000000"


class Cut(Exception):
    """The process ends here."""


@pytest.fixture
def files(elsewhere):
    """The folder in force, which holds `mine.txt`, and beside it the new one, laid out, which holds `new.txt`."""
    elsewhere()
    folder = Path(django_settings.MEDIA_ROOT)
    for place, name in ((folder, "mine.txt"), (replacing.building(folder, STAMP), "new.txt")):
        place.mkdir()
        (place / name).write_text(name)
    return folder


@pytest.fixture
def target(files):
    return Database.of(django_settings.DATABASES["default"])


def holds(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.glob(f"{folder.name}_*"))


def cut(monkeypatch, folder: Path, renames: int, *, exchanged: bool = True, by_steps: bool = False) -> None:
    """Put the new files in place, cut after so many renames."""
    done = []
    rename = replacing.os.rename

    def cut_rename(*names):
        if len(done) == renames:
            raise Cut
        rename(*names)
        done.append(names)

    def no_exchange(*folders):
        raise Cut

    with monkeypatch.context() as patch, contextlib.suppress(Cut):
        patch.setattr(replacing.os, "rename", cut_rename)
        if by_steps:
            patch.setattr(replacing, "exchange", replacing._exchange_by_steps)
        elif not exchanged:
            patch.setattr(replacing, "exchange", no_exchange)
        replacing.put_in_place(folder, STAMP)


CUTS = {
    "laid out": {"renames": 0},
    "ready": {"renames": 1, "exchanged": False},
    "exchanged": {"renames": 1},
    "one step": {"renames": 2, "by_steps": True},
    "two steps": {"renames": 3, "by_steps": True},
    "three steps": {"renames": 4, "by_steps": True},
}


@pytest.mark.parametrize("where", CUTS)
def test_settle__cut_before_the_database_has_its_name__undoes_it(monkeypatch, target, files, where):
    target.named(f"{target.name}_restoring_{STAMP}").create()
    cut(monkeypatch, files, **CUTS[where])
    replacing.settle(target, files)
    assert holds(files) == ["mine.txt"]
    assert beside(files) == []
    assert target.beside("_restoring_") == []


@pytest.mark.parametrize("where", [where for where in CUTS if where != "laid out"])
def test_settle__database_in_force__ends_it(monkeypatch, target, files, where):
    """Also where the exchange had not reached the disk when the power went."""
    cut(monkeypatch, files, **CUTS[where])
    replacing.settle(target, files)
    assert holds(files) == ["new.txt"]
    assert beside(files) == [f"{files.name}_before_{STAMP}"]
    assert holds(replacing.aside(files, STAMP)) == ["mine.txt"]
    replacing.settle(target, files)
    assert holds(files) == ["new.txt"], "nothing is left to do"


def test_settle__left_by_an_older_release_without_its_inode__is_left_alone(target, files):
    old = files.with_name(f"{files.name}_restoring_{STAMP}")
    replacing.building(files, STAMP).rename(old)
    replacing.settle(target, files)
    assert (holds(files), holds(old)) == (["mine.txt"], ["new.txt"])


def test_settle__no_file_before__keeps_nothing_aside(target, files):
    (files / "mine.txt").unlink()
    files.rmdir()
    replacing.put_in_place(files, STAMP)
    replacing.settle(target, files)
    assert holds(files) == ["new.txt"]
    assert beside(files) == []


def test_exchange__at_once__is_what_the_steps_do(files):
    new = replacing.building(files, STAMP)
    for exchange in (replacing.exchange, replacing._exchange_by_steps):
        exchange(files, new)
        assert (holds(files), holds(new)) == (["new.txt"], ["mine.txt"])
        exchange(files, new)
        assert (holds(files), holds(new)) == (["mine.txt"], ["new.txt"])


def test_exchange__refused__says_why_and_moves_nothing(files):
    with pytest.raises(OSError, match="No such file") as caught:
        replacing.exchange(files, files.with_name("nothing"))
    assert caught.value.errno == errno.ENOENT
    assert holds(files) == ["mine.txt"]


def test_clock__restoration_that_was_cut__puts_it_right_once_nobody_restores(monkeypatch, target, files):
    target.named(f"{target.name}_restoring_{STAMP}").create()
    replacing.put_in_place(files, STAMP)
    with replacing.alone(files):
        with pytest.raises(replacing.UnderWayError, match="déjà en cours"), replacing.alone(files):
            pytest.fail("two at once")
        call_command("settle_restoration")
        assert holds(files) == ["new.txt"]
    call_command("settle_restoration")
    assert holds(files) == ["mine.txt"]
    assert beside(files) == []


def test_clock__nothing_was_cut__asks_nothing(monkeypatch, target, files):
    replacing.shutil.rmtree(replacing.building(files, STAMP))
    monkeypatch.setattr(Database, "connect", lambda *arguments, **options: pytest.fail("it asked"))
    call_command("settle_restoration")
    assert holds(files) == ["mine.txt"]

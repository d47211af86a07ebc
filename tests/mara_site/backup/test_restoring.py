"""A backup restored elsewhere is the same, table by table and file by file; a failed one changes nothing."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from mara_site.backup import folder, making, postgres, replacing, restoring, tables
from mara_site.backup import manifest as manifests
from mara_site.backup.manifest import DUMP
from mara_site.backup.postgres import Database
from mara_site.hosting import pulses
from mara_site.hosting.models import Pulse
from mara_site.run.console import CannotRunError


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def databases(target: Database) -> set[str]:
    with target.maintenance() as connection:
        query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        return {name for (name,) in connection.execute(query, [target.name]).fetchall()}


def digests(database: Database) -> dict:
    with database.connect() as connection, connection.cursor() as cursor:
        return lasting(tables.digests(cursor))


def lasting(found: dict) -> dict:
    """The digests that a restoration leaves as they were: machines make their search index again."""
    return {name: digest for name, digest in found.items() if name != "public.resources_indexstate"}


def index_state(database: Database) -> tuple:
    with database.connect() as connection:
        return connection.execute("SELECT version, generation FROM resources_indexstate").fetchone()


def test_make__of_the_installation__is_whole_and_noted(backups):
    made = making.make()
    manifest = manifests.read(made)
    manifests.verify(made, manifest)
    assert set(manifest.media) == {"images/a.jpg", "documents/b.pdf", "vide.txt"}
    assert manifest.tables["public.wagtailcore_page"].rows > 3
    assert Pulse.objects.get(name=pulses.BACKUP).facts["files"] == 3
    assert oct(made.stat().st_mode & 0o777) == "0o700"
    assert [path.name for path in backups.iterdir() if path.name != ".lock"] == [made.name]


def test_make__file_unchanged_since__costs_no_room(backups, monkeypatch):
    first = making.make()
    monkeypatch.setattr(folder, "NAME", "%Y-%m-%dT%H-%M-%SZ")
    older = first.rename(first.with_name("2026-01-01T02-30-00Z"))
    (Path(django_settings.MEDIA_ROOT) / "images" / "a.jpg").write_bytes(b"other")
    second = making.make()
    same = "media/documents/b.pdf"
    assert (second / same).stat().st_ino == (older / same).stat().st_ino
    assert (second / "media/images/a.jpg").read_bytes() == b"other"
    assert (older / "media/images/a.jpg").read_bytes() == b"a"
    manifests.verify(older, manifests.read(older))


def test_make__another_going_on__says_so(backups):
    with folder.new(), pytest.raises(CannotRunError, match="déjà en cours"):
        making.make()
    assert Pulse.objects.get(name=pulses.BACKUP).is_failing


def test_make__dump_that_fails__leaves_no_backup(backups, monkeypatch):
    def fail(*arguments):
        raise CannotRunError("pg_dump")

    monkeypatch.setattr(Database, "run", fail)
    with pytest.raises(CannotRunError):
        making.make()
    assert folder.all_backups() == []


def test_restore__into_an_empty_installation__is_the_same_in_every_table_and_file(backups, elsewhere):
    source, before = Database.of(django_settings.DATABASES["default"]), contents(Path(django_settings.MEDIA_ROOT))
    made = making.make()
    target = elsewhere()
    restoring.restore(made)
    assert digests(target) == lasting(manifests.read(made).tables)
    assert digests(target).keys() == digests(source).keys()
    assert contents(Path(django_settings.MEDIA_ROOT)) == before
    assert databases(target) == {target.name}
    assert index_state(target)[0] == index_state(source)[0]
    assert index_state(target)[1] != index_state(source)[1], "an index that is ahead of these rows is not followed"


def test_restore__where_something_is__refuses_then_keeps_it_aside_when_told(backups, elsewhere):
    made = making.make()
    target = elsewhere()
    restoring.restore(made)
    with target.connect() as connection:
        connection.execute("CREATE TABLE mine (x int)")
    Path(django_settings.MEDIA_ROOT, "mine.txt").write_text("mine")
    with pytest.raises(CannotRunError, match="pas vide"):
        restoring.restore(made)
    assert "public.mine" in digests(target)

    restoring.restore(made, replace=True)
    assert digests(target) == lasting(manifests.read(made).tables)
    assert "mine.txt" not in contents(Path(django_settings.MEDIA_ROOT))
    (aside,) = databases(target) - {target.name}
    assert "public.mine" in digests(target.named(aside))
    (kept,) = Path(django_settings.MEDIA_ROOT).parent.glob("other-media_before_*")
    assert (kept / "mine.txt").read_text() == "mine"

    restoring.discard()
    assert databases(target) == {target.name}
    assert not kept.exists()


def test_restore__files_left_in_an_empty_database__refuses(backups, elsewhere):
    made = making.make()
    target = elsewhere()
    Path(django_settings.MEDIA_ROOT).mkdir()
    Path(django_settings.MEDIA_ROOT, "mine.txt").write_text("mine")
    with pytest.raises(CannotRunError, match="fichiers déposés"):
        restoring.restore(made)
    assert databases(target) == set()


def test_restore__damaged_backup__changes_nothing(backups, elsewhere):
    made = making.make()
    content = (made / DUMP).read_bytes()
    (made / DUMP).write_bytes(content[:-1] + b"?")
    target = elsewhere()
    with pytest.raises(CannotRunError, match="abîmée"):
        restoring.restore(made)
    assert databases(target) == set()


def test_restore__table_that_differs__changes_nothing(backups, elsewhere, monkeypatch):
    made = making.make()
    target = elsewhere()
    whole = tables.digests

    def alter(cursor):
        cursor.execute("DELETE FROM wagtailcore_pagelogentry")
        cursor.execute("UPDATE users_user SET first_name = 'Autre'")
        return whole(cursor)

    monkeypatch.setattr(tables, "digests", alter)
    with pytest.raises(CannotRunError, match=r"public\.users_user"):
        restoring.restore(made)
    assert databases(target) == set()


@pytest.fixture
def changed(backups, elsewhere):
    """An installation that was restored, then changed, and what brings it back: ``(backup, database, files)``."""
    made, target = making.make(), elsewhere()
    restoring.restore(made)
    media = Path(django_settings.MEDIA_ROOT)
    (media / "mine.txt").write_text("mine")
    with target.connect() as connection:
        connection.execute("CREATE TABLE mine (x int)")
    return made, target, media


def test_restore__error_once_the_files_are_exchanged__puts_everything_back(changed, monkeypatch):
    made, target, media = changed
    exchange, calls = replacing.exchange, []

    def fail_once(*folders):
        exchange(*folders)
        calls.append("mine.txt" in contents(media))
        if len(calls) == 1:
            raise OSError("disk")

    monkeypatch.setattr(replacing, "exchange", fail_once)
    with pytest.raises(OSError, match="disk"):
        restoring.restore(made, replace=True)
    assert calls == [False, True]
    assert "public.mine" in digests(target)
    assert databases(target) == {target.name}
    assert [path.name for path in media.parent.glob("other-media*")] == ["other-media"]


def test_restore__answer_to_the_last_commit_lost__keeps_the_files_of_the_database_that_is_in_force(
    changed, monkeypatch
):
    made, target, media = changed

    @contextlib.contextmanager
    def swapped(*arguments):
        with postgres.swapped(*arguments):
            yield
        raise CannotRunError("no answer")

    monkeypatch.setattr(restoring, "swapped", swapped)
    with pytest.raises(CannotRunError, match="no answer"):
        restoring.restore(made, replace=True)
    assert digests(target) == lasting(manifests.read(made).tables)
    assert "mine.txt" not in contents(media)
    [kept] = media.parent.glob("other-media_*")
    assert (kept / "mine.txt").read_text() == "mine"
    assert kept.name.removeprefix(media.name) in {name.removeprefix(target.name) for name in databases(target)}


def test_restore__one_killed_before__leaves_nothing_of_it(backups, elsewhere):
    made = making.make()
    target = elsewhere()
    target.named(f"{target.name}_restoring_20260101_000000").create()
    left = Path(f"{django_settings.MEDIA_ROOT}_building_20260101_000000")
    left.mkdir()
    restoring.restore(made)
    assert databases(target) == {target.name}
    assert not left.exists()


def test_restore__files_on_a_volume_of_their_own__says_what_to_mount(backups, elsewhere, monkeypatch):
    made = making.make()
    elsewhere()
    monkeypatch.setattr(Path, "is_mount", lambda path: path == Path(django_settings.MEDIA_ROOT))
    with pytest.raises(CannotRunError, match="MARA_MEDIA_ROOT"):
        restoring.restore(made, replace=True)


def test_restore__somebody_connected__cuts_and_goes_on(backups, elsewhere):
    made = making.make()
    target = elsewhere()
    restoring.restore(made)
    with target.connect(autocommit=True) as connection:
        connection.execute("SELECT 1")
        restoring.restore(made, replace=True)
        assert digests(target) == lasting(manifests.read(made).tables)


def test_chosen__none_or_unknown__says_what_there_is(backups):
    with pytest.raises(CannotRunError, match="make backup"):
        folder.chosen(None)
    made = making.make()
    assert folder.chosen(None) == folder.chosen(made.name) == folder.chosen(str(made)) == made
    with pytest.raises(CannotRunError, match=made.name):
        folder.chosen("2020")

"""The drill that kills works sees what it is there to see: each fault planted here is one that it must tell."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from wagtail.models import Collection, Page, PageLogEntry, ReferenceIndex, Revision, Site

from benchmarks.killed import picture, soundness
from resources.models import ContactImport, ContactImportRow, EventOccurrence, EventPublication, IndexEntry, NewsPage
from tests.factories import pages


@pytest.fixture
def item(world):
    item = pages.news(world.home(world.a), "Café du mardi")
    item.save_revision().publish()
    return NewsPage.objects.get(pk=item.pk)


def told() -> list[str]:
    return soundness.faults(Path(settings.MEDIA_ROOT))


def rows(model, page: Page):
    return model.objects.filter(pk=page.pk)


def lose_the_specific_row(world, item):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM resources_newspage WHERE page_ptr_id = %s", [item.pk])


def miscount_the_children(world, item):
    Page.objects.filter(pk=item.get_parent().pk).update(numchild=7)


def lose_a_collection(world, item):
    Collection.objects.filter(depth=2).update(depth=3)


def keep_the_old_address(world, item):
    rows(Page, item).update(slug="autre")


def publish_without_history(world, item):
    PageLogEntry.objects.filter(page=item.pk).delete()


def publish_another_text(world, item):
    rows(Page, item).update(title="Autre titre")


def leave_the_hour(world, item):
    Revision.objects.filter(pk=item.live_revision_id).update(approved_go_live_at=timezone.now())


def forget_the_last_version(world, item):
    last = item.save_revision()
    rows(Page, item).update(latest_revision=item.live_revision_id)
    assert last.pk != item.live_revision_id


def leave_a_version_of_nothing(world, item):
    Revision.objects.create(content_object=item, base_content_type=item.get_base_content_type(), content={})
    Revision.objects.filter(pk=Revision.objects.latest("pk").pk).update(object_id="0")


def leave_a_reference_to_nothing(world, item):
    kind = item.get_content_type()
    same = {"base_content_type": item.get_base_content_type(), "content_type": kind, "to_content_type": kind}
    ReferenceIndex.objects.create(
        **same,
        object_id=item.pk,
        to_object_id="0",
        model_path="x",
        content_path="x",
        content_path_hash=item.translation_key,
    )


def show_in_the_search_what_is_gone(world, item):
    IndexEntry.objects.create(
        page_id=987, version=1, digest="", path="", home="", shared="", kind="", title="", model=""
    )


def make_half_a_groupement(world, item):
    type(world.a).objects.filter(pk=world.a.pk).update(site=None)


def leave_a_site_of_nobody(world, item):
    Site.objects.create(hostname="perdu.example.org", root_page=item)


def import_without_a_page(world, item):
    section = pages.section(world.home(world.a), "annuaire")
    origin = ContactImport.objects.create(groupement=world.a, section=section, file_title="a.csv")
    ContactImportRow.objects.create(origin=origin, line=1, outcome="created")


def publish_an_event_without_dates(world, item):
    EventOccurrence.objects.filter(event=pages.event(world.home(world.a))).delete()


def tell_of_an_event_that_is_off(world, item):
    event = pages.event(world.home(world.a))
    EventPublication.objects.filter(page_id=event.pk).update(page_id=0)


def leave_a_file(world, item):
    path = Path(settings.MEDIA_ROOT) / "documents" / "orphelin.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF")


def lose_a_file(world, item):
    document = pages.document()
    Path(document.file.path).unlink()


def leave_a_transaction_s_mark(world, item):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica; INSERT INTO core_publicchange VALUES (1)")


def point_at_nobody(world, item):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE users_user_groups SET user_id = 0 WHERE user_id = %s", [world.people["admin"].pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def approve_for_ever(world, item):
    task_state = item.get_workflow().start(item, world.people["contributor_a"]).current_task_state
    rows(Page, item).update(live_revision=task_state.revision)


# What is planted, and the words by which it must be told.
FAULTS = (
    (lose_the_specific_row, "without its row of NewsPage"),
    (miscount_the_children, "a wrong numchild"),
    (lose_a_collection, "Collection with a wrong depth"),
    (keep_the_old_address, "at /reseau/finistere"),
    (publish_without_history, "its history does not say so"),
    (publish_another_text, "its published version"),
    (leave_the_hour, "waits for an hour that is past"),
    (forget_the_last_version, "a newer version than the one it knows"),
    (leave_a_version_of_nothing, "wagtailcore.Revision of"),
    (leave_a_reference_to_nothing, "wagtailcore.ReferenceIndex of"),
    (show_in_the_search_what_is_gone, "the search shows page 987"),
    (make_half_a_groupement, "groupement finistere is not whole"),
    (leave_a_site_of_nobody, "site perdu.example.org"),
    (import_without_a_page, "was made, and has no page"),
    (publish_an_event_without_dates, "is published, and has no date"),
    (tell_of_an_event_that_is_off, "calendars are not told"),
    (leave_a_file, "file documents/orphelin.pdf is nobody's"),
    (lose_a_file, "which is not there"),
    (leave_a_transaction_s_mark, "left its mark"),
    (point_at_nobody, "users.User_groups.user points at"),
    (approve_for_ever, "waits for approval of the version that is published"),
)


@pytest.fixture(autouse=True)
def _no_file_of_another_test(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def test_faults__of_a_sound_installation__are_none(world, item):
    pages.event(world.home(world.a))
    pages.document()
    assert told() == []


@pytest.mark.parametrize(("plant", "words"), FAULTS, ids=[plant.__name__ for plant, _words in FAULTS])
def test_faults__one_planted__is_told(world, item, plant, words):
    plant(world, item)
    assert [fault for fault in told() if words in fault], told()


def test_picture__the_same_done_after_an_attempt_taken_back__is_the_same(world):
    picture.spread_numbers()
    reader = picture.Reader(Path(settings.MEDIA_ROOT))
    home = world.home(world.a)

    def made(title: str) -> None:
        page = pages.news(home, title, slug="cafe")
        page.save_revision().publish()

    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT here")
        made("Café")
        first = reader.picture()
        cursor.execute("ROLLBACK TO SAVEPOINT here")
        made("Café")  # numbers, moments and identifiers differ
        assert picture.differences(first, reader.picture()) == []
        cursor.execute("ROLLBACK TO SAVEPOINT here")
        made("Thé")
        assert any(text.startswith("wagtailcore_page: lost") for text in picture.differences(first, reader.picture()))


def test_picture__a_line_of_history_twice_or_a_file_changed__differs(world, item):
    reader = picture.Reader(Path(settings.MEDIA_ROOT))
    document = pages.document()
    before = reader.picture()
    entry = PageLogEntry.objects.filter(page=item.pk).latest("pk")
    entry.pk = None
    entry.timestamp = entry.timestamp + dt.timedelta(seconds=1)
    entry.save()
    Path(document.file.path).write_bytes(b"%PDF-1.4 other")
    told = picture.differences(before, reader.picture())
    assert [text.split(":")[0] for text in told] == ["media/", "media/", "wagtailcore_pagelogentry"]

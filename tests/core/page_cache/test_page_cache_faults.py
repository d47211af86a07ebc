"""A change while a page is made, a cache that is away: never a stale page, never a 500."""

from __future__ import annotations

import threading
import time

import pytest
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.core.management import call_command
from django.db import connection
from wagtail import hooks

from core.page_cache import generation, keeping
from regions.models import Groupement, Zone
from tests.factories import pages
from tests.visiting import MEMORY, Visitors, use

ELSEWHERE = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "another-process"}
GONE = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}


def in_a_thread(action) -> None:
    """Do something as another process would: on a connection of its own, with its own transaction."""

    def work():
        try:
            action()
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@pytest.fixture
def committed(django_db_setup, django_db_blocker, settings):
    """The world as the run's database holds it, with real commits; the test puts back what it changes."""
    use(settings, MEMORY)
    caches["pages"].clear()
    with django_db_blocker.unblock():
        zone = Zone.objects.get(code="ouest")
        groupement = Groupement.objects.get(code="finistere")
        name = groupement.contact_name
        yield groupement
        Groupement.objects.filter(pk=groupement.pk).update(contact_name=name)
        Zone.objects.filter(pk=zone.pk).update(name=zone.name)
        connection.close()
    caches["pages"].clear()
    generation.forget()


def rename(groupement, name: str) -> None:
    in_a_thread(lambda: Groupement.objects.filter(pk=groupement.pk).update(contact_name=name))


def test_publication__while_a_page_is_made__never_leaves_a_stale_page(committed):
    visitors, host = Visitors(), committed.site.hostname
    changed = []

    def change_meanwhile(page, request, serve_args, serve_kwargs):
        if not changed:
            from regions.places import place_for

            assert place_for(request).groupement.contact_name != "Mme Après"  # read, and kept for this page
            rename(committed, "Mme Après")
            changed.append(True)

    with hooks.register_temporarily("before_serve_page", change_meanwhile):
        during = visitors.get(host)
    assert "Mme Après" not in during.content.decode(), "the page was made from what was read before"
    generation.forget()
    after = visitors.get(host)
    assert "Mme Après" in after.content.decode()
    assert after.headers["Cache-Status"] == "mara; fwd=miss; stored"


def test_publication__by_another_process__is_seen_within_a_second(committed, monkeypatch):
    visitors, host = Visitors(), committed.site.hostname
    visitors.get(host)
    rename(committed, "Mme Ailleurs")
    assert "Mme Ailleurs" not in visitors.get(host).content.decode(), "the number is believed for a second"
    clock = generation.time.monotonic
    monkeypatch.setattr(generation.time, "monotonic", lambda: clock() + generation.READ_EVERY)
    assert "Mme Ailleurs" in visitors.get(host).content.decode()


def test_publication__not_committed_yet__is_neither_seen_nor_waited_for(committed):
    visitors, host = Visitors(), committed.site.hostname
    visitors.get(host)
    written, done = threading.Event(), threading.Event()

    def slow_publication():
        from django.db import transaction

        try:
            with transaction.atomic():
                Groupement.objects.filter(pk=committed.pk).update(contact_name="Mme Lente")
                written.set()
                done.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow_publication)
    thread.start()
    written.wait(10)
    generation.forget()
    assert visitors.status(host) == "hit"
    # Another change is not held up by the one under way.
    in_a_thread(lambda: Zone.objects.filter(code="ouest").update(name="Zone Ouest, autrement"))
    generation.forget()
    assert visitors.status(host) == "fwd=miss; stored"
    done.set()
    thread.join()
    generation.forget()
    assert "Mme Lente" in visitors.get(host).content.decode()


def test_writers__many_at_once__each_move_the_generation_and_none_fails(committed):
    faults, before = [], generation.current()

    def write(number: int):
        try:
            for turn in range(5):
                Groupement.objects.filter(pk=committed.pk).update(contact_name=f"{number}-{turn}")
        except Exception as error:  # noqa: BLE001 - whatever it is, the test says so
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    generation.forget()
    assert faults == []
    assert generation.current() > before


# --- The store ----------------------------------------------------------------------------------


def test_store__gone__pages_are_given_from_here_and_nobody_waits_twice(world, settings):
    use(settings, GONE)
    visitors, host = Visitors(), world.host(world.a)
    answers = [visitors.get(host) for _turn in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.headers["Cache-Status"].split("; ")[1] for answer in answers] == ["fwd=miss", "hit"]
    asked = []
    keeping._try(asked.append)
    assert asked == [], "for five seconds it is left alone"
    keeping.expect_again()


def test_store__elsewhere__is_asked_once_by_each_process_for_each_state(world, settings, monkeypatch):
    use(settings, ELSEWHERE)
    caches["pages"].clear()
    visitors, host = Visitors(), world.host(world.a)
    made = visitors.get(host)
    keeping.expect_again()  # another process
    asked = []
    get = LocMemCache.get
    monkeypatch.setattr(
        type(caches["pages"]), "get", lambda self, key, **more: asked.append(key) or get(self, key, **more)
    )
    found = [visitors.get(host) for _turn in range(3)]
    assert {answer.content for answer in found} == {made.content}
    assert len(asked) == 1
    Groupement.objects.filter(pk=world.a.pk).update(contact_name="Mme Nouvelle")
    visitors.commit()
    assert "Mme Nouvelle" in visitors.get(host).content.decode()
    assert len(asked) == 2


def test_store__elsewhere__another_process_made_a_page_again__gives_that_one(world, settings):
    use(settings, ELSEWHERE)
    caches["pages"].clear()
    visitors, host = Visitors(), world.host(world.a)
    visitors.get(host)
    [key] = [key.split(":", 2)[2] for key in caches["pages"]._cache]
    number, now = generation.current(), time.time()
    kept = keeping.find(key, number, now)
    caches["pages"].set(key, kept._replace(generation=number + 1, body=b"new"), None)
    assert keeping.find(key, number, now).body == kept.body
    assert keeping.find(key, number + 1, now).body == b"new"


def test_store__elsewhere_and_page_gone__is_in_neither(world, settings):
    use(settings, ELSEWHERE)
    caches["pages"].clear()
    visitors, host = Visitors(), world.host(world.a)
    page = pages.news(world.home(world.a), "Une", slug="une")
    visitors.commit()
    visitors.get(host, "/actualites/une/")
    assert (len(caches["pages"]._cache), len(keeping._near._cache)) == (1, 1)
    page.delete()
    visitors.commit()
    assert visitors.get(host, "/actualites/une/").status_code == 404
    assert (len(caches["pages"]._cache), len(keeping._near._cache)) == (0, 0)


def test_store__holding_something_else_under_the_key__is_not_believed(world, visitors, monkeypatch):
    host = world.host(world.a)
    visitors.get(host)
    for key in list(caches["pages"]._cache):
        caches["pages"].set(key.split(":", 2)[2], "autre chose", None)
    assert visitors.get(host).status_code == 200


def test_store__the_database__keeps_pages(world, settings):
    use(settings, {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "pages_of_tests"})
    call_command("createcachetable", verbosity=0)
    visitors, host = Visitors(), world.host(world.a)
    made = visitors.get(host)
    visitors.commit()
    again = visitors.get(host)
    assert again.headers["Cache-Status"].startswith("mara; hit")
    assert again.content == made.content


def test_watch__while_nobody_asks__goes_on_reading(committed, monkeypatch):
    generation.forget()
    monkeypatch.setattr(generation, "_seen", None)
    monkeypatch.setattr(generation, "WATCHED_EVERY", 0.05)
    before = set(threading.enumerate())
    over = generation.watch()
    (thread,) = set(threading.enumerate()) - before
    for _moment in range(100):
        if generation._seen:
            break
        thread.join(0.1)
    over.set()
    thread.join(10)
    assert generation._seen.number == generation.current()


def test_page__older_than_its_time__is_made_again(world, visitors, monkeypatch):
    host = world.host(world.a)
    visitors.get(host)
    clock = keeping.time.time
    monkeypatch.setattr("core.page_cache.middleware.time.time", lambda: clock() + 61)
    assert visitors.status(host) == "fwd=miss; stored"


def test_page__no_longer_there__is_dropped(world, visitors):
    page = pages.news(world.home(world.a), "Une", slug="une")
    visitors.commit()
    host = world.host(world.a)
    visitors.get(host, "/actualites/une/")
    assert len(caches["pages"]._cache) == 1
    page.delete()
    visitors.commit()
    assert visitors.get(host, "/actualites/une/").status_code == 404
    assert len(caches["pages"]._cache) == 0


def test_sender_of_a_form__looking_at_the_page_next__sees_it_changed(world, visitors, signed_in):
    page = pages.news(world.home(world.a), "Avant", slug="une")
    visitors.commit()
    host = world.host(world.a)
    visitors.get(host, "/actualites/une/")
    answer = signed_in("admin").post(f"/admin/pages/{page.pk}/unpublish/")
    assert answer.status_code == 302
    with connection.cursor() as cursor:  # the commit, without what the fixture does beside
        cursor.execute("SET CONSTRAINTS core_move_generation IMMEDIATE")
        cursor.execute("SET CONSTRAINTS core_move_generation DEFERRED")
    assert visitors.get(host, "/actualites/une/").status_code == 404

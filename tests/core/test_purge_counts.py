"""What is counted of a network or of an account is forgotten when its time is over, asked again or not."""

from __future__ import annotations

from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from tests.helpers import count_in_database


def kept() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM mara_cache ORDER BY cache_key")
        return [key.rpartition(":")[2] for (key,) in cursor.fetchall()]


def test_counts__their_time_over__are_forgotten_and_the_others_kept(db, settings):
    count_in_database(settings)
    cache.set("counted-for-an-hour", 3, 3600)
    cache.set("counted-for-a-minute", 3, -60)
    assert kept() == ["counted-for-a-minute", "counted-for-an-hour"]
    call_command("purge_counts")
    assert kept() == ["counted-for-an-hour"]


def test_counts__kept_in_memory__are_left_to_it(db):
    cache.set("counted-for-an-hour", 3, 3600)
    call_command("purge_counts")
    assert cache.get("counted-for-an-hour") == 3

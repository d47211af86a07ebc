"""Visitors of the site with the page cache on: in the unit tests it is off (mara_site/settings/test.py)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.test import Client

from core.page_cache import generation, keeping

MEMORY = {"BACKEND": "core.page_cache.store.PageMemory", "LOCATION": "pages-of-tests"}


@dataclass
class Visitors:
    """Visitors of the site, with the page cache on."""

    def get(self, host: str, path: str = "/", **extra):
        """What a visitor is answered, with a new browser."""
        return Client(headers={"host": host}, raise_request_exception=False).get(path, **extra)

    def status(self, host: str, path: str = "/", **extra) -> str:
        """What the cache did: ``hit``, ``fwd=miss``, ``fwd=miss; stored``, or nothing."""
        header = self.get(host, path, **extra).headers.get("Cache-Status", "")
        return "; ".join(part for part in header.split("; ")[1:] if not part.startswith(("ttl", "age")))

    @staticmethod
    def commit() -> None:
        """Do what a commit would: a test's own transaction never comes to its end."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS core_move_generation IMMEDIATE")
            cursor.execute("SET CONSTRAINTS core_move_generation DEFERRED")
        generation.forget()


def use(settings, store: dict) -> None:
    """Turn the cache on, in a store."""
    settings.CACHES = settings.CACHES | {"pages": store}
    keeping.expect_again()
    generation.forget()

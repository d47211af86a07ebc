"""Kept pages in the memory of the process, given as they are."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.locmem import LocMemCache


class PageMemory(LocMemCache):
    """Django's cache in memory, without its copies: a kept page is never changed, and needs none.

    Keys are our own digests: they are not looked at character by character.
    """

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The object itself, most recently used from now on."""
        known = self.make_key(key, version)
        with self._lock:
            if self._has_expired(known):
                self._delete(known)
                return default
            self._cache.move_to_end(known, last=False)
            return self._cache[known]

    def set(self, key: str, value: Any, timeout: Any = None, version: int | None = None) -> None:
        """Keep the object itself; the least recently used leave when there are too many."""
        with self._lock:
            self._set(self.make_key(key, version), value, timeout)

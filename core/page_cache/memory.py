"""What pages are made from and hardly ever changes (sites, languages, sections…), read once for each generation.

In the memory of the process, for visitors' requests; whoever is signed in reads the database, and sees their own
change at once. Nothing here is needed: without it, the same is read again.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Hashable
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest

from core.page_cache import generation, sharing

Value = TypeVar("Value")

MOST = 20_000  # things remembered: a few for each site
_remembered: tuple[int | None, dict[Hashable, bytes]] = (None, {})


def remembered(
    request: HttpRequest,
    key: Hashable,
    make: Callable[[], Value],
    *,
    worth: Callable[[Value], bool] = lambda value: True,
) -> Value:
    """What ``make`` gives, made once for each state of what is public.

    The number is read before it is made, as for a page: it is never older than the number says. Each request has a
    copy of its own, to change as it likes.

    Args:
        key: what it is and of what: ``("sections", home.pk)``.
        make: gives something that can be pickled, from what is public alone.
        worth: whether what was made is to be remembered: not what anybody may type.
    """
    values = _values(request)
    if values is None:
        return make()
    kept = values.get(key)
    if kept is None:
        value = make()
        if len(values) < MOST and worth(value):
            values[key] = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        return value
    return pickle.loads(kept)  # noqa: S301 - our own bytes, from this process's memory


def knows(request: HttpRequest, key: Hashable) -> bool:
    """Whether something is remembered for a request: it need not be read together with the rest."""
    return key in (_values(request) or {})


def _values(request: HttpRequest) -> dict[Hashable, bytes] | None:
    """What is remembered of the present state; ``None`` for whoever reads the database."""
    global _remembered
    number = generation.current() if settings.MARA_REMEMBER and sharing.is_visitor(request) else None
    if number is None:
        return None
    if _remembered[0] != number:
        _remembered = (number, {})
    return _remembered[1]


def forget() -> None:
    """Remember nothing."""
    global _remembered
    _remembered = (None, {})

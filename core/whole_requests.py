"""What somebody sends from the administration happens whole, or not at all."""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.db import DEFAULT_DB_ALIAS, transaction
from django.http import HttpRequest, HttpResponseBase

from core.transactions import must_be_kept

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def whole_or_nothing(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Have a view answer whatever may write in one transaction: an error or a process killed takes all of it back.

    Wagtail's own form writes a page, its version, its publication and its history one after the other, each by itself
    (read in 8.0.1: ``wagtail.admin.views.pages.edit.EditView.publish_action``); only a few of its views are atomic. To
    remove when they all are. Django's ``ATOMIC_REQUESTS`` would have every reading pay for it.

    An error of the database that something on the way kept to itself, as ``wagtail.admin.mail`` does for messages that
    cannot be sent, is an error here: the answer would be a lie.

    A view that is made of short steps says so as for ``ATOMIC_REQUESTS``, by ``transaction.non_atomic_requests``.

    Raises:
        django.db.OperationalError: what the view wrote is not kept, and the view does not know it.
    """
    in_steps = DEFAULT_DB_ALIAS in getattr(view, "_non_atomic_requests", ())

    @functools.wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if in_steps or request.method in SAFE:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            response = view(request, *args, **kwargs)
            must_be_kept()
        return response

    return answer

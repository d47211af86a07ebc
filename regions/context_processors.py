"""Template variables that every public page has."""

from __future__ import annotations

from django.http import Http404
from wagtail.models import Site

from regions.places import place_for


def place(request) -> dict:
    """Give templates the place from which the page is read, where there is one.

    Pages put it in their own context; this serves the others: sign-in, errors.
    """
    if request.path.startswith("/admin/") or Site.find_for_request(request) is None:
        return {}
    try:
        return {"place": place_for(request)}
    except Http404:
        return {}

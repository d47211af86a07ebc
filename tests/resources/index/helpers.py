"""What the tests of the search share: a place without a visitor, and a question put from it."""

from __future__ import annotations

from django.test import RequestFactory
from django.utils import translation

from regions.places import Place, place_for
from resources.index.query import Question, Results, search


def place_of(host: str, language: str = "fr") -> Place:
    """The place that a visitor of a host reads from."""
    request = RequestFactory(headers={"host": host}).get("/")
    with translation.override(language):
        return place_for(request)


def ask(host: str, text: str = "", **fields) -> Results:
    """Put a question from a host."""
    return search(place_of(host), Question(text=text, **fields))


def titles(host: str, text: str = "", **fields) -> list[str]:
    """The titles found, in order."""
    return [hit.title for hit in ask(host, text, **fields).hits]

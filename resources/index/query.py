"""The visitors' search: ``search(place, question)`` and ``suggest(place, text)``."""

from __future__ import annotations

from django.utils import translation
from wagtail.models import Page

from regions import visibility
from regions.places import Place
from resources.index import asking, following, postgres, presenting
from resources.index.results import Facet, FacetValue, Found, Hit, Question, Results, Suggestion
from resources.index.scope import place_in, scope_of

__all__ = ["Facet", "FacetValue", "Hit", "Question", "Results", "Suggestion", "search", "suggest"]

FOLLOWED_AT_ONCE = 50  # pages read again before a search; more are left to the clock


def search(place: Place, question: Question) -> Results:
    """Return what a place shows for a question.

    Args:
        place: from where the visitor asks.
        question: straight from the address: what cannot be understood is left out.

    Returns:
        the results of one page, their exact number, and the facets with theirs.
    """
    there = place_in(place, question.language)
    if there is None:
        return Results()
    question = presenting.understood(question)
    following.follow(FOLLOWED_AT_ONCE)
    scope = scope_of(there, whole_network=question.whole_network)
    asked = asking.read(question.text, there.locale.language_code[:2])
    if question.text.strip() and not asked.parts:
        return Results()
    every_part = len(asked.parts) < 2 or postgres.count(asked, scope) > 0
    found: Found = postgres.find(asked, question, scope, every_part=every_part)
    with translation.override(place.locale.language_code):
        return Results(
            hits=presenting.hits(found.page_ids, asked, question, there),
            total=found.total,
            facets=presenting.facets(found.counts, question, scope),
        )


def suggest(place: Place, text: str, limit: int = 8) -> list[Suggestion]:
    """Return the pages whose title holds what is being typed, the place's own first."""
    asked = asking.read(text, place.locale.language_code[:2])
    if not asked.parts:
        return []
    following.follow(FOLLOWED_AT_ONCE)
    scope = scope_of(place)
    found = postgres.find(asked, Question(page_size=limit), scope)
    rows = visibility.present(Page.objects.filter(pk__in=found.page_ids, live=True), place)
    by_id = {page.pk: page for page in rows}
    kinds = presenting.kind_labels(found.page_ids)
    return [
        Suggestion(by_id[pk].title, by_id[pk].href, kinds.get(pk, ""), by_id[pk].origin.label)
        for pk in found.page_ids
        if pk in by_id
    ]

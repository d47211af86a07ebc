"""The visitors' search: ``search(place, question)`` and ``suggest(place, text)``."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.utils import translation

from regions.places import Place
from resources.index import asking, following, local, postgres, presenting, spelling
from resources.index.asking import Asked
from resources.index.local import LocalIndex, UnavailableError
from resources.index.models import IndexState
from resources.index.results import Facet, FacetValue, Found, Hit, Question, Results, Suggestion
from resources.index.scope import Scope, place_in, scope_of
from resources.index.synonyms import Synonyms, synonyms_for
from resources.index.tantivy_query import Asking

__all__ = ["Facet", "FacetValue", "Hit", "Question", "Results", "Suggestion", "search", "suggest"]

FOLLOWED_AT_ONCE = 50  # pages read again before a search; more are left to the clock
MAX_SUGGESTIONS = 20
logger = logging.getLogger(__name__)


@dataclass
class Engine:
    """Who answers: this machine's own index, or PostgreSQL when it cannot."""

    scope: Scope
    index: LocalIndex | None

    def count(self, asked: Asked) -> int:
        """How many pages of the scope hold all the words, whatever the facets."""
        if self.index is None:
            return postgres.count(asked, self.scope)
        return Asking(self.index, asked, Question(), self.scope).count(ignoring_facets=True)

    def find(self, asked: Asked, question: Question, *, every_part: bool) -> Found:
        """The pages of one screen, and the counts."""
        if self.index is None:
            return postgres.find(asked, question, self.scope, every_part=every_part)
        return Asking(self.index, asked, question, self.scope, every_part).find()

    def starting(self, text: str, limit: int) -> list[int]:
        """The pages whose title holds words that begin so."""
        if self.index is None:
            return postgres.starting(text, self.scope, limit)
        return Asking(self.index, Asked(), Question(), self.scope).starting(text, limit)


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
    state = _follow(there)
    engine = Engine(scope_of(there, whole_network=question.whole_network), _index(state))
    language = analysed(there)
    synonyms = synonyms_for(state, language)
    asked = asking.read(question.text, language, synonyms)
    if question.text.strip() and not asked.parts:
        return Results()
    found = engine.find(asked, question, every_part=True)
    results, meant, every_part = _read(asked, question, found, engine, synonyms)
    if (meant, every_part) != (asked, True):
        found = engine.find(meant, question, every_part=every_part)
    with translation.override(place.locale.language_code):
        results.hits = presenting.hits(found.page_ids, meant, question, there)
        results.facets = presenting.facets(found.counts, question, engine.scope, there)
    results.total = found.total
    return results


def _read(
    asked: Asked, question: Question, found: Found, engine: Engine, synonyms: Synonyms
) -> tuple[Results, Asked, bool]:
    """How the question is to be understood, facets apart: as typed, corrected, or with some of its words.

    Args:
        found: what the question finds as typed, facets applied: most questions find something and are asked once.
    """
    results, text = Results(), question.text
    if not asked.parts:
        return results, asked, True
    if found.total or (question.is_narrowed and engine.count(asked)):
        if engine.index is not None:
            results.suggestion = spelling.better(text, asked, engine.index, synonyms, engine.count)
        return results, asked, True
    if engine.index is not None:
        correction = spelling.correct(text, asked, engine.index, synonyms, engine.count)
        if correction is not None:
            results.suggestion = correction.text
            if correction.is_obvious:
                results.corrected_from = text
                return results, correction.asked, True
    results.is_partial = len(asked.parts) > 1
    return results, asked, False


def suggest(place: Place, text: str, limit: int = 8) -> list[Suggestion]:
    """Return the pages whose title holds what is being typed, the place's own first."""
    text = text.replace("\x00", " ")[: asking.MAX_LENGTH]
    state = _follow(place)
    engine = Engine(scope_of(place), _index(state))
    page_ids = engine.starting(text, min(max(1, limit), MAX_SUGGESTIONS))
    with translation.override(place.locale.language_code):
        hits = presenting.hits(page_ids, Asked(), Question(), place)
    return [Suggestion(hit.title, hit.href, hit.kind_label, hit.origin.label) for hit in hits]


def analysed(place: Place) -> str:
    """The language whose rules the words of a place follow."""
    return "en" if place.locale.language_code.startswith("en") else "fr"


def _follow(place: Place) -> IndexState:
    """Read again the pages that changed, and say how far the entries have got."""
    state, is_pending = following.look()
    if is_pending:
        following.follow_for(place.home.path, FOLLOWED_AT_ONCE)
        state, _pending = following.look()
    return state


def _index(state: IndexState) -> LocalIndex | None:
    """This machine's index, or ``None`` when PostgreSQL has to answer."""
    try:
        return local.ready(state)
    except UnavailableError as error:
        logger.warning("The local search index does not answer (%s): PostgreSQL does", error)
        return None

"""The editors' list of synonyms, ready to be asked; read once by each process, and again when it changes."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.text import fold
from resources.index.analysis import is_stop_word, parts, stem, without_dots
from resources.index.asking import SYNONYM_WEIGHT
from resources.index.models import IndexState, Synonym

Expansions = tuple[tuple[tuple[str, ...], float], ...]
MAX_LENGTH = 8


@dataclass
class Synonyms:
    """For each expression, as stems in order, what it leads to."""

    leads_to: dict[tuple[str, ...], set[tuple[str, ...]]] = field(default_factory=dict)
    language: str = "fr"

    def longest(self, pieces: list[str]) -> tuple[int, Expansions]:
        """Return how many of the first of these folded words are a known expression, and what it leads to."""
        keys = [_stem(piece, self.language) for piece in pieces[:MAX_LENGTH]]
        for length in range(len(keys), 0, -1):
            if found := self.leads_to.get(tuple(keys[:length])):
                return length, tuple((words, SYNONYM_WEIGHT) for words in sorted(found))
        return 0, ()

    def add(self, synonym: Synonym) -> None:
        """Take in one row of the list."""
        terms = [_pieces(term) for term in synonym.term_list]
        expansions = [_pieces(term) for term in synonym.expansion_list]
        if synonym.direction == Synonym.Direction.BOTH:
            terms = expansions = [*terms, *expansions]
        for term in terms:
            for other in expansions:
                if term and other and term != other:
                    self._lead(term, other)
                    if synonym.is_acronym and len(term) > 1:
                        self._lead(["".join(term)], other)
                        self._lead(["".join(term)], term)

    def _lead(self, term: list[str], other: list[str]) -> None:
        key = tuple(_stem(piece, self.language) for piece in term)
        words = tuple(stem(piece, self.language) for piece in other if not is_stop_word(piece, self.language))
        if words:
            self.leads_to.setdefault(key, set()).add(words)


def _stem(piece: str, language: str) -> str:
    return piece if is_stop_word(piece, language) else stem(piece, language)


def _pieces(term: str) -> list[str]:
    return [piece for word in fold(without_dots(term)).split() for piece in parts(word.strip(".,;:!?()"))][:MAX_LENGTH]


_known: dict[tuple, Synonyms] = {}


def synonyms_for(state: IndexState, language: str) -> Synonyms:
    """Return the list for a language; no query when it is as this process read it last."""
    key = (state.generation, state.synonyms, language)
    if key not in _known:
        found = Synonyms(language=language)
        for row in Synonym.objects.filter(language=language):
            found.add(row)
        for old in [known for known in _known if known[2] == language]:
            _known.pop(old, None)
        _known[key] = found
    return _known[key]


def forget() -> None:
    """Read the list again at the next search."""
    _known.clear()

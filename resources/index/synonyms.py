"""The editors' list of synonyms, ready to be asked; read once by each process, and again when it changes."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.text import fold
from resources.index.analysis import compact, is_stop_word, parts, stem, written_words
from resources.index.asking import SYNONYM_WEIGHT
from resources.index.models import IndexState, Synonym

Expansions = tuple[tuple[tuple[str, ...], float], ...]
MAX_LENGTH = 8


@dataclass
class Synonyms:
    """For each expression, as stems in order, what it leads to.

    Attributes:
        written: the words that people type, folded, and as the list writes them: a mistyped one is corrected to them.
    """

    leads_to: dict[tuple[str, ...], set[tuple[str, ...]]] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    language: str = "fr"

    def longest(self, pieces: list[str]) -> tuple[int, Expansions]:
        """Return how many of the first of these folded words are a known expression, and what it leads to.

        Small words do not matter: “monter ma boîte” is known where “monter sa boîte” is.
        """
        pieces = pieces[:MAX_LENGTH]
        for length in range(len(pieces), 0, -1):
            if length > 1 and (
                is_stop_word(pieces[0], self.language) or is_stop_word(pieces[length - 1], self.language)
            ):
                continue
            if found := self.leads_to.get(_key(pieces[:length], self.language)):
                return length, tuple((words, SYNONYM_WEIGHT) for words in sorted(found))
        return 0, ()

    def add(self, synonym: Synonym) -> None:
        """Take in one row of the list."""
        terms = [_pieces(term) for term in synonym.term_list]
        expansions = [_pieces(term) for term in synonym.expansion_list]
        for word in written_words(" ".join(synonym.term_list)):
            self.written.setdefault(fold(word), word)
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
        key = _key(term, self.language)
        words = tuple(stem(piece, self.language) for piece in other if not is_stop_word(piece, self.language))
        if words:
            self.leads_to.setdefault(key, set()).add(words)


def _key(pieces: list[str], language: str) -> tuple[str, ...]:
    kept = tuple(stem(piece, language) for piece in pieces if not is_stop_word(piece, language))
    return kept or tuple(pieces)


def _pieces(term: str) -> list[str]:
    return [piece for word in fold(compact(term)).split() for piece in parts(word.strip(".,;:!?()"))][:MAX_LENGTH]


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

"""The search of Wagtail's administration, on PostgreSQL: as the stock one, but quick at any size, and deaf to accents.

To name in ``WAGTAILSEARCH_BACKENDS``; an installation that outgrows it names OpenSearch there instead. What differs
from ``modelsearch``'s own backend:

- accents are folded in what is indexed and in what is asked, autocompletion included; no extension is needed;
- saving writes one entry and reads no other. The stock backend averages the length of all titles and updates a column
  without an index at each save (``_refresh_title_norms``): the cost of a publication grows with the site;
- the stock filter, ``title || body``, is served by none of its indexes, so that each search reads the whole table
  (https://github.com/wagtail/wagtail/issues/6546; the index that closed it did not follow the code to modelsearch).
  Migration ``core.0003`` brings it back;
- results are ranked by their titles, the newest first among equals: ranking by bodies unpacks each of them;
- of what more than five hundred objects hold, the newest are ranked and counted: the stock backend ranks all of them,
  and reads them again for their number, and again for their types.

To remove when django-modelsearch has the combined index and keeps its norms without a scan. See docs/adr/0042.
"""

from __future__ import annotations

from collections import OrderedDict
from copy import copy
from dataclasses import dataclass

from django.db.models import Count, F
from django.db.models.functions import Left, Length
from modelsearch.backends.database.postgres import postgres
from modelsearch.query import And, Boost, Or, Phrase, PlainText
from modelsearch.utils import get_content_type_pk, get_descendants_content_types_pks
from wagtail.models import Page
from wagtail.search.models import IndexEntry

from core.text import fold

USUAL_TITLE_WORDS = 4.0  # words of a title: a shorter one weighs more, as in the stock backend
MOST = 500  # of what is found: the rest is not ranked, nor counted
TITLED = 100  # whose title begins with what was typed, among what is older than those
TITLE_LENGTH = 100  # as its index has it
RANK = "_rank"
BOUNDED = (PlainText, Phrase, And, Or, Boost)
WRITTEN = ("title", "autocomplete", "body", "title_norm", "title_text", "body_text")


@dataclass(frozen=True)
class Found:
    """The keys of what was found, in order, and whether there was more."""

    keys: list
    is_cut: bool


class FoldingIndexer(postgres.ObjectIndexer):
    """Indexes text without its accents."""

    def prepare_value(self, value):
        return fold(super().prepare_value(value))


class Index(postgres.PostgresIndex):
    """The entries, of which a save touches one."""

    def add_items(self, model, objs):
        """Write the entries of these objects."""
        if not model.get_search_fields():
            return
        content_type = get_content_type_pk(model)
        entries = [
            self.entries.model(
                content_type_id=content_type,
                object_id=indexer.id,
                title=indexer.title,
                autocomplete=indexer.autocomplete,
                body=indexer.body,
                title_norm=USUAL_TITLE_WORDS / max(1, len(indexer.title_text.split())),
                title_text=indexer.title_text,
                body_text=indexer.body_text,
            )
            for indexer in (FoldingIndexer(obj, self.backend) for obj in objs)
        ]
        self.entries.using(self.write_connection.alias).bulk_create(
            entries,
            batch_size=200,
            update_conflicts=True,
            unique_fields=["content_type", "object_id"],
            update_fields=WRITTEN,
        )

    def _refresh_title_norms(self, full=False):
        """Nothing: each entry's norm is written with it."""


class Folding:
    """Folds what is asked as what is indexed was."""

    def build_tsquery_content(self, query, config=None, invert=False):
        if isinstance(query, postgres.PlainText):
            query = postgres.PlainText(fold(query.query_string), operator=query.operator)
        elif isinstance(query, postgres.Phrase):
            query = postgres.Phrase(fold(query.query_string))
        return super().build_tsquery_content(query, config=config, invert=invert)


class Newest:
    """Ranks, counts and sorts by type the newest of what is found, and what is titled so: no more is read.

    A person who is shown “more than 500” types another word. Everything that a screen asks (a page of results, their
    number, the types) comes from one statement, whose cost does not grow with what is found.
    """

    _known: Found | None = None

    def found(self, backend) -> Found:
        """The keys of what is found, in order; read once for a page of results, its number and its facets."""
        if self._known is None:
            rows = self._rows(backend)
            is_cut = len(rows) > MOST
            if is_cut and self.order_by_relevance:
                titled = copy(self)
                titled.queryset = self.queryset.filter(pk__in=self._titled_so())
                rows = [*titled._rows(backend), *rows[:MOST]]
            if self.order_by_relevance:
                rows.sort(key=lambda row: (row[1], row[0]), reverse=True)
            self._known = Found(list(dict.fromkeys(key for key, _rank in rows))[:MOST], is_cut)
        return self._known

    def _rows(self, backend) -> list[tuple]:
        """The newest of what is found, or the first in the order asked for: keys and ranks."""
        rows = self.search(self.get_config(backend), None, MOST + 1, score_field=RANK, backend=backend)
        return list(rows.values_list("pk", RANK))

    def _titled_so(self) -> list[str]:
        """The keys of what has the words for title, or a title that begins with them: however old it is."""
        typed = fold(getattr(self.query, "query_string", "")).strip()[:TITLE_LENGTH]
        if not typed:
            return []
        entries = IndexEntry.objects.alias(_title=Left("title_text", TITLE_LENGTH)).filter(_title__startswith=typed)
        entries = entries.filter(content_type__in=get_descendants_content_types_pks(self.queryset.model))
        return list(entries.order_by(Length("title_text")).values_list("object_id", flat=True)[:TITLED])

    def _apply_ordering_and_scoring(self, queryset, rank_expression, start, stop, score_field=None):
        if score_field != RANK:
            return super()._apply_ordering_and_scoring(queryset, rank_expression, start, stop, score_field)
        if self.order_by_relevance or not queryset.query.order_by:
            queryset = queryset.order_by("-pk")
        if issubclass(queryset.model, Page):  # of one page there is one entry, of its own type
            queryset = queryset.alias(_type=F("index_entries__content_type")).filter(_type=F("content_type"))
        return queryset.prefetch_related(None).annotate(**{RANK: rank_expression})[start:stop]


class QueryCompiler(Newest, Folding, postgres.PostgresSearchQueryCompiler):
    """Finds by title and body, ranks by title."""

    def _build_rank_expression(self, vectors, config):
        return super()._build_rank_expression(vectors[:1], config)


class AutocompleteQueryCompiler(Newest, Folding, postgres.PostgresAutocompleteQueryCompiler):
    """Finds by what titles begin with, the shortest first."""

    def get_index_vectors(self, search_query):
        return [(F("index_entries__autocomplete"), F("index_entries__title_norm"))]


class Results(postgres.PostgresSearchResults):
    """What is found, five hundred at most."""

    @property
    def is_cut(self) -> bool:
        """Whether more was found than is counted."""
        return self._is_bounded and self.query_compiler.found(self.backend).is_cut

    @property
    def _is_bounded(self) -> bool:
        return self._score_field is None and isinstance(self.query_compiler.query, BOUNDED)

    def _keys(self) -> list:
        return self.query_compiler.found(self.backend).keys[self.start : self.stop]

    def _do_search(self):
        if not self._is_bounded:
            return super()._do_search()
        place = {key: rank for rank, key in enumerate(self._keys())}
        rows = self.query_compiler.queryset.filter(pk__in=list(place))
        return sorted(rows, key=lambda row: place[row.pk])

    def _do_count(self):
        return len(self._keys()) if self._is_bounded else super()._do_count()

    def facet(self, field_name):
        if not self._is_bounded or self.query_compiler._get_filterable_field(field_name) is None:
            return super().facet(field_name)
        rows = self.query_compiler.queryset.filter(pk__in=self.query_compiler.found(self.backend).keys)
        rows = rows.prefetch_related(None).order_by().values_list(field_name).annotate(count=Count("pk"))
        return OrderedDict(sorted(rows, key=lambda row: -row[1]))


class SearchBackend(postgres.PostgresSearchBackend):
    """The backend that settings name."""

    index_class = Index
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
    results_class = Results

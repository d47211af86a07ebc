"""The search of Wagtail's administration, on PostgreSQL: as the stock one, but quick at any size, and deaf to accents.

To name in ``WAGTAILSEARCH_BACKENDS``; an installation that outgrows it names OpenSearch there instead. What differs
from ``modelsearch``'s own backend:

- accents are folded in what is indexed and in what is asked, autocompletion included; no extension is needed;
- saving writes one entry and reads no other. The stock backend averages the length of all titles and updates a column
  without an index at each save (``_refresh_title_norms``): the cost of a publication grows with the site;
- the stock filter, ``title || body``, is served by none of its indexes, so that each search reads the whole table
  (https://github.com/wagtail/wagtail/issues/6546; the index that closed it did not follow the code to modelsearch).
  Migration ``core.0003`` brings it back;
- results are ranked by their titles, the newest first among equals: ranking by bodies unpacks each of them.

To remove when django-modelsearch has the combined index and keeps its norms without a scan. See docs/adr/0042.
"""

from __future__ import annotations

from modelsearch.backends.database.postgres import postgres
from modelsearch.utils import get_content_type_pk

from core.text import fold

USUAL_TITLE_WORDS = 4.0  # words of a title: a shorter one weighs more, as in the stock backend
WRITTEN = ("title", "autocomplete", "body", "title_norm", "title_text", "body_text")


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


class QueryCompiler(Folding, postgres.PostgresSearchQueryCompiler):
    """Finds by title and body, ranks by title."""

    def _build_rank_expression(self, vectors, config):
        return super()._build_rank_expression(vectors[:1], config)


class AutocompleteQueryCompiler(Folding, postgres.PostgresAutocompleteQueryCompiler):
    """Finds by what titles begin with."""


class SearchBackend(postgres.PostgresSearchBackend):
    """The backend that settings name."""

    index_class = Index
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler

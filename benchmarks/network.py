"""A network of 100 groupements and hundreds of thousands of items of synthetic French, for the search to be timed on.

Words follow Zipf's law: “common” is in more than half of the items, “medium” in about one in fifty, “rare” in a few.
Two items in ten are the nation's, one the largest groupement's (20,000 of 200,000), the others are shared out among the
99 others (1,400 each); a quarter of what is local is shared with all.
The first 5,000 items are read as in a site, the others copied row by row inside PostgreSQL.
"""

from __future__ import annotations

import random
from itertools import accumulate

WORDS_OF_AN_ITEM = 120
VOCABULARY = 40_000
READ = 5_000
BATCH = 50
GROUPEMENTS = 100
SYLLABLES = "ba be bi bo ca ce ci co da de di do fa fe la le li lo ma me mi mo na ne ra re ri ro sa se ta te".split()  # noqa: SIM905
# The rows of a page: its entries in both indexes are copied with it.
CHANGED = {
    "id": "c.key",
    "page_ptr_id": "c.key",
    "page_id": "c.key",
    "path": "c.path",
    "slug": "c.slug",
    "translation_key": "gen_random_uuid()",
    "live_revision_id": "NULL",
    "latest_revision_id": "NULL",
    "url_path": "regexp_replace(t.url_path, '[^/]+/$', c.slug || '/')",
    "version": "t.version + c.key",
}


class Zipf:
    """French-looking words, the first far more frequent than the last."""

    def __init__(self) -> None:
        self.random = random.Random(2026)
        choices = self.random.choices
        self.words = ["".join(choices(SYLLABLES, k=2 + rank % 3)) + "nt" * (rank % 2) for rank in range(VOCABULARY)]
        self.words = [f"{word}{chr(97 + rank % 26)}" for rank, word in enumerate(self.words)]
        self.cumulated = list(accumulate(1 / (rank + 8) for rank in range(VOCABULARY)))

    def text(self, count: int) -> str:
        return " ".join(self.random.choices(self.words, cum_weights=self.cumulated, k=count))


def homes() -> list:
    """The nation's home, then those of the groupements."""
    from wagtail.models import Page

    from regions.places import HOME_DEPTH

    return list(Page.objects.filter(depth=HOME_DEPTH).order_by("path"))


def size() -> int:
    """How many items there are."""
    from resources.models import NewsPage

    return NewsPage.objects.count()


def build() -> None:
    """The homes among which items are shared out, and what they are filed under."""
    from demo.indexing import indexed_once
    from regions import services
    from regions.models import Zone
    from resources.models import Audience, Theme

    with indexed_once():
        services.provision_network(hostname="mara.localhost")
        for model, count in ((Theme, 12), (Audience, 5)):
            for rank in range(count):
                model.objects.create(code=f"{model._meta.model_name}-{rank}", name=f"{model.__name__} {rank}")
        zones = [Zone.objects.create(code=f"z{rank}", name=f"Zone {rank}") for rank in range(10)]
        for rank in range(GROUPEMENTS):
            services.provision_groupement(
                code=f"g{rank}",
                name=f"Groupement {rank}",
                departements=[],
                zone=zones[rank % 10],
                status="active",
                contact_name="Camille",
                phone="+33199000000",
                email=f"g{rank}@example.org",
            )


def read(total: int, zipf: Zipf) -> None:
    """Bring the network to so many news, each read into the index as in a site."""
    from demo import bulk
    from resources.index import following
    from resources.models import NewsPage

    known, first = homes(), size()
    sections = [home.get_children().get(slug="actualites") for home in known]
    others = 0
    for number, start in enumerate(range(0, total, BATCH)):
        if number % 10 in (0, 5):
            section = sections[0]
        elif number % 10 == 1:
            section = sections[1]
        else:
            section, others = sections[2 + others % (GROUPEMENTS - 1)], others + 1
        if start < first:
            continue
        pages = [
            NewsPage(
                title=zipf.text(5),
                slug=f"n-{start + rank}",
                summary=zipf.text(12),
                shared_with=("groupement", "nation", "groupement", "zone")[rank % 4],
                body=[{"type": "rich_text", "value": f"<p>{zipf.text(WORDS_OF_AN_ITEM)}</p>", "id": "a"}],
            )
            for rank in range(min(BATCH, total - start))
        ]
        bulk.insert(section, pages)
    following.follow()
    _file()


def _file() -> None:
    """Give the entries kinds, themes, audiences and dates: all that the facets count."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE resources_indexentry SET themes = ARRAY['theme-' || page_id % 12],"
            " audiences = ARRAY['audience-' || page_id % 5],"
            " kind = (ARRAY['news','news','news','news','news','news','resource','resource','guide','event'])"
            "[1 + page_id % 10],"
            " starts_at = CASE WHEN page_id % 10 = 9 THEN now() + (page_id % 700 - 350) * interval '1 day' END,"
            " ends_at = CASE WHEN page_id % 10 = 9 THEN now() + (page_id % 700 - 350) * interval '1 day' END"
            " WHERE model = 'newspage' AND NOT gone"
        )


def multiply(total: int) -> None:
    """Reach so many news by copying the rows of those there are.

    Words keep their shares: what is rare is in as many more items as there are more of them. Reading 200,000 pages one
    by one takes most of an hour and is not what is measured. What reads each row, triggers and the full-text indexes
    that are filled afresh, stands aside meanwhile.
    """
    from django.db import connection
    from wagtail.models import Page

    from resources.index.models import IndexEntry, IndexPending
    from resources.models import NewsPage

    rows = list(NewsPage.objects.order_by("pk").values_list("pk", "path"))
    step, length = Page.steplen, len(rows[0][1]) - Page.steplen
    last: dict[str, int] = {}
    for _pk, path in rows:
        last[path[:length]] = max(last.get(path[:length], 0), int(path[length:], 36))
    copies, key = [], Page.objects.order_by("-pk").values_list("pk", flat=True)[0]
    while len(rows) + len(copies) < total:
        source, path = rows[len(copies) % len(rows)]
        key, last[path[:length]] = key + 1, last[path[:length]] + 1
        copies.append((source, key, path[:length] + Page._int2str(last[path[:length]]).rjust(step, "0"), f"c-{key}"))
    with connection.cursor() as cursor, WithoutFullTextIndexes(cursor, IndexEntry._meta.db_table):
        cursor.execute("SET session_replication_role = replica")  # no trigger notes what changes
        cursor.execute("CREATE TEMP TABLE c (source bigint, key bigint, path text, slug text)")
        with cursor.copy("COPY c FROM STDIN") as copy:
            for row in copies:
                copy.write_row(row)
        for model, name in ((Page, "id"), (NewsPage, "page_ptr_id"), (IndexEntry, "page_id")):
            columns = [field.column for field in model._meta.local_concrete_fields if not field.generated]
            values = ", ".join(CHANGED.get(column, f't."{column}"') for column in columns)
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
                f"SELECT {values} FROM {model._meta.db_table} t JOIN c ON c.source = t.{name}"
            )
        cursor.execute("DROP TABLE c")
        cursor.execute("SELECT setval(pg_get_serial_sequence('wagtailcore_page', 'id'), %s)", [key])
        cursor.execute("UPDATE resources_indexstate SET version = (SELECT max(version) FROM resources_indexentry)")
        for path, number in last.items():
            cursor.execute("UPDATE wagtailcore_page SET numchild = %s WHERE path = %s", [number, path])
        cursor.execute("SET session_replication_role = origin")
    IndexPending.objects.all().delete()


class WithoutFullTextIndexes:
    """The full-text indexes of a table, taken off and made again at the end: filling them row by row takes far longer."""

    def __init__(self, cursor, table: str) -> None:
        self.cursor, self.table = cursor, table

    def __enter__(self) -> None:
        self.cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexdef LIKE '%%USING gin%%'",
            [self.table],
        )
        self.found = self.cursor.fetchall()
        for name, _definition in self.found:
            self.cursor.execute(f'DROP INDEX "{name}"')

    def __exit__(self, *_raised) -> None:
        self.cursor.execute("SET maintenance_work_mem = '1GB'")
        for _name, definition in self.found:
            self.cursor.execute(definition)


def fill_admin_index() -> None:
    """The administration's own entries, straight from ours: Wagtail's own filling takes minutes."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection

    from resources.models import NewsPage

    with connection.cursor() as cursor, WithoutFullTextIndexes(cursor, "wagtailsearch_indexentry"):
        cursor.execute(
            "INSERT INTO wagtailsearch_indexentry (content_type_id, object_id, title, autocomplete, body, title_norm,"
            " title_text, body_text) SELECT %s, page_id::text, to_tsvector('simple', title), to_tsvector('simple', title),"
            " to_tsvector('simple', main_words || ' ' || body_words), 1.5, title, body_words FROM resources_indexentry"
            " WHERE model = 'newspage' AND NOT gone ON CONFLICT DO NOTHING",
            [ContentType.objects.get_for_model(NewsPage).pk],
        )
        cursor.execute("ANALYZE")


def fill(total: int, few: int, zipf: Zipf) -> None:
    """Bring the network to so many items, both indexes and this machine's included.

    Args:
        few: how many of them are read as in a site.
    """
    from resources.index import following, local

    if not homes():
        build()
    if size() < min(total, few):
        read(min(total, few), zipf)
    if size() < total:
        multiply(total)
        fill_admin_index()
    local.open_index(following.state()).build()

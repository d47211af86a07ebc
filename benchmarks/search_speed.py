"""How long searches and publications take at 20,000 and 200,000 items of synthetic French.

    .venv/bin/python -m benchmarks.search_speed [--items 200000] [--repeat 40]

Words follow Zipf's law: “common” is in more than half of the items, “medium” in about one in fifty, “rare” in a
few. The first 5,000 items are read as in a site, the others copied. Times are wall clock of ``search()`` as a page calls it: following, filters, six facets, 20 results with
their extracts, addresses and origins. The database runs in the tests' cluster, without fsync.
"""

from __future__ import annotations

import argparse
import logging
import random
import time
from itertools import accumulate

from benchmarks.stage import load, percentiles, say, scratch_site, table

WORDS_OF_AN_ITEM = 120
VOCABULARY = 40_000
SMALL, READ = 20_000, 5_000
BATCH = 1000
GROUPEMENTS = 20


class Zipf:
    """French-looking words, the first far more frequent than the last."""

    def __init__(self) -> None:
        syllables = [
            "ba",
            "be",
            "bi",
            "bo",
            "ca",
            "ce",
            "ci",
            "co",
            "da",
            "de",
            "di",
            "do",
            "fa",
            "fe",
            "la",
            "le",
            "li",
            "lo",
            "ma",
            "me",
            "mi",
            "mo",
            "na",
            "ne",
            "ra",
            "re",
            "ri",
            "ro",
            "sa",
            "se",
            "ta",
            "te",
        ]
        self.random = random.Random(2026)
        self.words = [
            "".join(self.random.choices(syllables, k=2 + rank % 3)) + "nt" * (rank % 2) for rank in range(VOCABULARY)
        ]
        self.words = [f"{word}{chr(97 + rank % 26)}" for rank, word in enumerate(self.words)]
        self.cumulated = list(accumulate(1 / (rank + 8) for rank in range(VOCABULARY)))

    def text(self, count: int) -> str:
        return " ".join(self.random.choices(self.words, cum_weights=self.cumulated, k=count))


def build_network() -> list:
    """The homes among which items are shared out."""
    from wagtail.models import Page

    from demo.indexing import indexed_once
    from regions import services
    from regions.models import Zone
    from regions.places import HOME_DEPTH

    with indexed_once():
        services.provision_network(hostname="mara.localhost")
        zone = Zone.objects.create(code="ouest", name="Ouest")
        for rank in range(GROUPEMENTS):
            services.provision_groupement(
                code=f"g{rank}",
                name=f"Groupement {rank}",
                departements=[],
                zone=zone if rank < 5 else None,
                status="active",
                contact_name="Camille",
                phone="+33199000000",
                email=f"g{rank}@example.org",
            )
    return list(Page.objects.filter(depth=HOME_DEPTH).order_by("path"))


def grow(homes: list, total: int, zipf: Zipf) -> None:
    """Add news until there are so many; four items in ten are the nation's or shared with all."""
    from demo import bulk
    from resources.index import following, local
    from resources.models import IndexEntry, NewsPage

    while (count := IndexEntry.objects.filter(kind="news").count()) < total:
        number = count // BATCH
        home = homes[0] if number % 5 == 0 else homes[1 + number % (len(homes) - 1)]
        section = home.get_children().get(slug="actualites")
        size = min(BATCH, total - count)
        pages = [
            NewsPage(
                title=zipf.text(5),
                slug=f"n-{count + rank}",
                summary=zipf.text(12),
                shared_with="nation" if number % 5 == 1 else "groupement",
                body=[{"type": "rich_text", "value": f"<p>{zipf.text(WORDS_OF_AN_ITEM)}</p>", "id": "a"}],
            )
            for rank in range(size)
        ]
        bulk.insert(section, pages)
        following.follow()
        if number % 10 == 9:
            say(f"  {count + size} items, {load()}")
    local.open_index(following.state()).build()


def multiply(total: int) -> None:
    """Reach so many news by copying the rows of those there are, then have this machine's index made.

    Words keep their shares: what is rare is in as many more items as there are more of them. Reading 200,000 pages one
    by one takes most of an hour and is not what is measured.
    """
    from django.db import connection
    from wagtail.models import Page

    from resources.index import following, local
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
    changed = {"id": "c.key", "page_ptr_id": "c.key", "page_id": "c.key", "path": "c.path", "slug": "c.slug"}
    changed |= {"translation_key": "gen_random_uuid()", "live_revision_id": "NULL", "latest_revision_id": "NULL"}
    changed |= {"url_path": "regexp_replace(t.url_path, '[^/]+/$', c.slug || '/')", "version": "t.version + c.key"}
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE c (source bigint, key bigint, path text, slug text)")
        with cursor.copy("COPY c FROM STDIN") as copy:
            for row in copies:
                copy.write_row(row)
        for model, name in ((Page, "id"), (NewsPage, "page_ptr_id"), (IndexEntry, "page_id")):
            columns = [field.column for field in model._meta.local_concrete_fields if not field.generated]
            values = ", ".join(changed.get(column, f't."{column}"') for column in columns)
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
                f"SELECT {values} FROM {model._meta.db_table} t JOIN c ON c.source = t.{name}"
            )
        cursor.execute("DROP TABLE c")
        cursor.execute("SELECT setval(pg_get_serial_sequence('wagtailcore_page', 'id'), %s)", [key])
        cursor.execute("UPDATE resources_indexstate SET version = (SELECT max(version) FROM resources_indexentry)")
    IndexPending.objects.all().delete()
    for path, number in last.items():
        Page.objects.filter(path=path).update(numchild=number)
    IndexPending.objects.all().delete()
    local.open_index(following.state()).build()


def fill_admin_index() -> None:
    """The administration's own entries, straight from ours: Wagtail's own filling takes minutes."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection

    from resources.models import NewsPage

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO wagtailsearch_indexentry (content_type_id, object_id, title, autocomplete, body, title_norm,"
            " title_text, body_text) SELECT %s, page_id::text, to_tsvector('simple', title), to_tsvector('simple', title),"
            " to_tsvector('simple', main_words || ' ' || body_words), 1.5, title, body_words FROM resources_indexentry"
            " WHERE kind = 'news' AND NOT gone ON CONFLICT DO NOTHING",
            [ContentType.objects.get_for_model(NewsPage).pk],
        )
        cursor.execute("ANALYZE")


def place_of(host: str):
    """The place of a host."""
    from django.test import RequestFactory
    from django.utils import translation

    from regions.places import place_for

    with translation.override("fr"):
        return place_for(RequestFactory(headers={"host": host}).get("/"))


def timed(action, repeat: int, prepare=lambda: None) -> tuple[list[float], str]:
    """The durations of an action, after one turn that is not counted, and the mean CPU of this process in ms."""
    action(prepare())
    times, spent = [], 0.0
    for _turn in range(repeat):
        given = prepare()
        begun, cpu = time.perf_counter(), time.process_time()
        action(given)
        spent += time.process_time() - cpu
        times.append(time.perf_counter() - begun)
    return times, f"{1000 * spent / repeat:.1f}"


def fresh_place():
    """The place of a groupement as a new request reads it."""
    return place_of("g2.mara.localhost")


def measure_searches(zipf: Zipf, repeat: int) -> None:
    """Searches, through this machine's index and through PostgreSQL alone."""
    from django.conf import settings

    from resources.index import local
    from resources.index.query import Question, search

    words = {
        "common": zipf.words[0],
        "medium": zipf.words[400],
        "rare": zipf.words[30_000],
        "two words": f"{zipf.words[3]} {zipf.words[60]}",
    }
    folder = settings.MARA_SEARCH_DIR
    rows = []
    for engine in ("tantivy", "PostgreSQL"):
        if engine == "PostgreSQL":
            settings.MARA_SEARCH_DIR = "/dev/null/none"
            local.forget()
        for scope, fields in (
            ("whole network", {"whole_network": True}),
            ("a facet chosen", {"whole_network": True, "kinds": ("news",), "level": "groupement"}),
            ("one groupement", {"groupement": "g2"}),
        ):
            for name, text in words.items():

                def action(place, text=text, fields=fields):
                    return search(place, Question(text=text, **fields))

                total = action(fresh_place()).total
                times, cpu = timed(action, repeat if engine == "tantivy" else max(5, repeat // 8), fresh_place)
                rows.append([engine, scope, name, total, *percentiles(times), cpu])
    settings.MARA_SEARCH_DIR = folder
    local.forget()
    table(["engine", "scope", "words", "results", "p50 ms", "p95 ms", "CPU ms"], rows)


def measure_publishing(homes: list, zipf: Zipf, repeat: int) -> list[str]:
    """Publish an item as an editor does, all that follows included; then search in the administration."""
    from wagtail.models import Page

    from resources.index import following
    from resources.models import NewsPage

    page = NewsPage.objects.exclude(path__startswith=homes[0].path).order_by("pk").first()

    def publish(_nothing):
        page.title = zipf.text(5)
        page.save_revision().publish()

    def find(text):
        list(Page.objects.all().search(text)[:20])
        Page.objects.all().search(text).count()

    published, cpu = timed(publish, repeat)
    following.follow()
    found = [
        timed(lambda _none, word=word: find(word), max(3, repeat // 10))[0]
        for word in (zipf.words[0], zipf.words[30_000])
    ]
    return [*percentiles(published), cpu, percentiles(found[0])[0], percentiles(found[1])[0]]


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=200_000)
    parser.add_argument("--repeat", type=int, default=40)
    parser.add_argument("--read", type=int, default=READ, help="how many items are read as in a site; copied beyond")
    options = parser.parse_args()
    logging.getLogger("resources.index.query").setLevel(logging.ERROR)  # PostgreSQL is asked on purpose
    with scratch_site():
        zipf, homes = Zipf(), build_network()
        publishing = []
        for total in (min(SMALL, options.items), options.items):
            begun = time.perf_counter()
            grow(homes, min(total, options.read), zipf)
            multiply(total)
            fill_admin_index()
            say(f"{total} items in {time.perf_counter() - begun:.0f} s, {load()}")
            publishing.append([total, *measure_publishing(homes, zipf, options.repeat)])
        say()
        measure_searches(zipf, options.repeat)
        say()
        header = [
            "items",
            "publish p50 ms",
            "publish p95 ms",
            "CPU ms",
            "admin search, common, p50 ms",
            "rare, p50 ms",
        ]
        table(header, publishing)
        say(load())


if __name__ == "__main__":
    main()

"""How long searches and publications take at 20,000 and 200,000 items of synthetic French.

    .venv/bin/python -m benchmarks.search_speed [--items 200000] [--repeat 40] [--keep NAME]

``benchmarks.network`` says what is searched. Times are wall clock of ``search()`` as a page calls it: following,
filters, six facets, 20 results with their extracts, addresses and origins; CPU is this process's own, PostgreSQL's is
not in it. The database runs in the tests' cluster, without fsync. What a site reads once for each generation is
remembered, as in production. With ``--keep`` the network stays for the next run.
"""

from __future__ import annotations

import argparse
import logging
import time

from benchmarks import network
from benchmarks.stage import load, percentiles, say, scratch_site, table

SMALL = 20_000


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


def words_of(zipf: network.Zipf) -> dict[str, str]:
    """The questions, from the commonest to the rarest."""
    return {
        "common": zipf.words[0],
        "medium": zipf.words[400],
        "rare": zipf.words[30_000],
        "two words": f"{zipf.words[3]} {zipf.words[60]}",
    }


# What is asked, from where: the whole network; one facet chosen; what a groupement's site finds (its own, its zone's,
# the nation's and what is shared, two fifths of the network); what is its own alone, in one of the 99 and in the
# largest.
SCOPES = (
    ("whole network", "g2", {"whole_network": True}),
    ("a facet chosen", "g2", {"whole_network": True, "kinds": ("news",), "level": "groupement"}),
    ("as a groupement sees it", "g2", {}),
    ("a groupement's own", "g2", {"groupement": "g2"}),
    ("the largest's own", "g0", {"groupement": "g0"}),
)


def measure_searches(zipf: network.Zipf, repeat: int, engines: tuple[str, ...]) -> None:
    """Searches, through this machine's index and through PostgreSQL alone."""
    from django.conf import settings

    from resources.index import local
    from resources.index.query import Question, search

    folder = settings.MARA_SEARCH_DIR
    rows = []
    for engine in engines:
        if engine == "PostgreSQL":
            settings.MARA_SEARCH_DIR = "/dev/null/none"
            local.forget()
        for scope, host, fields in SCOPES:
            for name, text in words_of(zipf).items():

                def fresh_place(host=host):
                    return place_of(f"{host}.mara.localhost")

                def action(place, text=text, fields=fields):
                    return search(place, Question(text=text, **fields))

                total = action(fresh_place()).total
                times, cpu = timed(action, repeat if engine == "tantivy" else max(5, repeat // 8), fresh_place)
                rows.append([engine, scope, name, total, *percentiles(times), cpu])
    settings.MARA_SEARCH_DIR = folder
    local.forget()
    table(["engine", "scope", "words", "results", "p50 ms", "p95 ms", "CPU ms"], rows)


def measure_publishing(zipf: network.Zipf, repeat: int) -> list[str]:
    """Publish an item as an editor does, all that follows included."""
    from resources.index import following
    from resources.models import NewsPage

    national = network.homes()[0].path
    page = NewsPage.objects.exclude(path__startswith=national).order_by("pk").first()

    def publish(_nothing):
        page.title = zipf.text(5)
        page.save_revision().publish()

    published, cpu = timed(publish, repeat)
    following.follow()
    return [*percentiles(published), cpu]


def measure_admin(zipf: network.Zipf, repeat: int) -> None:
    """The administration's search by titles, as its screen asks: a page of results, their number, their types.

    Of everything, as who keeps the nation; of what a référent answers for. The screen asks it twice, for all types and
    for the one that is chosen.
    """
    from wagtail.models import Page

    home = network.homes()[3].path
    words = words_of(zipf) | {"its two first letters": zipf.words[0][:2]}
    rows = []
    for who, scope in (("the nation", Page.objects.all()), ("a référent", Page.objects.filter(path__startswith=home))):
        for name, text in words.items():

            def find(pages, text=text):
                found = pages.autocomplete(text)
                return list(found[:20]), found.count(), found.facet("content_type_id"), found.is_cut

            _page, number, _types, is_cut = find(scope)
            times, cpu = timed(find, max(5, repeat // 4), scope.all)
            rows.append([who, name, f"{number}{'+' * is_cut}", *percentiles(times), cpu])
    table(["administration", "words", "pages", "p50 ms", "p95 ms", "CPU ms"], rows)


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=200_000)
    parser.add_argument("--repeat", type=int, default=40)
    parser.add_argument("--read", type=int, default=network.READ, help="read as in a site; the others are copies")
    parser.add_argument("--keep", default="", help="a name under which the network stays for the next run")
    parser.add_argument("--engines", default="tantivy,PostgreSQL")
    options = parser.parse_args()
    logging.getLogger("resources.index.query").setLevel(logging.ERROR)  # PostgreSQL is asked on purpose
    with scratch_site(options.keep):
        from django.conf import settings

        settings.MARA_REMEMBER = True
        zipf, rows = network.Zipf(), []
        for total in (min(SMALL, options.items), options.items):
            begun = time.perf_counter()
            network.fill(total, options.read, zipf)
            say(f"{network.size()} items in {time.perf_counter() - begun:.0f} s, {load()}")
            rows.append([network.size(), *measure_publishing(zipf, options.repeat)])
            measure_admin(zipf, options.repeat)
            say()
        say()
        measure_searches(zipf, options.repeat, tuple(options.engines.split(",")))
        say()
        table(["items", "publish p50 ms", "publish p95 ms", "CPU ms"], rows)
        say(load())


if __name__ == "__main__":
    main()

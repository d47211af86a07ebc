"""What making a page costs, with nothing kept: a guide's chapter and a groupement's home, with 3, 100, 1,000 groupements.

    .venv/bin/python -m benchmarks.rendering

Caches are cleared before each request, CPU is that of this process (PostgreSQL's is not in it), the page cache is off.
"Remembering": the process has made a page before, and knows the sites, languages and sections (core.page_cache.memory).
The last columns say how the largest network compares with the smallest. A measure, never a test.
"""

from __future__ import annotations

import statistics

from benchmarks.stage import load, say, scratch_site, table

COUNTS = (3, 100, 1000)
RUNS = 9
PARAGRAPHS = 32  # each with a link to another page: a page of some 30 kB
WORDS = "Parlez-en d'abord à un camarade qui l'a vécu, puis prenez le temps de comparer les villes et les loyers. " * 4


def main() -> None:
    with scratch_site():
        from django.core.handlers.wsgi import WSGIHandler
        from django.test.utils import override_settings

        from benchmarks.asking import Visitor
        from tests.factories import world as world_module
        from tests.factories.network import multiply_groupements

        world_module.build()
        world = world_module.load()
        pages = addresses(world)
        handler = WSGIHandler()
        visitors = {name: Visitor(handler, host, path) for name, (host, path) in pages.items()}
        kinds = [kind for name in visitors for kind in (name, f"{name}, remembering")]
        found: dict[str, dict[int, tuple[int, list[float], int]]] = {kind: {} for kind in kinds}
        for count in COUNTS:
            multiply_groupements(world_module.load(), count)
            analyse()
            say(f"{count} groupements, {load()}")
            for name, visitor in visitors.items():
                found[name][count] = measured(visitor)
                with override_settings(MARA_REMEMBER=True):
                    found[f"{name}, remembering"][count] = measured(visitor)
        rows = []
        for name, by_count in found.items():
            cells = [
                f"{queries} q, {statistics.median(times):.1f} ms ({min(times):.1f})"
                for queries, times, _size in by_count.values()
            ]
            size = by_count[COUNTS[0]][2]
            first, last = by_count[COUNTS[0]][1], by_count[COUNTS[-1]][1]
            times = f"{statistics.median(last) / statistics.median(first):.2f} ({min(last) / min(first):.2f})"
            rows.append([name, f"{size / 1000:.0f} kB", *cells, times])
        say("queries, CPU: median (least)")
        table(["page", "size", *(str(count) for count in COUNTS), "largest / smallest"], rows)


def measured(visitor) -> tuple[int, list[float], int]:
    """Queries, milliseconds of each run, and bytes, from cold caches."""
    from django.core.cache import cache

    from benchmarks.asking import cpu
    from tests.helpers import count_queries

    size = len(visitor.get())
    queries = count_queries(visitor.get)
    times = []
    for _run in range(RUNS):
        cache.clear()
        times.append(cpu(visitor.get, 1))
    return queries, times, size


def paragraphs(linked: list[int], many: int) -> list[str]:
    """So many paragraphs of rich text, each with a link to one of these pages."""
    return [f'<p>{WORDS}<a linktype="page" id="{linked[rank % len(linked)]}">ici</a></p>' for rank in range(many)]


def addresses(world) -> dict[str, tuple[str, str]]:
    """The pages that are asked for: host and path of each, by what they are."""
    from regions.places import relative_path
    from tests.factories import pages

    theme = pages.theme("emploi")
    others = [pages.contact(world.national, f"Contact {rank}", themes=[theme]) for rank in range(6)]
    for rank in range(4):
        pages.event(world.home(world.a), f"Rencontre {rank}", themes=[theme])
        pages.news(world.home(world.a), f"Nouvelle {rank}")
        pages.contact(world.home(world.a), f"Contact d'ici {rank}", themes=[theme])
    guide = pages.guide(world.national, "Se loger", themes=[theme])
    body = [
        {"type": "rich_text", "id": f"p{rank}", "value": text}
        for rank, text in enumerate(paragraphs([other.pk for other in others], PARAGRAPHS))
    ]
    chapter = pages.chapter(guide, "Choisir sa ville", body=body)
    for rank in range(5):
        pages.chapter(guide, f"Chapitre {rank}")
    path = f"/{relative_path(chapter)}"
    return {
        "chapter, national site": (world.national_host, path),
        "chapter, inherited by a groupement": (world.host(world.a), path),
        "home of a groupement": (world.host(world.a), "/"),
        "national home": (world.national_host, "/"),
    }


def analyse() -> None:
    """Have PostgreSQL know how many rows there are."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()

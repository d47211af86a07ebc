"""What a change of a national text costs, and reading it, with 3, 100 and 1,000 groupements that have answered.

    .venv/bin/python -m benchmarks.frames

The pages of answers are copies of one, written in bulk below homes without a site: what is measured is whether their
number matters. Publishing includes the revision, the row of the change and what follows the commit; the search index
reads only the national page. Queries are exact; times are medians. A measure, never a test.
"""

from __future__ import annotations

import statistics
import time

from benchmarks.stage import load, say, scratch_site, table

COUNTS = (3, 100, 1000)
RUNS = 7


def main() -> None:
    with scratch_site():
        from tests.factories import frames, pages
        from tests.factories import world as world_module

        world_module.build()
        world = world_module.load()
        body = [*frames.STORY, frames.slot("c1", kind="contacts", categories=["association"])]
        national = frames.published(pages.standard(world.national, "Projet", slug="projet", body=body))
        pages.contact(world.home(world.a))
        answers = frames.given({"s1": "Un mot d'ici.", "s2": "Un autre."})
        first = frames.complement(world.home(world.a), national, answers)
        say(load())
        rows, made = [], 1
        for count in COUNTS:
            copies_of(first, count - made, start=made)
            made = count
            publishing = [measured(lambda: publish(national, frames)) for _run in range(RUNS)]
            here = [measured(lambda: read(world.host(world.a), national)) for _run in range(RUNS)]
            nation = [measured(lambda: read(world.national_host, national)) for _run in range(RUNS)]
            matrix = [measured(state_of_all) for _run in range(3)]
            rows.append([f"{count}", *(cell(runs) for runs in (publishing, here, nation, matrix))])
        say(
            table(["answers", "publish a change", "read in a groupement", "read on the national site", "matrix"], rows)
        )


def cell(runs: list[tuple[int, float]]) -> str:
    """The most queries of these runs, and the median of their times."""
    return f"{max(count for count, _time in runs)} q, {statistics.median(time_ for _count, time_ in runs):.0f} ms"


def measured(action) -> tuple[int, float]:
    """Number of queries and milliseconds of one run, from cold caches."""
    from tests.helpers import count_queries

    started = time.perf_counter()
    count = count_queries(action)
    return count, (time.perf_counter() - started) * 1000


def publish(national, frames) -> None:
    """Reword one paragraph of the national page."""
    from resources.frames.models import FrameChange

    page = type(national).objects.get(pk=national.pk)
    words = frames.text("t1", f"Version {FrameChange.objects.count()}.")
    story = [words if block["id"] == "t1" else block for block in page.body.get_prep_value()]
    page.body = page.body.stream_block.to_python(story)
    page.change_importance, page.change_note = "review", "Relisez."
    page.save_revision().publish()


def read(host: str, page) -> None:
    """Ask for the page as a visitor does."""
    from django.test import Client

    from regions.places import relative_path

    assert Client(headers={"host": host}).get(f"/{relative_path(page)}").status_code == 200


def state_of_all() -> None:
    """How complete every groupement of the installation is."""
    from regions.models import Groupement
    from resources.frames.completeness import matrix

    matrix(Groupement.objects.all())


def copies_of(page, count: int, *, start: int) -> None:
    """Write ``count`` homes, each with a copy of a page of answers, in three statements."""
    import uuid

    from django.db import connection
    from wagtail.models import Page

    network = Page.objects.get(depth=2)
    taken = 500 + start
    homes, copies = [], []
    for rank in range(taken, taken + count):
        path = network._get_path(network.path, 3, rank)
        common = {"locale_id": page.locale_id, "content_type_id": page.content_type_id, "live": True}
        url = f"{network.url_path}g{rank}/"
        homes.append(Page(title=f"G{rank}", slug=f"g{rank}", path=path, depth=3, numchild=1, url_path=url, **common))
        copy = {"path": f"{path}0001", "depth": 4, "url_path": f"{url}{page.slug}/"}
        copies.append(Page(title=page.title, slug=page.slug, **copy, **common))
    for row in (*homes, *copies):
        row.translation_key, row.draft_title = uuid.uuid4(), row.title
    Page.objects.bulk_create([*homes, *copies])
    columns = [field.column for field in type(page)._meta.local_concrete_fields if not field.primary_key]
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO resources_standardpage (page_ptr_id, {names}) SELECT unnest(%s), {names}"
            " FROM resources_standardpage WHERE page_ptr_id = %s",
            [[row.pk for row in copies], page.pk],
        )
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()

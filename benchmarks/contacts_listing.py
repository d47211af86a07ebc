"""What the directory costs with 10,000 contacts, against 100 in the same run; then an import of 20,000 lines.

    .venv/bin/python -m benchmarks.contacts_listing [contacts, 10000 by default] [lines of the import, 20000]

Prints a table: median and 95th percentile in milliseconds, size of the answer, number of queries; then, for the
import, the longest request, the number of them and the whole. A measure, never a test. It makes a database of its
own, as tests do. The import writes pages for 500 of the lines only, and
says what all of them would take.
"""

from __future__ import annotations

import statistics
import sys
import time

from benchmarks.stage import load, scratch_site

FEW = 100
RUNS = 15
WRITTEN = 500
ADDRESSES = (
    ("the list", ""),
    ("page 100 of the list", "?page=100"),
    ("near Brest", "?place=Brest"),
    ("within 20 km of Brest", "?place=29200&radius=20"),
    ("near Brest, open now", "?place=Brest&open=maintenant"),
    ("side, kind and words", "?side=work&category=employeur&q=atelier"),
    ("map points", "exports/points/"),
    ("map points within 50 km", "exports/points/?place=Brest&radius=50"),
    ("print (2,000 at most)", "exports/imprimer/"),
    ("CSV", "exports/csv/"),
    ("vCard", "exports/vcard/"),
    ("GeoJSON", "exports/geojson/"),
    ("XLSX", "exports/xlsx/"),
)


def say(*cells: str) -> None:
    sys.stdout.write("  ".join(cells) + "\n")
    sys.stdout.flush()


def main(number: int, lines: int) -> None:
    with scratch_site():
        from django.conf import settings

        settings.MARA_LIMITS = ()  # one network asks for all of it
        measure(number, lines)
        say(load())


def measure(number: int, lines: int) -> None:
    from tests.factories import pages
    from tests.factories import world as world_module

    world_module.build()
    world = world_module.load()
    for code, side in (("employeur", "work"), ("association", "life"), ("institution", "life")):
        pages.category(code, side)
    section = pages.section(world.home(world.a), "annuaire")
    results = {}
    for count in (FEW, number):
        grow(section, count)
        sys.stderr.write(f"{count} contacts are there: measuring…\n")
        results[count] = {name: ask(world, path) for name, path in ADDRESSES}
    say(f"{'':26}", f"{FEW:>8,} contacts: ms (p95)", f"{number:>8,} contacts: ms (p95)", "    size   queries")
    for name, _path in ADDRESSES:
        few, many = results[FEW][name], results[number][name]
        say(
            f"{name:26}",
            f"{few[0]:>12.0f} ({few[1]:>6.0f})     ",
            f"{many[0]:>12.0f} ({many[1]:>6.0f})     ",
            f"{many[2] / 1000:>7.0f} kB   {few[3]} / {many[3]}",
        )
    bring_in(world, section, lines)


def grow(section, total: int) -> None:
    """Bring the directory to so many published contacts, around Brest and in the rest of France."""
    import random

    from demo import bulk
    from resources.models import ContactCategory, ContactPage, ContactPhone, OpeningSlot

    rng = random.Random(total)
    categories = list(ContactCategory.objects.all())
    first = ContactPage.objects.filter(path__startswith=section.path).count()
    for start in range(first, total, 500):
        made = [
            ContactPage(
                title=f"Atelier {rank} de la rade",
                slug=f"atelier-{rank}",
                category=rng.choice(categories),
                service="Un conseiller reçoit les officiers et leur conjoint, sur rendez-vous.",
                email=f"atelier{rank}@example.org",
                postcode="29200",
                commune="Brest",
                latitude=48.39 + rng.uniform(-0.1, 0.1) if rank % 3 else rng.uniform(43.5, 49.5),
                longitude=-4.49 + rng.uniform(-0.1, 0.1) if rank % 3 else rng.uniform(-1.5, 6.5),
            )
            for rank in range(start, min(start + 500, total))
        ]
        keys = bulk.insert(section, made)
        ContactPhone.objects.bulk_create(ContactPhone(page_id=key, number=f"+3319900{key % 10000:04}") for key in keys)
        OpeningSlot.objects.bulk_create(
            OpeningSlot(page_id=key, first_day=1, last_day=5, opens_at=opens, closes_at=closes)
            for key in keys
            if key % 2
            for opens, closes in (("09:00", "12:00"), ("14:00", "17:00"))
        )
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def ask(world, path: str) -> tuple[float, float, int, int]:
    """Median and 95th percentile in milliseconds, size in octets, number of queries."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": world.host(world.a)})

    def once() -> int:
        response = client.get(f"/annuaire/{path}")
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status_code}")
        return len(b"".join(response.streaming_content) if response.streaming else response.content)

    once()
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        size = once()
        queries = len(captured)
    times = []
    for _run in range(RUNS if "exports" not in path or "points" in path else 3):
        begun = time.perf_counter()
        once()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times), sorted(times)[int(len(times) * 0.95) - (len(times) > 1)], size, queries


def bring_in(world, section, lines: int) -> None:
    """Read, compare and begin to write a table of so many lines, request by request."""
    from core import spreadsheets
    from resources.contacts.importing import applying
    from resources.contacts.importing.models import Action, ContactImport, State
    from resources.contacts.importing.reading import describe
    from resources.contacts.importing.steps import advance

    head = ["Nom", "Catégorie", "Téléphone", "E-mail", "CP", "Commune", "Horaires"]
    rows = [
        [f"Organisme {n}", "employeur", f"02 98 {n // 100 % 100:02} {n % 100:02} 00", f"o{n}@example.org", "29200",
         "Brest", "Du lundi au vendredi, 9 h – 12 h"]
        for n in range(lines)
    ]  # fmt: skip
    say("", f"Import of {lines:,} lines into a directory that has them beside its own")
    for kind, raw in (
        ("CSV", b"".join(spreadsheets.csv_lines(head, rows))),
        ("XLSX", spreadsheets.xlsx("x", head, rows)),
    ):
        origin = ContactImport.objects.create(
            groupement=world.a, section=section, started_by=world.people["referent_a"], file_title=kind, raw=raw,
            form=describe(raw),
        )  # fmt: skip
        report(f"{kind}: reading ({len(raw) / 1e6:.1f} MB)", requests(origin, advance))
        ContactImport.objects.filter(pk=origin.pk).update(state=State.CHECKING, position=0)
        report(f"{kind}: comparing", requests(origin, advance))
    origin.rows.filter(line__gt=WRITTEN + 1).update(action=Action.IGNORE)
    origin.refresh_from_db()
    applying.confirm(origin, user=world.people["referent_a"], publish=True)
    times = requests(origin, advance)
    report(f"publishing {WRITTEN} of them", times)
    say("  ", f"{sum(times) / WRITTEN * 1000:.0f} ms a contact: {sum(times) / WRITTEN * lines / 60:.0f} min for all")


def requests(origin, advance) -> list[float]:
    """The duration in seconds of each request that moves an import on to the end of its step."""
    times = []
    while True:
        begun = time.perf_counter()
        running = advance(origin.pk).is_running
        times.append(time.perf_counter() - begun)
        if not running:
            return times


def report(what: str, times: list[float]) -> None:
    say(f"  {what:26}", f"{len(times):>4} requests, the longest {max(times):.1f} s, {sum(times):.0f} s in all")


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(*(given + [10_000, 20_000][len(given) :]))

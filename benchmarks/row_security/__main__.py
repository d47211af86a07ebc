"""What row-level security holds and breaks when the guard of the administration is off, and what it costs.

    .venv/bin/python -m benchmarks.row_security [role …]    (referent_a by default; zone_a, editor, contributor_a)
    .venv/bin/python -m benchmarks.row_security cost [N]    (the screens of a référent among N groupements)
    .venv/bin/python -m pytest -p benchmarks.row_security.plugin -n 0 tests/regions …   (what breaks: usual tests)

Walks the leak matrix, as the ordinary test run does, with the guard off: first with every other wall, then with the
policies of ``policies.py`` in the database, in two variants. Nothing is migrated: it happens in a scratch database.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter
from unittest import mock

from benchmarks.stage import load, say, scratch_site, table

SCREENS = (
    "/admin/",
    "/admin/pages/{home}/",
    "/admin/pages/{draft}/edit/",
    "/admin/pages/{home}/history/",
    "/admin/choose-page/search/?q=zq",
    "/admin/images/",
    "/admin/trame/{groupement}/",
    "/admin/dates/{calendar}/",
)
TIMES = 15


def main(roles: list[str]) -> None:
    with scratch_site():
        from django.db import transaction

        from benchmarks.row_security import policies
        from resources.index import following
        from tests.factories import world as world_module
        from tests.isolation.matrix import ground

        world_module.build()
        following.follow()
        with transaction.atomic():
            if roles[0] == "cost":
                crowd(int(roles[1]) if len(roles) > 1 else 100)
            world = world_module.load()
            estates = ground.lay(world)
            if roles[0] == "cost":
                protect("open")
                cost(world, estates, "referent_a")
            else:
                for variant in (None, *policies.PUBLISHED):
                    if variant:
                        protect(variant)
                    for role in roles:
                        walk(world, estates, role, variant)
                untold(policies)
            transaction.set_rollback(True)
    say(load())


def protect(variant: str) -> None:
    """Put the policies in the database."""
    from django.db import connection

    from benchmarks.row_security import policies

    with connection.cursor() as cursor:
        for statement in policies.statements(variant):
            cursor.execute(statement)


def crowd(number: int) -> None:
    """So many groupements more, each with a few pages."""
    from regions import services
    from tests.factories import pages

    for rank in range(number):
        code = f"foule-{rank}"
        groupement = services.provision_groupement(code=code, name=f"Foule {rank}", departements=[], email="a@b.fr")
        home = groupement.roots.get()
        for make in (pages.contact, pages.news, pages.event):
            make(home, live=rank % 2 == 0)


def untold(policies) -> None:
    """The tables that have no policy: a new one is among them, until somebody thinks of it."""
    protected = policies.conditions("open")
    bare = sorted(model._meta.db_table for model in policies.models() if model._meta.db_table not in protected)
    say(f"\n{len(protected)} tables have a policy; {len(bare)} have none: {', '.join(bare)}")


def without_guard(is_scoped: bool):
    """The guard's middleware as an empty place, or as that of the role."""
    from benchmarks.row_security import scope
    from regions.admin.guard.middleware import AdminGuardMiddleware

    enter = scope.enter if is_scoped else lambda *given: None
    around = scope.around if is_scoped else lambda guard, request: guard.get_response(request)
    return mock.patch.multiple(AdminGuardMiddleware, process_view=enter, __call__=around)


def walk(world, estates, role: str, variant: str | None) -> None:
    """One walk, and what it found, by address."""
    from tests.isolation.matrix.bodies import Forms
    from tests.isolation.matrix.browser import browser_of
    from tests.isolation.matrix.walk import Walk

    walked = Walk(role, browser_of(world, role), Forms(browser_of(world, "admin")), estates, full=False)
    with without_guard(variant is not None):
        report = walked.run()
    kinds: dict[str, Counter] = {name: Counter() for name in ("shows", "changes", "error", "answers otherwise")}
    for fault in report.faults:
        kind = next((name for name in kinds if f": {name}" in fault), "answers otherwise")
        kinds[kind][fault.split()[2]] += 1
    say(f"\n{role}, guard off, {f'policies ({variant})' if variant else 'no policy'}: {report.line()}")
    for kind, names in kinds.items():
        say(f"  {kind}: {names.total()} cells of {len(names)} addresses")
        for name, number in names.most_common() if kind != "answers otherwise" else ():
            first = next(fault for fault in report.faults if name in fault and kind in fault)
            say(f"    {number:4} {name}: {first[:260]}")


def cost(world, estates, role: str) -> None:
    """Queries and time of some screens as somebody who holds one place, with the guard and with the policies."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.isolation.matrix.browser import browser_of

    own = estates["a"]
    # A handler keeps the middleware that it was first asked with: one for each.
    clients = {False: browser_of(world, role), True: browser_of(world, role)}
    numbers = {name: page.pk for name, page in own.pages.items()} | own.ids
    rows = []
    for screen in SCREENS:
        path, figures = screen.format(**numbers), []
        spent: dict[bool, list[float]] = {False: [], True: []}
        for is_scoped in spent:
            with without_guard(is_scoped), CaptureQueriesContext(connection) as queries:
                clients[is_scoped].get(path)  # caches
                before = len(queries)
                status = clients[is_scoped].get(path).status_code
                figures += [status, len(queries) - before]
        for _time in range(TIMES):
            for is_scoped, times in spent.items():
                with without_guard(is_scoped):
                    started = time.perf_counter()
                    clients[is_scoped].get(path)
                    times.append((time.perf_counter() - started) * 1000)
        figures += [f"{statistics.median(times):.0f}" for times in spent.values()]
        figures.append(f"{statistics.median(spent[True]) / statistics.median(spent[False]):.2f}")
        rows.append([screen, *figures])
    say()
    table(["screen", "status", "queries", "status, policies", "queries", "ms", "ms, policies", "ratio"], rows)


if __name__ == "__main__":
    main(sys.argv[1:] or ["referent_a"])

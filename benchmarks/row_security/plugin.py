"""A plugin of pytest: the usual tests with the policies in the database and the role taken behind the guard.

What fails is what the policies break: nothing else changes.
"""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def _row_security(django_db_setup, django_db_blocker):
    from django.db import connection

    from benchmarks.row_security import policies, scope
    from regions.admin.guard.middleware import AdminGuardMiddleware

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for statement in policies.statements("open"):
            cursor.execute(statement)
    guarded = AdminGuardMiddleware.process_view

    def process_view(guard, request, view, args, kwargs):
        guarded(guard, request, view, args, kwargs)
        scope.enter(guard, request, view, args, kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AdminGuardMiddleware, "process_view", process_view)
        patch.setattr(AdminGuardMiddleware, "__call__", scope.around)
        yield

"""“Tâches”: what the site could not do by itself, for administrators; one click has it tried again, or dropped."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from django_tasks_db.models import DBTaskResult

from core.tasks import keeping
from core.tasks.asking import are_kept, title_of
from regions.admin.access import NetworkManagerMixin
from users import audit

SHOWN = 50
_REASONS = {
    keeping.WORKER_ENDED: gettext_lazy(
        "The program that was at it stopped: not enough memory, more than ten minutes, or the server restarted."
    ),
    "django.db.utils.OperationalError": gettext_lazy("The database did not answer."),
}


@dataclass(frozen=True)
class Shown:
    """A task as the screen tells of it."""

    row: DBTaskResult

    @property
    def title(self) -> str:
        return title_of(self.row.task_path, **self.row.args_kwargs)

    @property
    def tries(self) -> int:
        return len(self.row.worker_ids)

    @property
    def reason(self) -> str:
        """Why the last try failed."""
        kind = self.row.exception_class_path
        return str(_REASONS.get(kind) or _("Unexpected error (%(kind)s).") % {"kind": kind.rsplit(".", 1)[-1]})

    @property
    def details(self) -> str:
        """For whoever looks after the server: the task, the error and its places, without anybody's words."""
        return "\n".join([self.row.task_path, self.row.exception_class_path, self.row.traceback]).strip()


class SiteTasksView(NetworkManagerMixin, TemplateView):
    """What was given up, what will be tried again, what waits."""

    template_name = "regions/admin/site_tasks.html"

    def get_context_data(self, **kwargs):
        given_up, failing = keeping.given_up(), keeping.failing()
        return super().get_context_data(
            kept=are_kept(),
            given_up=[Shown(row) for row in given_up[:SHOWN]],
            given_up_count=given_up.count(),
            failing=[Shown(row) for row in failing[:SHOWN]],
            most_tries=keeping.most_tries(),
            waiting_count=keeping.waiting().count(),
            since=keeping.waiting_since(),
            dropped_days=keeping.DROPPED_DAYS,
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = self._chosen(request.POST.get("task", ""))
        if request.POST.get("action") != "drop":
            return self._try_again(chosen)
        if request.POST.get("confirmed") != "yes" and (row := chosen.first()):
            context = {"task": Shown(row), "dropped_days": keeping.DROPPED_DAYS}
            return render(request, "regions/admin/site_task_drop.html", context)
        return self._drop(chosen)

    def _try_again(self, chosen: QuerySet[DBTaskResult]) -> HttpResponse:
        paths = _paths(chosen)
        count = keeping.try_again(chosen)
        if count:
            audit.record("tasks.tried_again", actor=self.request.user, tasks=paths, count=count)
        text = ngettext("%(count)s task will be tried again.", "%(count)s tasks will be tried again.", count)
        messages.success(self.request, text % {"count": count} if count else _("This task is no longer here."))
        return redirect("site_tasks")

    def _drop(self, chosen: QuerySet[DBTaskResult]) -> HttpResponse:
        paths = _paths(chosen)
        count = keeping.drop(chosen)
        if count:
            audit.record("tasks.dropped", actor=self.request.user, tasks=paths, count=count)
        messages.success(self.request, _("The task is dropped.") if count else _("This task is no longer here."))
        return redirect("site_tasks")

    def _chosen(self, asked: str) -> QuerySet[DBTaskResult]:
        """The given-up task named by the form, or all of them."""
        if asked == "all":
            return keeping.given_up()
        try:
            return keeping.given_up().filter(pk=uuid.UUID(asked))
        except ValueError:
            return DBTaskResult.objects.none()


def _paths(rows: QuerySet[DBTaskResult]) -> list[str]:
    """Which tasks, for the journal: names of programs, nobody's."""
    return sorted(set(rows.values_list("task_path", flat=True)[:SHOWN]))

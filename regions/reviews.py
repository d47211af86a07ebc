"""Which pages wait for a person's approval."""

from __future__ import annotations

from django.db.models import QuerySet
from wagtail.models import Page, TaskState, WorkflowState


def pages_to_review(user) -> QuerySet[Page]:
    """The pages that wait for the approval of one of the person's groups, whoever holds the pages."""
    waiting = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
        task__groupapprovaltask__groups__in=user.groups.all(),
    )
    keys = waiting.values_list("workflow_state__object_id", flat=True).distinct()
    return Page.objects.filter(pk__in=[int(key) for key in keys if key.isdigit()])

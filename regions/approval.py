"""What the approval of a page does. Wagtail reads it while its own models load: nothing of them is imported here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wagtail.models import WorkflowState


def publish_approved(workflow_state: WorkflowState, user=None) -> None:
    """Publish what was just approved: being named its reviewer is the right to do so.

    A stand-in's référents review for a vacant groupement without holding its pages; Wagtail would refuse
    them the last step only. It also publishes the page's latest version, whoever wrote it since: what was submitted
    goes out instead, unless whoever approves here rewrote it, and the rest stays a draft.
    """
    page, task_state = workflow_state.content_object, workflow_state.current_task_state
    revision = page.get_latest_revision()
    if revision.pk != task_state.revision_id and not _may_approve(revision.user, page, task_state.task.specific):
        revision = task_state.revision
    revision.publish(user=user, skip_permission_checks=True)


def _may_approve(author, page, task) -> bool:
    """Whether who wrote a version is among those who approve, or publishes there anyway; nobody does not."""
    if author is None:
        return False
    return task.user_can_access_editor(page, author) or page.permissions_for_user(author).can_publish()

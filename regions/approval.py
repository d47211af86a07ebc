"""What the approval of a page does. Wagtail reads it while its own models load: nothing of them is imported here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wagtail.models import WorkflowState


def publish_approved(workflow_state: WorkflowState, user=None) -> None:
    """Publish what was just approved: being named its reviewer is the right to do so.

    A stand-in's référents review for a vacant groupement without holding its pages; Wagtail would refuse
    them the last step only.
    """
    workflow_state.content_object.get_latest_revision().publish(user=user, skip_permission_checks=True)

"""Whom Wagtail's messages about a page are sent to: those concerned who may still open it, nobody else.

Wagtail writes to whoever once submitted a page or took part in its comments, also when their mandate there has
ended: the message tells them the title of a draft and what is said about it. To be removed when Wagtail asks
for the right to the page before it writes (read in 8.0.1: ``wagtail.admin.mail``,
``EditView.send_commenting_notifications``).
"""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.db.models import Q
from wagtail.admin.mail import (
    GroupApprovalTaskStateSubmissionEmailNotifier,
    WorkflowStateApprovalEmailNotifier,
    WorkflowStateRejectionEmailNotifier,
    send_notification,
)
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Page, PageSubscription, TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected

from regions.reach import Reach


def may_open(person, page: Page) -> bool:
    """Whether a person holds a page today, or reviews it."""
    reach = Reach(person)
    return person.is_active and (reach.holds_path(page.path) or reach.to_review.filter(pk=page.pk).exists())


class _StillThere:
    """Leaves out those whose mandate has ended since."""

    def get_valid_recipients(self, instance, **kwargs):
        state = instance.workflow_state if isinstance(instance, TaskState) else instance
        found = super().get_valid_recipients(instance, **kwargs)
        page = state.content_object
        return {person for person in found if may_open(person, page)}


class SubmissionNotifier(_StillThere, GroupApprovalTaskStateSubmissionEmailNotifier):
    """To the reviewers of the place."""


class ApprovalNotifier(_StillThere, WorkflowStateApprovalEmailNotifier):
    """To the author, once it is published."""


class RejectionNotifier(_StillThere, WorkflowStateRejectionEmailNotifier):
    """To the author, with the reason."""


_NOTIFIERS = (
    (task_submitted, SubmissionNotifier(), TaskState, "group_approval_task_submitted_email_notification"),
    (workflow_approved, ApprovalNotifier(), WorkflowState, "workflow_state_approved_email_notification"),
    (workflow_rejected, RejectionNotifier(), WorkflowState, "workflow_state_rejected_email_notification"),
)


def connect() -> None:
    """Take the place of Wagtail's notifiers, whatever the order in which the applications are ready."""
    for signal, notifier, sender, uid in _NOTIFIERS:
        signal.disconnect(sender=sender, dispatch_uid=uid)
        # A second receiver of the same name is not added: Wagtail's, if it comes later.
        signal.connect(notifier, sender=sender, dispatch_uid=uid)


class ScopedEditView(EditView):
    """The editing form; what is said beside it is told to those who take part and may still read it."""

    def send_commenting_notifications(self, changes) -> None:
        threads = {comment.pk for comment in changes["resolved_comments"]}
        threads |= {comment.pk for comment, _replies in changes["new_replies"]}
        if not any(changes[kind] for kind in ("new_comments", "deleted_comments", "resolved_comments", "new_replies")):
            return
        for person, heard in self._listeners(threads).items():
            if may_open(person, self.page):
                send_notification([person], "updated_comments", self._told(changes, heard))

    def _listeners(self, threads: set[int]) -> dict:
        """Who follows the page (``None``: every thread of it), and who wrote in which of the threads."""
        others = get_user_model()._default_manager.exclude(pk=self.request.user.pk)
        following = PageSubscription.objects.filter(page=self.page, comment_notifications=True).values("user")
        listeners: dict = dict.fromkeys(others.filter(pk__in=following))
        for thread in threads:
            wrote = Q(comment_replies__comment=thread) | Q(wagtail_admin_comments=thread)
            for person in others.filter(wrote).exclude(pk__in=following).distinct():
                listeners.setdefault(person, set()).add(thread)
        return listeners

    def _told(self, changes, heard: set[int] | None) -> dict:
        def kept(comment) -> bool:
            return heard is None or comment.pk in heard

        return {
            "page": self.page,
            "editor": self.request.user,
            "new_comments": [comment for comment in changes["new_comments"] if kept(comment)],
            "resolved_comments": [comment for comment in changes["resolved_comments"] if kept(comment)],
            "deleted_comments": changes["deleted_comments"] if heard is None else [],
            "replied_comments": [
                {"comment": comment, "replies": replies}
                for comment, replies in changes["new_replies"]
                if kept(comment)
            ],
        }

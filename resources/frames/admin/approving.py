"""Publishing a national text outside its form: there too, what its form asks is said first."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.admin.viewsets.pages import page_viewset_registry
from wagtail.models import Page, Revision

from regions.admin.scoped.pages import ScopedPageViewSet
from resources.frames import changes, keeping
from resources.frames.admin.deleting import FrameUnpublishView
from resources.frames.admin.forms import APPROVE
from resources.frames.models import FramePage

PUBLISH = "publish"  # the name of Wagtail's bulk action


def still_to_say(revision: Revision) -> str:
    """What has to be said in its form before a version is published; empty when all is.

    Who keeps the text and when it is looked at again; what the change asks of the groupements that it concerns.
    """
    page = revision.as_object()
    if not page.is_the_nations:
        return ""
    words = list(keeping.missing(page).values())
    if page.live and not page.change_importance:
        before, after = changes.published_text(page), changes.text_of(revision, page.frame_texts)
        if found := changes.concerned(page, changes.difference(before, after).touched):
            words.append(found.question)
    return " ".join(words)


def ask_before_publishing(request: HttpRequest, action_type: str, pages, action) -> HttpResponse | None:
    """Hook ``before_bulk_action``: publishing several pages at once leads to the form of the first that must say."""
    if action_type != PUBLISH:
        return None
    chosen = Page.objects.filter(pk__in=[page.pk for page in pages if isinstance(page, Page)])
    for page in chosen.filter(has_unpublished_changes=True).specific():
        if isinstance(page, FramePage) and page.latest_revision and (words := still_to_say(page.latest_revision)):
            messages.warning(request, words)
            return redirect("wagtailadmin_pages:edit", page.pk)
    return None


class FrameWorkflowActionView(WorkflowActionView):
    """Approving from a list: where something has to be said first, one is led to the form, which asks it."""

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        words = still_to_say(self.task_state.revision) if self.action_name == APPROVE else ""
        if not words:
            return super().post(request, *args, **kwargs)
        messages.warning(request, words)
        form = reverse("wagtailadmin_pages:edit", args=[self.object.pk])
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return self.render_modal_json(request, {"step": "success", "redirect": form})
        return redirect(form)


class FramePageViewSet(ScopedPageViewSet):
    """The screens of the pages that may be frames. ``model`` stays the base one, as the views of every page expect."""

    workflow_action_view_class = FrameWorkflowActionView
    unpublish_view_class = FrameUnpublishView

    def on_register(self) -> None:
        page_viewset_registry.register(FramePage, self)

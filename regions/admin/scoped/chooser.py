"""The page chooser opens where the person writes."""

from __future__ import annotations

from wagtail.admin.views.chooser import BrowseView, page_models_from_string
from wagtail.models import Page

from regions.admin.scoped.pages import starting_page
from regions.reach import reach_of


class ScopedBrowseView(BrowseView):
    """Begins at a page within reach.

    Wagtail's begins at the nearest common ancestor of all pages of the type asked for, which may be
    somebody else's page. To remove when the ``construct_page_chooser_queryset`` hook covers the parent
    page too (wagtail issue 9714).
    """

    def get(self, request, parent_page_id=None):
        reach = reach_of(request.user)
        if parent_page_id is None and not reach.everything:
            start = self._nearest(request, reach)
            parent_page_id = start.pk if start else None
        return super().get(request, parent_page_id)

    def _nearest(self, request, reach) -> Page | None:
        """The node below which all the choosable pages of the types asked for are; else where one explores from."""
        try:
            models = page_models_from_string(request.GET.get("page_type") or "wagtailcore.page")
        except (ValueError, LookupError):
            models = (Page,)
        if models == (Page,):
            return starting_page(reach)
        wanted = reach.linkable.type(*models)
        node = wanted.first_common_ancestor() if wanted.exists() else None
        return node if node is not None and reach.browsable.filter(pk=node.pk).exists() else starting_page(reach)

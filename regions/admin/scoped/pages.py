"""The page screens: exploring begins at what one holds, privacy is given to one's own groups."""

from __future__ import annotations

from django.shortcuts import redirect
from wagtail.admin.views.page_privacy import SetPrivacyView
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.views.pages.usage import ContentTypeUseView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from regions.admin.notices import ScopedEditView
from regions.admin.scoped.filters import ScopedGenericPageFilterSet, ScopedPageFilterSet
from regions.admin.scoped.rows import OnceDrawnTable
from regions.places import HOME_DEPTH, NETWORK_DEPTH, NETWORK_PATH_LENGTH
from regions.reach import Reach, reach_of


def starting_page(reach: Reach) -> Page | None:
    """Where exploring begins: the only home held, or the node that leads to all of them."""
    if not reach.paths:
        return None
    if len(reach.paths) == 1:
        return Page.objects.filter(path=reach.paths[0]).first()
    return Page.objects.filter(path=reach.paths[0][:NETWORK_PATH_LENGTH]).first()


class ScopedExplorableIndexView(ExplorableIndexView):
    """The explorer. Above the homes it lists the homes that the person holds, in every language.

    Wagtail makes the root of the whole tree the common ancestor of homes in two languages; it is not shown.
    """

    table_class = OnceDrawnTable

    def get(self, request, parent_page_id=None):
        reach = self.reach = reach_of(request.user)
        if not reach.everything:
            start = starting_page(reach)
            asked = Page.objects.filter(pk=parent_page_id).first() if parent_page_id else None
            if start is not None and (asked is None or asked.depth < NETWORK_DEPTH):
                return redirect(self.index_url_name, start.pk)
        return super().get(request, parent_page_id)

    def get_base_queryset(self):
        if self.reach.everything or self.parent_page.depth >= HOME_DEPTH:
            return super().get_base_queryset()
        if self.is_searching or self.is_filtering:
            return self.annotate_queryset(self.reach.pages)
        return self.annotate_queryset(Page.objects.filter(path__in=self.reach.paths))


class ScopedContentTypeUseView(ContentTypeUseView):
    """The pages of one type that the person holds."""

    base_filterset_class = ScopedPageFilterSet
    table_class = OnceDrawnTable


class ScopedSetPrivacyView(SetPrivacyView):
    """Reserves a page to the groups of the person's own places; other groups that were given it keep it."""

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        reach = reach_of(self.request.user)
        if not reach.everything:
            field = form.fields["groups"]
            field.queryset = field.queryset.filter(pk__in=reach.groups.values("pk"))
        return form

    def form_valid(self, form):
        reach = reach_of(self.request.user)
        others = []
        if self.restriction and not reach.everything:
            others = list(self.restriction.groups.exclude(pk__in=reach.groups.values("pk")))
        response = super().form_valid(form)
        if others and form.instance.pk:
            form.instance.groups.add(*others)
        return response


class ScopedPageViewSet(PageViewSet):
    """Registered for the base model: the screens of every page type."""

    model = Page
    index_view_class = ScopedExplorableIndexView
    content_type_use_view_class = ScopedContentTypeUseView
    edit_view_class = ScopedEditView
    set_privacy_view_class = ScopedSetPrivacyView
    filterset_class = ScopedGenericPageFilterSet

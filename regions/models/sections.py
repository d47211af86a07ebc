from collections.abc import Iterable

from django.db.models import Q
from django.http import Http404
from wagtail.models import Page

from regions import visibility
from regions.models.pages import StructuralPage
from regions.places import place_for


class SectionPage(StructuralPage):
    """A section of a subsite (guides, directory, calendar…): it lists and opens local and national items.

    On a groupement's site a national item opens inside the subsite, under the same address as in the
    national section. A local item of the same address is its complement: both are shown together.
    """

    max_count_per_parent = 1

    class Meta:
        abstract = True

    def route(self, request, path_components):
        if not path_components:
            return super().route(request, path_components)
        place = place_for(request, locale_id=self.locale_id)
        national = place.counterpart(self)
        if national is None:
            return super().route(request, path_components)
        found = self._below_both(national, place.children(self, path_components[0]))
        if not found:  # there may be several types, or it is of one that is no longer made here
            below = Q(path__startswith=self.path) | Q(path__startswith=national.path)
            rows = Page.objects.filter(below, slug=path_components[0], depth=self.depth + 1)
            found = self._below_both(national, rows)
        local, inherited = found.get(self.path), found.get(national.path)
        if local and inherited and not local.specific_class.completes_national:
            inherited = None  # it took this address after the local page did, which keeps it
        if inherited:
            try:
                return inherited.specific.route(request, path_components[1:])
            except Http404:
                if local is None:
                    raise
        if local:
            return self._route_local(local.specific, request, place, path_components[1:])
        raise Http404

    def children_named(self, request, slug: str):
        """As for any page; they were read with the section, when that was led to from its home."""
        place = place_for(request, locale_id=self.locale_id)
        return [page for page in place.children(self, slug) if page.path.startswith(self.path)]

    def _below_both(self, national: Page, pages: Iterable[Page]) -> dict[str, Page]:
        """Some pages of this section and of the nation's, by their parent's path."""
        parents = {parent.path: parent for parent in (self, national)}
        found = {}
        for page in pages:
            page._cached_parent_obj = parents[page.path[: -Page.steplen]]
            found[page._cached_parent_obj.path] = page
        return found

    @staticmethod
    def _route_local(page: Page, request, place, rest: list[str]):
        """Open a local page; when the national one that it completes has changed its address, open that one."""
        base = visibility.base_of(page, place) if getattr(page, "completes", None) else None
        if base is None:
            return page.route(request, rest)
        try:
            return base.route(request, rest)
        except Http404:
            return page.route(request, rest)

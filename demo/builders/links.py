"""Where the internal links of a text lead: ``guide:…`` to the nation's guides, ``section:…`` to one's own site."""

from __future__ import annotations

from functools import cached_property

from wagtail.models import Page

from resources.models import GuideChapterPage, GuideIndexPage, GuidePage


class Links:
    """Finds the page of an internal link, from the home of the site to which the text belongs."""

    def __init__(self, national_home: Page, home: Page) -> None:
        self.national_home, self.home = national_home, home

    def resolve(self, target: str) -> int:
        """Return the identifier of the page that ``target`` names.

        Raises:
            LookupError: when there is no such page.
        """
        kind, _, address = target.partition(":")
        if kind == "guide":
            return self._guides[address.strip("/")]
        if kind == "section":
            return self._sections[address.strip("/")]
        raise LookupError(target)

    @cached_property
    def _guides(self) -> dict[str, int]:
        index = GuideIndexPage.objects.child_of(self.national_home).get()
        guides = {guide.path: guide for guide in GuidePage.objects.child_of(index)}
        found = {guide.slug: guide.pk for guide in guides.values()}
        for chapter in GuideChapterPage.objects.descendant_of(index):
            guide = guides[chapter.path[: -Page.steplen]]
            found[f"{guide.slug}/{chapter.slug}"] = chapter.pk
        return found

    @cached_property
    def _sections(self) -> dict[str, int]:
        return {page.slug: page.pk for page in self.home.get_children()}

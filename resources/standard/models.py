from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from core.fields import StoryField
from core.models import BasePage
from regions import rights, visibility
from regions.models import FederatedPage
from regions.places import place_for, relative_path
from resources.frames.blocks import FrameStoryBlock
from resources.frames.models import FramePage
from resources.index.declaration import Kind, Searchable, story_texts


class StandardPage(FramePage, FederatedPage):
    """A page of text. Below the national home it also opens in every groupement's subsite."""

    # A groupement's page of the same address stands instead of the nation's, unless it was made to complete it or
    # the nation's is one that every groupement must have.
    completes_by_address = False

    body = StoryField(FrameStoryBlock(), blank=True, verbose_name=_("text"))
    must_be_completed = models.BooleanField(
        _("each groupement has to complete it"),
        default=False,
        help_text=_("For a page that every groupement must have: its project, its presentation, its hours."),
    )

    search_fields: ClassVar[list] = [*FederatedPage.search_fields, index.SearchField("body")]
    content_panels: ClassVar[list] = [
        *FederatedPage.content_panels,
        FieldPanel("body"),
        FieldPanel("must_be_completed"),
        *FramePage.frame_panels,
    ]
    override_translatable_fields: ClassVar[list] = [
        *BasePage.override_translatable_fields,
        *FramePage.override_translatable_fields,
    ]

    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.GroupementHomePage", "resources.StandardPage"]
    subpage_types: ClassVar[list[str]] = ["resources.StandardPage"]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def searchable(self) -> Searchable:
        body = [*story_texts(self.body), *story_texts(self.answers)]
        return Searchable(Kind.PAGE, main=[self.summary], body=body)

    def clean(self):
        if self.slug and self.completes is None and (national := self._immovable_namesake()):
            self.completes = national.translation_key
        super().clean()
        if self.must_be_completed and not self.slots:
            words = _("Leave at least one place to the groupements in the text: they have to write somewhere.")
            raise ValidationError({"must_be_completed": words})

    def _immovable_namesake(self):
        """The nation's page of this address that every groupement must have: a groupement's page adds to it."""
        parent = self.get_parent() if self.path else getattr(self, "_parent_for_form", None)
        homes = tuple(home.path for home in rights.national_homes())
        if parent is None or not homes or parent.path.startswith(homes):
            return None
        address = f"{relative_path(parent)}{self.slug}/"
        rows = type(self).objects.filter(must_be_completed=True, live=True, slug=self.slug, locale=parent.locale_id)
        rows = rows.filter(depth=parent.depth + 1, url_path__endswith=f"/{address}")
        return next((page for page in rows if page.path.startswith(homes)), None)

    def find_complement(self, place):
        if not self.is_frame:
            return None
        # The address was resolved together with the complement; a preview was not.
        if hasattr(self, "found_complement"):
            found = self.found_complement
            return None if found is None or found.path.startswith(visibility.restricted_paths(place)) else found
        return visibility.complement_of(self, place)

    def get_base(self, request):
        return visibility.base_of(self, place_for(request, locale_id=self.locale_id)) if self.completes else None

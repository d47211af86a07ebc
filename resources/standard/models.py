from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from core.blocks import StoryBlock
from core.fields import StoryField
from core.models import ReviewMixin
from regions.models import FederatedPage
from resources.index.declaration import Kind, Searchable, story_texts


class StandardPage(ReviewMixin, FederatedPage):
    """A page of text. Below the national home it also opens in every groupement's subsite."""

    body = StoryField(StoryBlock(), blank=True, verbose_name=_("text"))

    search_fields: ClassVar[list] = [*FederatedPage.search_fields, index.SearchField("body")]
    content_panels: ClassVar[list] = [
        *FederatedPage.content_panels,
        FieldPanel("body"),
        *ReviewMixin.review_panels,
    ]

    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.GroupementHomePage", "resources.StandardPage"]
    subpage_types: ClassVar[list[str]] = ["resources.StandardPage"]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def searchable(self) -> Searchable:
        return Searchable(Kind.PAGE, main=[self.summary], body=story_texts(self.body))

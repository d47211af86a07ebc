import datetime as dt
from typing import ClassVar

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from core.blocks import StoryBlock
from core.fields import StoryField
from core.models import resized
from regions import visibility
from regions.models import FederatedPage, SectionPage, SharedPage
from resources.filters import FilterForm, TextField, folded_match
from resources.index.declaration import Kind, Searchable, story_texts
from resources.listing import ListingMixin

# The size in which cards show the image, as written in their template.
CARD_IMAGE = "fill-640x360"


class NewsFilterForm(FilterForm):
    """What visitors choose among the news."""

    q = TextField(label=_("Words"))


class NewsIndexPage(ListingMixin, SectionPage):
    """The section that lists the news, latest first."""

    filter_form = NewsFilterForm

    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.GroupementHomePage"]
    subpage_types: ClassVar[list[str]] = ["resources.NewsPage"]

    class Meta:
        verbose_name = _("news section")
        verbose_name_plural = _("news sections")

    searchable = None

    def get_items(self, place, form):
        model = apps.get_model("resources", "NewsPage")
        items = visibility.visible(model.objects.prefetch_related(resized("image", CARD_IMAGE)), place)
        items = items.filter(published_on__lte=timezone.localdate())
        if text := form.chosen("q"):
            items = folded_match(items, text, "folded")
        return items.order_by("-published_on", "-pk")


class NewsPage(SharedPage, FederatedPage):
    """Something new, told in a few lines."""

    schema_org_type = "NewsArticle"

    published_on = models.DateField(_("date"), default=timezone.localdate)
    image = models.ForeignKey(
        "core.Image", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("image")
    )
    body = StoryField(StoryBlock(), blank=True, verbose_name=_("text"))

    search_fields: ClassVar[list] = [
        *FederatedPage.search_fields,
        index.SearchField("body"),
        index.FilterField("published_on"),
    ]
    content_panels: ClassVar[list] = [
        *FederatedPage.content_panels,
        FieldPanel("published_on"),
        FieldPanel("image"),
        FieldPanel("body"),
        *SharedPage.sharing_panels,
    ]

    parent_page_types: ClassVar[list[str]] = ["resources.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")

    def searchable(self) -> Searchable:
        return Searchable(
            Kind.NEWS,
            main=[self.summary],
            body=story_texts(self.body),
            date=self.published_on,
            shown_from=timezone.make_aware(dt.datetime.combine(self.published_on, dt.time.min)),
        )

    def open_graph_image(self):
        return self.image.get_rendition("max-1200x630") if self.image else None

    def structured_data(self, place):
        return super().structured_data(place) | {
            "headline": self.title,
            "datePublished": self.published_on.isoformat(),
            "inLanguage": self.locale.language_code,
        }

from typing import ClassVar

from django.db import models
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.search import index
from wagtail.url_routing import RouteResult
from wagtail_localize.fields import SynchronizedField

from core.blocks import StoryBlock
from core.fields import StoryField
from core.models import BasePage, ReviewMixin
from core.text import story_minutes
from regions.models import CompletingPage, FederatedPage, SectionPage
from regions.places import place_for
from resources.enums import Situation
from resources.frames.blocks import FrameStoryBlock
from resources.frames.models import FramePage
from resources.guides import selectors
from resources.guides.forms import GuideFilterForm
from resources.guides.livret import composing
from resources.guides.livret import views as livret
from resources.index.declaration import Kind, Searchable, story_texts
from resources.listing import ListingMixin
from resources.reference import ThemedPage

# A printed guide lives at this address below the guide; no chapter may take it.
PRINT_SLUG = "imprimer"


class GuideIndexPage(ListingMixin, SectionPage):
    """The section that lists guides."""

    filter_form = GuideFilterForm

    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.GroupementHomePage"]
    subpage_types: ClassVar[list[str]] = ["resources.GuidePage"]

    class Meta:
        verbose_name = _("guides section")
        verbose_name_plural = _("guides sections")

    searchable = None

    def get_items(self, place, form):
        return selectors.guides(place, form)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | {"livret_url": f"{self.href}{'/'.join(livret.PATH)}/"}

    def route(self, request, path_components):
        """A livret of several guides; a guide has no page of two levels below it that could be there."""
        if tuple(path_components) == livret.PATH:
            return RouteResult(self, kwargs={"livret_asked": True})
        return super().route(request, path_components)

    def serve(self, request, *args, livret_asked: bool = False, **kwargs):
        if not livret_asked:
            return super().serve(request, *args, **kwargs)
        context = self.get_context(request)
        return livret.of_choice(self, request, context["place"], context)


class GuidePage(RoutablePageMixin, ThemedPage, ReviewMixin, CompletingPage, FederatedPage):
    """A book of chapters on one subject. A groupement's guide of the same address completes the nation's."""

    schema_org_type = "Guide"
    completes_national = True

    situation = models.CharField(
        _("situation"),
        max_length=12,
        choices=Situation,
        blank=True,
        help_text=_("The entry of the home page under which the guide is found."),
    )
    owner_name = models.CharField(
        _("kept by"), max_length=120, blank=True, help_text=_("The person who answers for this text (chef de file).")
    )
    owner_role = models.CharField(_("role of that person"), max_length=120, blank=True)
    body = StoryField(StoryBlock(), blank=True, verbose_name=_("introduction"))

    search_fields: ClassVar[list] = [*FederatedPage.search_fields, index.SearchField("body")]
    content_panels: ClassVar[list] = [
        *FederatedPage.content_panels,
        FieldPanel("body"),
        MultiFieldPanel([FieldRowPanel([FieldPanel("owner_name"), FieldPanel("owner_role")])], heading=_("Kept by")),
        *ReviewMixin.review_panels,
        MultiFieldPanel([FieldPanel("situation"), *ThemedPage.filing_panels], heading=_("Where it is found")),
    ]
    override_translatable_fields: ClassVar[list] = [
        *BasePage.override_translatable_fields,
        *ThemedPage.override_translatable_fields,
        SynchronizedField("owner_name"),
        SynchronizedField("checked_by"),
    ]

    parent_page_types: ClassVar[list[str]] = ["resources.GuideIndexPage"]
    subpage_types: ClassVar[list[str]] = ["resources.GuideChapterPage"]

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")

    def searchable(self) -> Searchable:
        return Searchable(Kind.GUIDE, main=[self.summary], body=story_texts(self.body))

    def serve_preview(self, request, mode_name):
        # Not the routable page's own: a complement is previewed inside the national guide.
        return FederatedPage.serve_preview(self, request, mode_name)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        place = context["place"]
        chapters = selectors.chapters(self, context["complement"], place)
        return context | {
            "chapters": chapters,
            "reading_minutes": sum(chapter["minutes"] for chapter in chapters),
            "print_url": f"{self.href}{PRINT_SLUG}/",
            "livret_url": f"{self.href}{'/'.join(livret.PATH)}/" if composing.is_offered(self, place) else "",
            **selectors.related(self, place),
        }

    @path(f"{PRINT_SLUG}/", name="print")
    def print_view(self, request):
        """The whole guide on one page, dated, with the address of the site it was printed from."""
        context = self.get_context(request)
        frames = selectors.merged(context["chapters"], context["place"])
        for chapter in context["chapters"]:
            chapter["frame"] = frames.get(chapter["page"].pk)
        context |= {
            "guide": self,
            "printed_on": timezone.localtime(),
            "site_address": context["place"].home_url,
        }
        return TemplateResponse(request, "resources/guide_page_print.html", context)

    @path("/".join(livret.PATH) + "/", name="livret")
    def livret_view(self, request):
        """The whole guide as a PDF."""
        return livret.of_guide(self, request, place_for(request, locale_id=self.locale_id))

    def structured_data(self, place):
        data = super().structured_data(place) | {
            "inLanguage": self.locale.language_code,
            "about": [theme.label for theme in self.themes.all()],
        }
        return data | ({"dateModified": self.last_published_at.isoformat()} if self.last_published_at else {})


class GuideChapterPage(FramePage, FederatedPage):
    """A chapter of a guide. Chapters are read in the order of the tree."""

    schema_org_type = "Article"
    completes_national = True

    body = StoryField(FrameStoryBlock(), blank=True, verbose_name=_("text"))

    search_fields: ClassVar[list] = [*FederatedPage.search_fields, index.SearchField("body")]
    content_panels: ClassVar[list] = [
        *FederatedPage.content_panels,
        FieldPanel("body"),
        *FramePage.frame_panels,
    ]
    override_translatable_fields: ClassVar[list] = [
        *BasePage.override_translatable_fields,
        *FramePage.override_translatable_fields,
    ]

    parent_page_types: ClassVar[list[str]] = ["resources.GuidePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")

    def searchable(self) -> Searchable:
        body = [*story_texts(self.body), *story_texts(self.answers)]
        return Searchable(Kind.GUIDE, main=[self.summary], body=body, filed_with_parent=True)

    @property
    def keeper_above(self):
        parent = self.get_parent() if self.path else getattr(self, "_parent_for_form", None)
        return parent and parent.specific

    @property
    def minutes(self) -> int:
        """How many minutes the chapter takes to read."""
        return story_minutes(self.body)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | selectors.chapter_context(self, context["place"], context["complement"])

    def structured_data(self, place):
        return super().structured_data(place) | {
            "articleSection": self.get_parent().title,
            "inLanguage": self.locale.language_code,
        }

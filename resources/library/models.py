from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from core.blocks import StoryBlock
from core.blocks.text import RICH_TEXT_FEATURES
from core.fields import StoryField
from core.models import BasePage, ReviewMixin
from regions.models import FederatedPage, SectionPage, SharedPage
from resources.index.declaration import Kind, Searchable, plain, story_texts
from resources.library import selectors
from resources.library.forms import LibraryFilterForm
from resources.listing import ListingMixin
from resources.reference import ThemedPage
from resources.related import related


class LibraryPage(ListingMixin, SectionPage):
    """The section that lists what one takes away: sheets, templates, recordings."""

    filter_form = LibraryFilterForm

    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.GroupementHomePage"]
    subpage_types: ClassVar[list[str]] = ["resources.ResourcePage"]

    class Meta:
        verbose_name = _("library section")
        verbose_name_plural = _("library sections")

    searchable = None

    def get_items(self, place, form):
        return selectors.resources(place, form)


class ResourcePage(SharedPage, ThemedPage, ReviewMixin, FederatedPage):
    """Something to use: a file, or a film or sound elsewhere with its transcript."""

    class Kind(models.TextChoices):
        ACTION_SHEET = "action_sheet", _("action sheet")
        FLYER = "flyer", _("flyer")
        SLIDES = "slides", _("slides")
        REPLAY = "replay", _("replay")
        PODCAST = "podcast", _("podcast")
        TEMPLATE = "template", _("template")
        LINK = "link", _("link")

    class LearningLevel(models.TextChoices):
        UNDERSTAND = "understand", _("understand")
        DO = "do", _("do")
        PASS_ON = "pass_on", _("pass on")

    # Kinds that some cannot hear or see: their text is due with them.
    RECORDINGS: ClassVar[frozenset[str]] = frozenset({Kind.REPLAY, Kind.PODCAST})

    schema_org_type = "CreativeWork"

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    file = models.ForeignKey(
        "core.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    link_url = models.URLField(_("address"), blank=True, help_text=_("Of the film, the sound or the page."))
    transcript = RichTextField(
        _("transcript"),
        features=RICH_TEXT_FEATURES,
        blank=True,
        help_text=_("The text of the film or sound, for those who cannot hear it or have no time to."),
    )
    level = models.CharField(_("level"), max_length=10, choices=LearningLevel, default=LearningLevel.UNDERSTAND)
    duration_minutes = models.PositiveSmallIntegerField(_("length in minutes"), null=True, blank=True)
    author = models.CharField(_("author"), max_length=120, blank=True)
    published_on = models.DateField(_("dated"), default=timezone.localdate)
    body = StoryField(StoryBlock(), blank=True, verbose_name=_("presentation"))

    search_fields: ClassVar[list] = [
        *FederatedPage.search_fields,
        index.SearchField("body"),
        index.SearchField("transcript"),
        index.FilterField("kind"),
        index.FilterField("level"),
    ]
    content_panels: ClassVar[list] = [
        *FederatedPage.content_panels,
        FieldRowPanel([FieldPanel("kind"), FieldPanel("level")]),
        MultiFieldPanel(
            [FieldPanel("file"), FieldPanel("link_url"), FieldPanel("duration_minutes")], heading=_("File or link")
        ),
        FieldPanel("body"),
        FieldPanel("transcript"),
        FieldRowPanel([FieldPanel("author"), FieldPanel("published_on")]),
        *SharedPage.sharing_panels,
        *ReviewMixin.review_panels,
        MultiFieldPanel(ThemedPage.filing_panels, heading=_("Where it is found")),
    ]
    override_translatable_fields: ClassVar[list] = [
        *BasePage.override_translatable_fields,
        *ThemedPage.override_translatable_fields,
        SynchronizedField("author"),
        SynchronizedField("checked_by"),
        SynchronizedField("link_url"),
    ]

    parent_page_types: ClassVar[list[str]] = ["resources.LibraryPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")

    def clean(self):
        super().clean()
        errors = {}
        if not self.file_id and not self.link_url:
            errors["file"] = _("Give a file or an address.")
        if self.kind in self.RECORDINGS and not self.transcript:
            errors["transcript"] = _("Give the text of the recording: it is owed to those who cannot hear it.")
        if errors:
            raise ValidationError(errors)

    def searchable(self) -> Searchable:
        return Searchable(
            Kind.RESOURCE,
            main=[self.summary, str(self.get_kind_display()), self.file.title if self.file else "", self.author],
            body=[*story_texts(self.body), plain(self.transcript)],
            date=self.published_on,
        )

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | related(self, context["place"])

    def structured_data(self, place):
        data = super().structured_data(place) | {
            "learningResourceType": str(self.get_kind_display()),
            "datePublished": self.published_on.isoformat(),
        }
        if self.duration_minutes:
            data["timeRequired"] = f"PT{self.duration_minutes}M"
        return data

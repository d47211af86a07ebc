from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from core.blocks.text import RICH_TEXT_FEATURES
from core.fields import StoryField
from core.models import BasePage, PostalAddressMixin, ReviewMixin
from core.phones import PhoneField
from regions.models import FederatedPage, SectionPage
from resources.enums import AgreementStatus
from resources.frames.blocks import FrameStoryBlock
from resources.frames.models import FramePage
from resources.index.declaration import Kind, Searchable, plain, point_of, story_texts
from resources.listing import ListingMixin
from resources.partners import selectors
from resources.partners.forms import PartnerFilterForm
from resources.reference import ThemedPage


class PartnerIndexPage(ListingMixin, SectionPage):
    """The section that lists partners, and a groupement's branches of them."""

    filter_form = PartnerFilterForm

    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.GroupementHomePage"]
    subpage_types: ClassVar[list[str]] = ["resources.PartnerPage", "resources.PartnerBranchPage"]

    class Meta:
        verbose_name = _("partners section")
        verbose_name_plural = _("partners sections")

    searchable = None

    def get_items(self, place, form):
        return selectors.partners(place, form)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        selectors.attach_local_branches(context["items"].object_list, context["place"])
        return context


class PartnerPage(ThemedPage, FramePage, FederatedPage):
    """A body that the association works with: the same profile for the whole network."""

    schema_org_type = "Organization"
    completes_national = True
    frame_texts = ("mission", "offer", "how_to_reach")
    frame_text_titles: ClassVar[dict] = {
        "mission": _("Their mission"),
        "offer": _("What they offer"),
        "how_to_reach": _("How to reach them"),
    }

    mission = RichTextField(_("mission"), features=RICH_TEXT_FEATURES, blank=True)
    offer = RichTextField(_("what it offers"), features=RICH_TEXT_FEATURES, blank=True)
    how_to_reach = RichTextField(_("how to reach it"), features=RICH_TEXT_FEATURES, blank=True)
    agreement_status = models.CharField(
        _("agreement"), max_length=12, choices=AgreementStatus, default=AgreementStatus.NONE
    )
    agreement_date = models.DateField(_("date of the agreement"), null=True, blank=True)
    logo = models.ForeignKey(
        "core.Image", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("logo")
    )
    website = models.URLField(_("website"), blank=True)
    body = StoryField(FrameStoryBlock(), blank=True, verbose_name=_("more about it"))

    search_fields: ClassVar[list] = [
        *FederatedPage.search_fields,
        index.SearchField("mission"),
        index.SearchField("offer"),
    ]
    content_panels: ClassVar[list] = [
        *FederatedPage.content_panels,
        FieldPanel("logo"),
        FieldPanel("mission"),
        FieldPanel("offer"),
        FieldPanel("how_to_reach"),
        FieldPanel("website"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("agreement_status"), FieldPanel("agreement_date")])], heading=_("Agreement")
        ),
        FieldPanel("body"),
        *FramePage.frame_panels,
        MultiFieldPanel(ThemedPage.filing_panels, heading=_("Where it is found")),
    ]
    override_translatable_fields: ClassVar[list] = [
        *BasePage.override_translatable_fields,
        *ThemedPage.override_translatable_fields,
        *FramePage.override_translatable_fields,
        SynchronizedField("website"),
    ]

    parent_page_types: ClassVar[list[str]] = ["resources.PartnerIndexPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")

    def searchable(self) -> Searchable:
        return Searchable(
            Kind.PARTNER,
            main=[self.summary],
            body=[
                *(plain(text) for text in (self.mission, self.offer, self.how_to_reach)),
                *story_texts(self.body),
                *story_texts(self.answers),
            ],
            date=self.checked_on,
        )

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | selectors.branch_context(self, context["place"])

    def open_graph_image(self):
        return self.logo.get_rendition("max-1200x630") if self.logo else None

    def structured_data(self, place):
        data = super().structured_data(place)
        return data | ({"sameAs": self.website} if self.website else {})


class PartnerBranchPage(PostalAddressMixin, ReviewMixin, FederatedPage):
    """Where a partner is represented in a groupement's territory, and how far their local charter has got."""

    schema_org_type = "LocalBusiness"
    completes_national = True

    partner = models.ForeignKey(
        PartnerPage,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="branches",
        verbose_name=_("partner"),
        help_text=_("The partner whose local branch this is."),
    )
    contact_name = models.CharField(_("person to ask for"), max_length=120, blank=True)
    phone = PhoneField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    opening_hours = models.CharField(_("opening hours"), max_length=255, blank=True)
    charter_status = models.CharField(
        _("local charter"), max_length=12, choices=AgreementStatus, default=AgreementStatus.NONE
    )
    charter_date = models.DateField(_("date of the charter"), null=True, blank=True)
    note = RichTextField(_("in our groupement"), features=RICH_TEXT_FEATURES, blank=True)

    search_fields: ClassVar[list] = [*FederatedPage.search_fields, index.SearchField("note")]
    content_panels: ClassVar[list] = [
        *FederatedPage.content_panels,
        FieldPanel("partner"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("contact_name"), FieldPanel("opening_hours")]),
                FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
            ],
            heading=_("How to reach it"),
        ),
        *PostalAddressMixin.address_panels,
        *PostalAddressMixin.point_panels,
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("charter_status"), FieldPanel("charter_date")])], heading=_("Local charter")
        ),
        FieldPanel("note"),
        *ReviewMixin.review_panels,
    ]
    override_translatable_fields: ClassVar[list] = [
        *BasePage.override_translatable_fields,
        *(
            SynchronizedField(name)
            for name in ("partner", "address", "commune", "contact_name", "phone", "email", "checked_by")
        ),
    ]

    parent_page_types: ClassVar[list[str]] = ["resources.PartnerIndexPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("local branch of a partner")
        verbose_name_plural = _("local branches of partners")

    def searchable(self) -> Searchable:
        partner = self.partner.title if self.partner and self.partner.live else ""
        return Searchable(
            Kind.PARTNER,
            main=[self.summary, partner, f"{self.postcode} {self.commune}", self.contact_name],
            body=[plain(self.note), self.address, self.opening_hours],
            date=self.checked_on,
            point=point_of(self),
        )

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        place = context["place"]
        partner = selectors.partner_of(self, place)
        branches = selectors.branch_context(partner, place) if partner else {}
        return context | {"branch": self, "partner": partner} | branches

    def get_base(self, request):
        # A branch is read with its partner's profile on its own page, whatever its address.
        return None

    @classmethod
    def can_create_at(cls, parent):
        # The nation keeps the profiles; branches are the groupements'.
        return super().can_create_at(parent) and hasattr(parent.get_parent().specific, "groupement")

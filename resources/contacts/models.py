from typing import ClassVar

from django.db import models
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Orderable
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from core.models import BasePage, PostalAddressMixin, ReviewMixin
from core.phones import PhoneField
from regions.models import FederatedPage, SectionPage
from resources.contacts import selectors, vcard
from resources.contacts.forms import ContactFilterForm
from resources.index.declaration import Kind, Searchable, point_of
from resources.listing import ListingMixin
from resources.reference import ContactCategory, ThemedPage

# Wagtail serves no address with a dot in it: the file has its name in the header of the response.
VCARD_PATH = "carte/"


class ContactListingPage(ListingMixin, SectionPage):
    """The section that lists contacts, by side and category."""

    filter_form = ContactFilterForm
    page_size = 40

    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.GroupementHomePage"]
    subpage_types: ClassVar[list[str]] = ["resources.ContactPage"]

    class Meta:
        verbose_name = _("directory section")
        verbose_name_plural = _("directory sections")

    searchable = None

    def get_items(self, place, form):
        return selectors.contacts(place, form)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        items = list(context["items"].object_list)
        return context | {"groups": selectors.grouped(items), "map_points": selectors.map_points(items)}


class ContactPage(RoutablePageMixin, ThemedPage, PostalAddressMixin, ReviewMixin, FederatedPage):
    """A point of contact: a body that helps, where, when and how. Its title is the body's name."""

    schema_org_type = "Organization"

    category = models.ForeignKey(
        ContactCategory, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("category")
    )
    service = models.TextField(
        _("what it does for you"),
        blank=True,
        help_text=_("In two or three sentences, for somebody who does not know it."),
    )
    contact_name = models.CharField(
        _("person to ask for"), max_length=120, blank=True, help_text=_("Only with that person's agreement.")
    )
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)
    opening_hours = models.CharField(
        _("opening hours"), max_length=255, blank=True, help_text=_("For example: du lundi au vendredi, 9 h – 12 h.")
    )
    conditions = models.TextField(
        _("conditions"), blank=True, help_text=_("Appointment, papers to bring, who may come…")
    )
    area_served = models.CharField(_("area served"), max_length=255, blank=True)
    source = models.CharField(
        _("source"), max_length=60, blank=True, help_text=_("Where this entry comes from, when it was imported.")
    )
    source_id = models.CharField(_("identifier there"), max_length=120, blank=True)

    search_fields: ClassVar[list] = [
        *FederatedPage.search_fields,
        index.SearchField("service"),
        index.SearchField("commune"),
        index.FilterField("category"),
    ]
    content_panels: ClassVar[list] = [
        HelpPanel(content=_("The title is the name of the body, as it calls itself.")),
        *FederatedPage.content_panels,
        FieldPanel("category"),
        FieldPanel("service"),
        MultiFieldPanel(
            [
                InlinePanel("phones", label=_("Phone"), heading=_("Phones"), max_num=5),
                FieldRowPanel([FieldPanel("email"), FieldPanel("website")]),
                FieldRowPanel([FieldPanel("contact_name"), FieldPanel("opening_hours")]),
                FieldPanel("conditions"),
            ],
            heading=_("How to reach it"),
        ),
        *PostalAddressMixin.address_panels,
        *PostalAddressMixin.point_panels,
        FieldPanel("area_served"),
        *ReviewMixin.review_panels,
        MultiFieldPanel(ThemedPage.filing_panels, heading=_("Where it is found")),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("source"), FieldPanel("source_id")])],
            heading=_("Source"),
            classname="collapsed",
        ),
    ]
    override_translatable_fields: ClassVar[list] = [
        *BasePage.override_translatable_fields,
        *ThemedPage.override_translatable_fields,
        *(
            SynchronizedField(name)
            for name in ("title", "address", "commune", "contact_name", "email", "website", "checked_by", "source_id")
        ),
    ]

    parent_page_types: ClassVar[list[str]] = ["resources.ContactListingPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def folded_source(self):
        return [self.title, self.summary, self.service, self.commune, self.contact_name, self.area_served]

    def searchable(self) -> Searchable:
        return Searchable(
            Kind.CONTACT,
            main=[self.summary, self.category.name, self.commune, self.postcode, self.contact_name, self.area_served],
            body=[self.service, self.conditions, self.address, self.opening_hours],
            date=self.checked_on,
            point=point_of(self),
        )

    def serve_preview(self, request, mode_name):
        return FederatedPage.serve_preview(self, request, mode_name)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | {"vcard_url": f"{self.href}{VCARD_PATH}", **selectors.neighbours(self, context["place"])}

    @path(VCARD_PATH, name="vcard")
    def vcard_view(self, request):
        """The contact as a vCard, to keep in one's phone."""
        response = HttpResponse(vcard.to_vcard(self), content_type="text/vcard; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.slug}.vcf"'
        return response

    def structured_data(self, place):
        data = super().structured_data(place)
        if self.commune:
            data["address"] = {
                "@type": "PostalAddress",
                "streetAddress": self.address,
                "postalCode": self.postcode,
                "addressLocality": self.commune,
                "addressCountry": "FR",
            }
        telephones = [phone.number for phone in self.phones.all()]
        for name, value in (("telephone", telephones), ("email", self.email), ("sameAs", self.website)):
            if value:
                data[name] = value
        return data


class ContactPhone(Orderable):
    """One telephone number of a contact."""

    page = ParentalKey(ContactPage, on_delete=models.CASCADE, related_name="phones")
    label = models.CharField(_("label"), max_length=60, blank=True, help_text=_("For example: accueil, urgence."))
    number = PhoneField(_("number"))

    panels: ClassVar[list] = [FieldRowPanel([FieldPanel("number"), FieldPanel("label")])]
    override_translatable_fields: ClassVar[list] = [SynchronizedField("label"), SynchronizedField("number")]

    class Meta(Orderable.Meta):
        verbose_name = _("phone")
        verbose_name_plural = _("phones")

    def __str__(self) -> str:
        return self.number

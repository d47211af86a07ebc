from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Orderable
from wagtail.search import index
from wagtail.url_routing import RouteResult
from wagtail_localize.fields import SynchronizedField

from core.fields import HourField
from core.models import BasePage, PostalAddressMixin, ReviewMixin
from core.phones import PhoneField
from regions.models import FederatedPage, SectionPage
from resources.contacts import hours, outputs, selectors
from resources.contacts.exports import vcard
from resources.contacts.forms import ContactFilterForm
from resources.index.declaration import Kind, Searchable
from resources.listing import ListingMixin, querystring
from resources.reference import ContactCategory, ThemedPage

# Wagtail serves no address with a dot in it: the file has its name in the header of the response.
VCARD_PATH = "carte/"


class ContactListingPage(ListingMixin, SectionPage):
    """The section that lists contacts: by side and category, or nearest first around a commune."""

    filter_form = ContactFilterForm
    page_size = 40

    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.GroupementHomePage"]
    subpage_types: ClassVar[list[str]] = ["resources.ContactPage"]

    class Meta:
        verbose_name = _("directory section")
        verbose_name_plural = _("directory sections")

    searchable = None

    def route(self, request, path_components):
        """What is shown has other forms, below ``exports/``; a contact has no page below it that could be there."""
        if len(path_components) == 2 and path_components[0] == outputs.PATH and path_components[1] in outputs.OUTPUTS:
            return RouteResult(self, kwargs={"output": path_components[1]})
        return super().route(request, path_components)

    def serve(self, request, *args, output: str = "", **kwargs):
        return outputs.serve(self, request, output) if output else super().serve(request, *args, **kwargs)

    def get_items(self, place, form):
        return selectors.contacts(place, form)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        form, place = context["filters"], context["place"]
        items = list(context["items"].object_list)
        query = querystring(request)
        return context | {
            "groups": [] if form.centre else selectors.grouped(items),
            "outputs": {
                name: f"{self.href}{outputs.PATH}/{name}/{'?' + query if query else ''}" for name in outputs.OUTPUTS
            },
            "not_shown": selectors.not_shown(place, form),
            "holiday": hours.holiday(timezone.localdate()) if form.chosen("open") else "",
        }


class PositionSource(models.TextChoices):
    """How a contact's position is known."""

    POINT = "point", _("its own point")
    COMMUNE = "commune", _("centre of the commune")


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
        _("more about the hours"),
        max_length=255,
        blank=True,
        help_text=_("In your own words: sur rendez-vous, premier jeudi du mois, fermé en août…"),
    )
    conditions = models.TextField(
        _("conditions"), blank=True, help_text=_("Appointment, papers to bring, who may come…")
    )
    area_served = models.CharField(_("area served"), max_length=255, blank=True)
    source = models.CharField(
        _("source"), max_length=60, blank=True, help_text=_("Where this entry comes from, when it was imported.")
    )
    source_id = models.CharField(_("identifier there"), max_length=120, blank=True)

    # Filled on every save (resources.contacts.position): what distances and “open now” are reckoned with.
    position_latitude = models.FloatField(null=True, editable=False)
    position_longitude = models.FloatField(null=True, editable=False)
    position_source = models.CharField(max_length=10, choices=PositionSource, blank=True, default="", editable=False)
    time_zone = models.CharField(max_length=40, default=hours.PARIS, editable=False)

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
                FieldPanel("contact_name"),
                FieldPanel("conditions"),
            ],
            heading=_("How to reach it"),
        ),
        MultiFieldPanel(
            [
                InlinePanel(
                    "opening_slots",
                    label=_("Days and times"),
                    heading=_("Usual days and times"),
                    help_text=_(
                        "One line for the morning, another for the afternoon. For a single day, leave “to” empty. "
                        "Midnight is 00:00."
                    ),
                    max_num=hours.MAX_SLOTS,
                ),
                FieldPanel("opening_hours"),
            ],
            heading=_("Opening hours"),
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
        SynchronizedField("position_source"),
        SynchronizedField("time_zone"),
    ]

    parent_page_types: ClassVar[list[str]] = ["resources.ContactListingPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes: ClassVar[list] = [
            models.Index(fields=["position_latitude", "position_longitude"], name="resources_contact_position"),
            models.Index(fields=["source", "source_id"], name="resources_contact_source"),
        ]

    @property
    def has_position(self) -> bool:
        """Whether the contact can be put on a map: at its own point, or in its commune."""
        return self.position_latitude is not None

    @property
    def is_placed_by_commune(self) -> bool:
        """Whether its place on a map is the centre of its commune rather than its own."""
        return self.position_source == PositionSource.COMMUNE

    @property
    def hours_lines(self) -> list[str]:
        """The usual hours in words, a line for the days that have the same."""
        return hours.describe(self.opening_slots.all())

    @property
    def osm_opening_hours(self) -> str:
        """The usual hours as ``opening_hours`` of OpenStreetMap, which data·inclusion uses too."""
        return hours.to_osm(self.opening_slots.all())

    @property
    def hours_state(self) -> hours.State | None:
        """Whether it is open by its usual hours at this moment; ``None`` when they are not known."""
        return hours.state(self.opening_slots.all(), timezone.now(), self.time_zone)

    def folded_source(self):
        return [self.title, self.summary, self.service, self.commune, self.contact_name, self.area_served]

    def searchable(self) -> Searchable:
        return Searchable(
            Kind.CONTACT,
            main=[
                self.summary,
                self.category.name,
                f"{self.postcode} {self.commune}",
                self.contact_name,
                self.area_served,
            ],
            body=[self.service, self.conditions, self.address, self.opening_hours],
            date=self.checked_on,
            point=(self.position_latitude, self.position_longitude) if self.has_position else None,
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


class OpeningSlot(Orderable):
    """Usual hours of a contact: from a day to another, between two times."""

    DAYS: ClassVar[list] = list(enumerate((WEEKDAYS[day] for day in range(7)), start=1))

    page = ParentalKey(ContactPage, on_delete=models.CASCADE, related_name="opening_slots")
    first_day = models.PositiveSmallIntegerField(_("from (day)"), choices=DAYS)
    last_day = models.PositiveSmallIntegerField(_("to (day)"), choices=DAYS, blank=True, null=True)
    opens_at = HourField(_("opens at"))
    closes_at = HourField(_("closes at"))

    panels: ClassVar[list] = [
        FieldRowPanel(
            [FieldPanel(name) for name in ("first_day", "last_day", "opens_at", "closes_at")],
        )
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")

    def __str__(self) -> str:
        return f"{self.get_first_day_display()} {self.opens_at:%H:%M}-{self.closes_at:%H:%M}"

    def clean(self):
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": _("The week goes from Monday to Sunday: use two lines.")})
        if self.opens_at and self.closes_at and self.closes_at != hours.MIDNIGHT and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": _("The end comes before the beginning: use two lines.")})

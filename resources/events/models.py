import datetime as dt
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from core.blocks import StoryBlock
from core.fields import StoryField
from core.models import BasePage, PostalAddressMixin
from core.phones import PhoneField
from regions.models import FederatedPage, SectionPage, SharedPage
from resources.events import schema, selectors
from resources.events.admin_forms import EventPageForm
from resources.events.forms import EventFilterForm
from resources.index.declaration import Kind, Searchable, point_of, story_texts
from resources.listing import ListingMixin
from resources.reference import ThemedPage
from resources.related import related


class EventCalendarPage(ListingMixin, SectionPage):
    """The section that shows events, as a list or month by month."""

    filter_form = EventFilterForm

    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.GroupementHomePage"]
    subpage_types: ClassVar[list[str]] = ["resources.EventPage"]

    class Meta:
        verbose_name = _("calendar section")
        verbose_name_plural = _("calendar sections")

    searchable = None

    def get_items(self, place, form):
        return selectors.listed(place, form)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | selectors.calendar_view(context["place"], context["filters"], request, context["page_url"])


class EventQuerySet(PageQuerySet):
    """Reads of events."""

    def upcoming(self) -> "EventQuerySet":
        """Events that are not over."""
        return self.filter(ends_at__gte=timezone.now())

    def past(self) -> "EventQuerySet":
        """Events that are over: each event is either upcoming or past."""
        return self.filter(ends_at__lt=timezone.now())


class EventPage(SharedPage, ThemedPage, PostalAddressMixin, FederatedPage):
    """Something that happens: when, where or online, who runs it, and how to come."""

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        CANCELLED = "cancelled", _("cancelled")
        POSTPONED = "postponed", _("postponed")
        FULL = "full", _("full")
        MOVED_ONLINE = "moved_online", _("moved online")

    schema_org_type = "Event"

    starts_at = models.DateTimeField(_("begins"), help_text=_("Time in France (Paris)."))
    ends_at = models.DateTimeField(_("ends"))
    all_day = models.BooleanField(_("all day"), default=False, help_text=_("Only the dates are shown."))
    place_name = models.CharField(_("name of the place"), max_length=150, blank=True)
    online_url = models.URLField(_("address of the online meeting"), blank=True)
    organiser = models.CharField(_("organised by"), max_length=150, blank=True)
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=Status,
        default=Status.CONFIRMED,
        help_text=_("A cancelled event stays in the calendar, struck through: nobody comes for nothing."),
    )
    status_note = models.CharField(
        _("about the status"), max_length=200, blank=True, help_text=_("For example: reporté au 12 mars.")
    )
    registration_url = models.URLField(_("address of the registration form"), blank=True)
    registration_email = models.EmailField(_("e-mail for registration"), blank=True)
    registration_deadline = models.DateField(_("register before"), null=True, blank=True)
    capacity = models.PositiveIntegerField(_("number of places"), null=True, blank=True)
    contact_name = models.CharField(_("person to ask for"), max_length=120, blank=True)
    contact_phone = PhoneField(_("phone"), blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    body = StoryField(StoryBlock(), blank=True, verbose_name=_("programme"))

    objects = PageManager.from_queryset(EventQuerySet)()
    base_form_class = EventPageForm

    search_fields: ClassVar[list] = [
        *FederatedPage.search_fields,
        index.SearchField("body"),
        index.SearchField("commune"),
        index.FilterField("starts_at"),
        index.FilterField("status"),
    ]
    content_panels: ClassVar[list] = [
        *FederatedPage.content_panels,
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]), FieldPanel("all_day")],
            heading=_("When"),
        ),
        MultiFieldPanel([FieldPanel("place_name"), FieldPanel("online_url")], heading=_("Where")),
        *PostalAddressMixin.address_panels,
        *SharedPage.sharing_panels,
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel("organiser"),
                FieldRowPanel([FieldPanel("contact_name"), FieldPanel("contact_phone"), FieldPanel("contact_email")]),
            ],
            heading=_("Who to ask"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("registration_url"), FieldPanel("registration_email")]),
                FieldRowPanel([FieldPanel("registration_deadline"), FieldPanel("capacity")]),
            ],
            heading=_("Registration"),
        ),
        InlinePanel("documents", label=_("Document"), heading=_("Documents")),
        MultiFieldPanel([FieldPanel("status"), FieldPanel("status_note")], heading=_("Cancelled, postponed, full?")),
        MultiFieldPanel(ThemedPage.filing_panels, heading=_("Where it is found")),
        *PostalAddressMixin.point_panels,
    ]
    override_translatable_fields: ClassVar[list] = [
        *BasePage.override_translatable_fields,
        *ThemedPage.override_translatable_fields,
        *(
            SynchronizedField(name)
            for name in (
                "address",
                "commune",
                "online_url",
                "registration_url",
                "registration_email",
                "contact_name",
                "contact_phone",
                "contact_email",
            )
        ),
    ]

    parent_page_types: ClassVar[list[str]] = ["resources.EventCalendarPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes: ClassVar[list] = [models.Index(fields=["starts_at"]), models.Index(fields=["ends_at"])]

    def clean(self):
        super().clean()
        errors = {}
        if self.starts_at and self.ends_at and self.ends_at < self.starts_at:
            errors["ends_at"] = _("The event cannot end before it begins.")
        if self.status == self.Status.MOVED_ONLINE and not self.online_url:
            errors["online_url"] = _("Give the address of the online meeting.")
        if errors:
            raise ValidationError(errors)

    def folded_source(self):
        return [self.title, self.summary, self.place_name, self.commune, self.organiser]

    def searchable(self) -> Searchable:
        return Searchable(
            Kind.EVENT,
            main=[self.summary, self.place_name, self.commune, self.postcode, self.organiser, self.contact_name],
            body=[*story_texts(self.body), self.status_note, *(str(row) for row in self.documents.all())],
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            point=point_of(self),
        )

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | {
            "documents": selectors.documents_by_phase(self),
            **related(self, context["place"]),
        }

    @property
    def is_over(self) -> bool:
        """Whether the event is past."""
        return self.ends_at < timezone.now()

    @property
    def is_called_off(self) -> bool:
        """Whether nobody should come on that date."""
        return self.status in {self.Status.CANCELLED, self.Status.POSTPONED}

    @property
    def days(self) -> list[dt.date]:
        """The days on which it takes place, in Europe/Paris; at most a year of them."""
        first, last = timezone.localdate(self.starts_at), timezone.localdate(self.ends_at)
        return [first + dt.timedelta(days=offset) for offset in range(min((last - first).days, 366) + 1)]

    @property
    def is_online(self) -> bool:
        return bool(self.online_url)

    @property
    def is_on_site(self) -> bool:
        return bool(self.place_name or self.address or self.commune) and self.status != self.Status.MOVED_ONLINE

    @property
    def mode_label(self):
        """Where one attends: on site, online, or both."""
        if self.is_online and self.is_on_site:
            return _("On site and online")
        return _("Online") if self.is_online else _("On site")

    def structured_data(self, place):
        return super().structured_data(place) | schema.event(self)


class EventDocument(Orderable):
    """A document of an event: to read before, to follow during, to keep after."""

    class Phase(models.TextChoices):
        BEFORE = "before", _("before")
        DURING = "during", _("during")
        AFTER = "after", _("after")

    page = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey(
        "core.Document", on_delete=models.CASCADE, related_name="+", verbose_name=_("document")
    )
    title = models.CharField(_("title shown"), max_length=150, blank=True)
    phase = models.CharField(_("when it serves"), max_length=6, choices=Phase, default=Phase.BEFORE)

    panels: ClassVar[list] = [FieldPanel("document"), FieldRowPanel([FieldPanel("title"), FieldPanel("phase")])]

    class Meta(Orderable.Meta):
        verbose_name = _("document of an event")
        verbose_name_plural = _("documents of an event")

    def __str__(self) -> str:
        return self.title or self.document.title

import datetime as dt
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail.url_routing import RouteResult
from wagtail_localize.fields import BaseTranslatableField, SynchronizedField

from core.blocks import StoryBlock
from core.fields import StoryField
from core.models import BasePage, PostalAddressMixin
from core.phones import PhoneField
from regions.models import FederatedPage, SectionPage, SharedPage
from resources.events import expansion, notes, publication, schema, selectors, sentences, subscriptions
from resources.events.admin_forms import EventPageForm
from resources.events.forms import EventFilterForm
from resources.events.importing.panel import ImportedPanel
from resources.events.occurrences import EventOccurrence
from resources.events.recurrence_field import RecurrenceField
from resources.events.zones import Zone, zone_info
from resources.index.declaration import Kind, Searchable, point_of, story_texts
from resources.listing import ListingMixin
from resources.reference import ThemedPage
from resources.related import related

LONGEST_REPEATED = dt.timedelta(days=7)


class EventCalendarPage(ListingMixin, SectionPage):
    """The section that shows events, as a list or month by month."""

    filter_form = EventFilterForm

    parent_page_types: ClassVar[list[str]] = ["home.HomePage", "home.GroupementHomePage"]
    subpage_types: ClassVar[list[str]] = ["resources.EventPage"]

    class Meta:
        verbose_name = _("calendar section")
        verbose_name_plural = _("calendar sections")

    searchable = None

    # A groupement's notes are in the words of one language: a translation of the section does not take them.
    exclude_fields_in_copy: ClassVar[list[str]] = ["local_notes"]
    override_translatable_fields: ClassVar[list] = [
        *SectionPage.override_translatable_fields,
        BaseTranslatableField("local_notes"),
    ]

    def get_items(self, place, form):
        return selectors.listed(place, form)

    def present_items(self, rows, place):
        return selectors.with_next_dates(selectors.shown(rows, place))

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        view = selectors.calendar_view(context["place"], context["filters"], request, context["page_url"])
        offered = subscriptions.links(self, context["place"], request, context["filters"])
        return context | view | {"subscriptions": offered, "theme": context["filters"].chosen("theme")}

    def route(self, request, path_components):
        scope = subscriptions.scope_asked(path_components)
        if scope is not None and self.live:
            return RouteResult(self, kwargs={"scope": scope})
        return super().route(request, path_components)

    def serve(self, request, *args, scope: str | None = None, **kwargs):
        if scope is not None:
            return subscriptions.serve_section(self, request, scope)
        return super().serve(request, *args, **kwargs)


class EventQuerySet(PageQuerySet):
    """Reads of events. An event is upcoming as long as one of its dates is; dates exist for published events."""

    def upcoming(self) -> "EventQuerySet":
        """Events that are not over."""
        return self.filter(Exists(EventOccurrence.objects.upcoming().filter(event=OuterRef("pk"))))

    def past(self) -> "EventQuerySet":
        """Events with a date that is over; one that repeats is often upcoming too."""
        return self.filter(Exists(EventOccurrence.objects.past().filter(event=OuterRef("pk"))))

    def soonest_first(self, now: dt.datetime | None = None) -> "EventQuerySet":
        """Upcoming events in the order of their next date; a query for its own sake, not one to combine."""
        dates = EventOccurrence.objects.upcoming(now).filter(event=OuterRef("pk")).order_by("starts_at")
        return (
            self.annotate(next_starts_at=Subquery(dates.values("starts_at")[:1]))
            .filter(next_starts_at__isnull=False)
            .order_by("next_starts_at", "pk")
        )


class EventPage(SharedPage, ThemedPage, PostalAddressMixin, FederatedPage):
    """Something that happens: when, where or online, who runs it, and how to come."""

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        CANCELLED = "cancelled", _("cancelled")
        POSTPONED = "postponed", _("postponed")
        FULL = "full", _("full")
        MOVED_ONLINE = "moved_online", _("moved online")

    schema_org_type = "Event"

    starts_at = models.DateTimeField(_("begins"), help_text=_("The first date, when it repeats."))
    ends_at = models.DateTimeField(_("ends"))
    all_day = models.BooleanField(_("all day"), default=False, help_text=_("Only the dates are shown."))
    time_zone = models.CharField(
        _("clock"),
        max_length=20,
        choices=Zone,
        default=Zone.PARIS,
        help_text=_("The hours above are those of this clock."),
    )
    recurrence = RecurrenceField(_("repeats"))
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
    registers_here = models.BooleanField(
        _("people register on this site"),
        default=False,
        help_text=_(
            "A form, a waiting list when the places are taken, and the list of who comes under “Registrations”. "
            "For each date of an event that repeats."
        ),
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
        ImportedPanel(),
        *FederatedPage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldPanel("all_day"),
                FieldPanel("time_zone"),
            ],
            heading=_("When"),
        ),
        FieldPanel("recurrence", heading=_("Does it repeat?")),
        MultiFieldPanel(
            [InlinePanel("changes", label=_("Date that is different"))],
            heading=_("A date cancelled, moved, or with something to say"),
            help_text=_("Only for an event that repeats. The other dates stay as they are."),
            classname="collapsed",
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
                FieldPanel("registers_here"),
                FieldRowPanel([FieldPanel("capacity"), FieldPanel("registration_deadline")]),
                FieldRowPanel([FieldPanel("registration_url"), FieldPanel("registration_email")]),
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
                "time_zone",
                "recurrence",
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
        if self.starts_at and self.ends_at:
            if self.ends_at < self.starts_at:
                errors["ends_at"] = _("The event cannot end before it begins.")
            elif self.recurrence and self.ends_at - self.starts_at > LONGEST_REPEATED:
                errors["ends_at"] = _("An event that repeats lasts a week at most.")
        if self.status == self.Status.MOVED_ONLINE and not self.online_url:
            errors["online_url"] = _("Give the address of the online meeting.")
        if errors:
            raise ValidationError(errors)

    def folded_source(self):
        return [self.title, self.summary, self.place_name, self.commune, self.organiser]

    def searchable(self) -> Searchable:
        following = expansion.first_to_come(expansion.dates(self))
        return Searchable(
            Kind.EVENT,
            main=[self.summary, self.place_name, f"{self.postcode} {self.commune}", self.organiser, self.contact_name],
            body=[*story_texts(self.body), self.status_note, *(str(row) for row in self.documents.all())],
            starts_at=following.starts_at if following else self.starts_at,
            ends_at=following.ends_at if following else self.ends_at,
            point=point_of(self),
        )

    def get_context(self, request, *args, **kwargs):
        dates = selectors.dates_of(self, request.GET.get("date"))  # first: the rest describes the date shown
        context = super().get_context(request, *args, **kwargs)
        notes.attach([self], context["place"])
        return context | {
            **dates,
            "ical_url": f"{self.href}{subscriptions.PATH}/",
            "documents": selectors.documents_by_phase(self),
            **related(self, context["place"]),
        }

    def route(self, request, path_components):
        if path_components == [subscriptions.PATH] and self.live:
            return RouteResult(self, kwargs={"as_calendar": True})
        return super().route(request, path_components)

    def serve(self, request, *args, as_calendar: bool = False, **kwargs):
        return subscriptions.serve_event(self, request) if as_calendar else super().serve(request, *args, **kwargs)

    @property
    def calendar_uid(self) -> str:
        """What identifies the event in every calendar."""
        return publication.uid_of(self)

    def at(self, dated) -> "EventPage":
        """This event as it is on one of its dates: an occurrence, or an :class:`~resources.events.expansion.Dated`.

        To be shown, never to be saved.
        """
        self.occurrence = dated
        self.starts_at, self.ends_at, self.status = dated.starts_at, dated.ends_at, dated.status
        self.status_note = dated.note
        self.place_name = dated.place_name or self.place_name
        return self

    @classmethod
    def on_next_dates(cls, events: list) -> list:
        """Events as they are on their next date, their addresses too where they have one. One query, or none."""
        rows = EventOccurrence.objects.filter(event_id__in=[event.pk for event in events]).upcoming().one_of_each()
        found = {row.event_id: row for row in rows} if events else {}
        for event in events:
            if event.pk in found:
                event.at(found[event.pk])
                if hasattr(event, "href"):
                    event.href += event.date_query
        return events

    @property
    def next_occurrence(self) -> EventOccurrence | None:
        """The next date of a published event, or ``None`` when it is over: one query."""
        return self.occurrences.upcoming().order_by("starts_at").first()

    @property
    def is_recurring(self) -> bool:
        return bool(self.recurrence)

    @property
    def recurrence_sentence(self) -> str:
        """The rule in words, or an empty text."""
        rule = expansion.rule_of(self)
        if rule is None:
            return ""
        dated = getattr(self, "occurrence", None)
        return sentences.sentence(rule, dated.date if dated else self.local_start.date())

    @property
    def date_query(self) -> str:
        """What to add to the event's address to see the date shown: ``?date=2027-03-02``."""
        dated = getattr(self, "occurrence", None)
        return f"?date={dated.date:%Y-%m-%d}" if dated and self.recurrence else ""

    @property
    def zone(self):
        """The clock on the wall where it takes place."""
        return zone_info(self.time_zone)

    @property
    def local_start(self) -> dt.datetime:
        return self.starts_at.astimezone(self.zone)

    @property
    def local_end(self) -> dt.datetime:
        return self.ends_at.astimezone(self.zone)

    @property
    def first_day(self) -> dt.date:
        """The day on which it begins, on its own clock."""
        return self.local_start.date()

    @property
    def is_elsewhere_on_the_clock(self) -> bool:
        """Whether its hours are not those of mainland France."""
        return self.time_zone != Zone.PARIS

    @property
    def is_over(self) -> bool:
        """Whether the event, or the date of it that is shown, is past."""
        return self.ends_at < timezone.now()

    @property
    def is_moved(self) -> bool:
        """Whether the date shown is not the usual one."""
        return bool(getattr(getattr(self, "occurrence", None), "is_moved", False))

    @property
    def is_called_off(self) -> bool:
        """Whether nobody should come on that date."""
        return self.status in {self.Status.CANCELLED, self.Status.POSTPONED}

    @property
    def days(self) -> list[dt.date]:
        """The days on which it takes place, on its own clock; at most a year of them."""
        first, last = self.local_start.date(), self.local_end.date()
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

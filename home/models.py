from typing import ClassVar

from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.search import index

from core.blocks import StoryBlock
from core.blocks.text import RICH_TEXT_FEATURES
from core.fields import StoryField
from home import selectors
from home.forms import FinderForm
from regions.models import GroupementRoot, HomeMixin, SectionPage, StructuralPage
from regions.places import place_for
from resources.index.declaration import Kind, Searchable, plain, story_texts

SECTION_TYPES = [
    "resources.GuideIndexPage",
    "resources.ContactListingPage",
    "resources.PartnerIndexPage",
    "resources.EventCalendarPage",
    "resources.LibraryPage",
    "resources.NewsIndexPage",
    "resources.StandardPage",
]


class HomePage(HomeMixin, StructuralPage):
    """The national home: who we are, the map, what is new, where to begin."""

    schema_org_type = "WebSite"

    intro = RichTextField(_("introduction"), features=RICH_TEXT_FEATURES, blank=True)
    body = StoryField(StoryBlock(), blank=True, verbose_name=_("text"))

    search_fields: ClassVar[list] = [*StructuralPage.search_fields, index.SearchField("intro")]
    content_panels: ClassVar[list] = [*StructuralPage.content_panels, FieldPanel("intro"), FieldPanel("body")]

    parent_page_types: ClassVar[list[str]] = ["regions.NetworkPage"]
    subpage_types: ClassVar[list[str]] = [*SECTION_TYPES, "home.GroupementIndexPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("national home")
        verbose_name_plural = _("national homes")

    searchable = None

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | selectors.national_home(context["place"]) | {"finder": FinderForm(None)}


class GroupementHomePage(GroupementRoot):
    """A groupement's home: whom to call, what comes next, what is near, and the nation's guides."""

    schema_org_type = "Organization"

    intro = RichTextField(
        _("welcome"),
        features=RICH_TEXT_FEATURES,
        blank=True,
        help_text=_("A few sentences to welcome those who arrive: who you are, what you do together."),
    )
    body = StoryField(StoryBlock(), blank=True, verbose_name=_("text"))

    search_fields: ClassVar[list] = [*GroupementRoot.search_fields, index.SearchField("intro")]
    content_panels: ClassVar[list] = [*GroupementRoot.content_panels, FieldPanel("intro"), FieldPanel("body")]

    parent_page_types: ClassVar[list[str]] = ["regions.NetworkPage"]
    subpage_types: ClassVar[list[str]] = SECTION_TYPES
    # Made by regions.services.provision_groupement() only: a home without its Site and rights is broken.
    is_creatable = False

    class Meta:
        verbose_name = _("home of a groupement")
        verbose_name_plural = _("homes of groupements")

    def searchable(self) -> Searchable:
        groupement = self.groupement
        return Searchable(
            Kind.GROUPEMENT,
            main=[
                self.summary,
                groupement.name,
                *groupement.territory_names,
                groupement.contact_name,
                groupement.commune,
            ],
            body=[plain(self.intro), *story_texts(self.body)],
            everywhere=True,
        )

    def get_context(self, request, *args, **kwargs):
        place = place_for(request, locale_id=self.locale_id)
        if place.groupement and place.groupement.pk == self.groupement_id:
            self.groupement = place.groupement  # read already, with its zone and whoever stands in
        return super().get_context(request, *args, **kwargs) | selectors.groupement_home(self, place)

    def structured_data(self, place):
        person = place.person_to_call
        data = super().structured_data(place) | {"areaServed": self.groupement.territory_names}
        for name, value in (("telephone", person.phone), ("email", person.email)):
            if value:
                data[name] = value
        return data


class GroupementIndexPage(RoutablePageMixin, SectionPage):
    """The directory and the map of the network. ``<code>/`` below it leads to the groupement's own site."""

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("network section")
        verbose_name_plural = _("network sections")

    searchable = None

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return context | selectors.network(context["place"], FinderForm(request.GET or None))

    @path("<str:code>/", name="groupement")
    def groupement_view(self, request, code: str):
        """Lead to the site of a groupement."""
        return redirect(selectors.groupement_url(code, self.locale))

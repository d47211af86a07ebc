from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from core.kept import Kept, kept
from core.models import BasePage
from core.together import read_together
from regions import metadata, visibility
from regions.admin.page_forms import GuardedPageForm
from regions.asked import named_below
from regions.models.network import Groupement
from regions.permissions import StructuralPagePermissionTester
from regions.places import locales_of, place_for


class FederatedPage(BasePage):
    """A page of the network: it knows from which place it is read, and where it comes from."""

    base_form_class = GuardedPageForm

    class Meta:
        abstract = True

    # schema.org type of the page, for search engines.
    schema_org_type: ClassVar[str] = "WebPage"

    # Whether a groupement's page of the same address is shown with the national one, as its complement.
    completes_national: ClassVar[bool] = False

    def get_context(self, request, *args, complement: Page | None = None, **kwargs):
        """Add the place, the page's origin and address there, its metadata, and its local complement.

        ``complement`` is given by a preview only; otherwise the published one is looked up.
        """
        context = super().get_context(request, *args, **kwargs)
        place = place_for(request, locale_id=self.locale_id)
        is_alone = getattr(self, "only_completes", False) and not getattr(request, "is_preview", False)
        if is_alone and not place.is_national and visibility.base_of(self, place) is None:
            raise Http404  # the national page that it completes is withdrawn
        self.locale = place.locale  # spares a query wherever the page's language is asked for
        visibility.present_one(self, place)
        read_together(*place.unread, *self.asked_first(place, complement))
        complement = complement or self.find_complement(place)
        if complement:
            visibility.present_one(complement, place)
        return context | metadata.page_context(self, place) | {"place": place, "complement": complement}

    def asked_first(self, place, complement: Page | None) -> list[Kept | QuerySet]:
        """What every page of this type asks the database, of itself: read together."""
        asked = [place.versions(self)] if metadata.asks_versions(self, place) else []
        if complement is None and self.completes_national:
            asked.append(visibility.complements(self, place))
        return asked

    # What the request has found of it already (regions.restrictions.check_page).
    known_restrictions = None

    def get_view_restrictions(self):
        if self.known_restrictions is not None:
            return self.known_restrictions
        return super().get_view_restrictions()

    def clean(self):
        super().clean()
        if hasattr(self, "completes"):
            self.link_to_national()
        is_linked = self.completes_national or getattr(self, "completes", None)
        if self.slug and not is_linked and visibility.takes_national_address(self):
            raise ValidationError(
                {"slug": _("A national page already has this address: choose another, such as “%s-2”.") % self.slug}
            )

    def route(self, request, path_components):
        """A local page that completes a national one is read inside it, at its old address too."""
        if not path_components and getattr(self, "completes", None):
            base = visibility.base_of(self, place_for(request, locale_id=self.locale_id))
            if base is not None:
                if self.live:
                    base.found_complement = self
                return base.route(request, [])
        if path_components:
            child = next(iter(self.children_named(request, path_components[0])), None)
            if child is not None:
                child._cached_parent_obj = self  # as Wagtail does, for whoever asks for the parent
                return child.route(request, path_components[1:])
        return super().route(request, path_components)

    @classmethod
    def only_child_model(cls) -> type[Page] | None:
        """The one type of page that is below pages of this type; ``None`` where there may be several."""
        models = cls.clean_subpage_models()
        return models[0] if len(models) == 1 else None

    def children_named(self, request, slug: str):
        """The page of that name below, whole where it can only be of one type; none where there may be several."""
        model = self.only_child_model()
        return () if model is None else kept(named_below, slug, self.depth + 1, (self.path,), shape=(model,))

    def link_to_national(self) -> None:
        """Remember the national page of the same address: from then on either may change its address."""
        linkable = self.slug and self.completes_by_address and self.completes_national
        if linkable and getattr(self, "completes", None) is None:
            namesake = visibility.national_namesake(self)
            if namesake is not None and namesake.content_type_id == self.cached_content_type.pk:
                self.completes = namesake.translation_key

    def find_complement(self, place) -> Page | None:
        """The published page by which this place completes a national one."""
        return visibility.complement_of(self, place) if self.completes_national else None

    def get_base(self, request) -> Page | None:
        """The national page that this local page completes, if any."""
        if not self.completes_national:
            return None
        return visibility.base_of(self, place_for(request, locale_id=self.locale_id))

    def serve_preview(self, request, mode_name):
        """Show a complement where visitors will read it: inside the national page."""
        base = self.get_base(request)
        if base is None:
            return super().serve_preview(request, mode_name)
        request.is_preview = True
        return TemplateResponse(request, base.get_template(request), base.get_context(request, complement=self))

    def structured_data(self, place) -> dict:
        """The page in schema.org's words; page types add what they know."""
        data = {"@type": self.schema_org_type, "name": self.title, "url": metadata.canonical_url(self, place)}
        if self.description:
            data["description"] = self.description
        return data

    def open_graph_image(self):
        """The image shown when the page is shared, or ``None``."""
        return None


class StructuralPage(FederatedPage):
    """A page that holds the subsite together: nobody moves, withdraws or deletes it by mistake."""

    # Its address is part of the structure too: there is no field to change it.
    promote_panels: ClassVar[list] = [
        panel for group in BasePage.promote_panels for panel in group.children if panel.field_name != "slug"
    ]

    class Meta:
        abstract = True

    def permissions_for_user(self, user):
        return StructuralPagePermissionTester(user, self)


class NetworkPage(BasePage):
    """The shared national tree in one language. It holds the homes and is never served."""

    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["home.HomePage", "home.GroupementHomePage"]

    content_panels: ClassVar[list] = Page.content_panels
    base_form_class = GuardedPageForm

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")

    def permissions_for_user(self, user):
        return StructuralPagePermissionTester(user, self)

    # Nothing of it is read by visitors.
    searchable = None

    def serve(self, request, *args, **kwargs):
        raise Http404

    def serve_preview(self, request, mode_name):
        raise Http404


class HomeMixin(models.Model):
    """The root page of a Site: it answers in its own language only."""

    class Meta:
        abstract = True

    def check_language(self, request) -> None:
        """Refuse an address in a language that this site has no home in.

        Wagtail would show the default language instead: the same page would answer at two addresses.
        """
        if not self.is_in_language_asked(request):
            raise Http404

    def route(self, request, path_components):
        self.check_language(request)
        if path_components:
            # The menu reads the sections anyway.
            section = place_for(request, locale_id=self.locale_id).section(*path_components[:2])
            if section is not None and section.path.startswith(self.path):
                section._cached_parent_obj = self
                return section.route(request, path_components[1:])
        return super().route(request, path_components)

    def is_in_language_asked(self, request) -> bool:
        """Whether the home is in the language of the address."""
        return locales_of(request)[self.locale_id].language_code == get_language()


class GroupementRoot(HomeMixin, StructuralPage):
    """The root page of a groupement's subsite in one language."""

    groupement = models.ForeignKey(
        Groupement, on_delete=models.PROTECT, related_name="roots", editable=False, verbose_name=_("groupement")
    )

    class Meta:
        abstract = True

    def route(self, request, path_components):
        """Open the nation's single pages (legal notice, privacy…), and those below them, inside the subsite."""
        self.check_language(request)
        try:
            return super().route(request, path_components)
        except Http404:
            if not path_components or not self.is_in_language_asked(request):
                raise
            inherited = self.inherited_single_page(request, path_components)
            if inherited is None:
                raise
            return inherited.route(request, [])

    def inherited_single_page(self, request, path_components: list[str]) -> Page | None:
        """The national page of that address, at or below a single page of the national home, if it opens here."""
        place = place_for(request, locale_id=self.locale_id)
        if path_components[0] not in place.single_page_slugs:
            return None
        return place.single_page("/".join(path_components))

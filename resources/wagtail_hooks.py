"""Registration of the nation's closed lists: a menu for national editors."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from core.models import NationalTag
from resources.models import Audience, ContactCategory, Theme


class TermViewSet(ModelViewSet):
    """One closed list."""

    list_display = ("name", "name_en", "order")
    search_fields = ("name", "name_en")
    search_backend_name = None
    copy_view_enabled = False


class ThemeViewSet(TermViewSet):
    model = Theme
    icon = "tag"
    menu_label = _("Themes")
    exclude_form_fields = ()


class AudienceViewSet(TermViewSet):
    model = Audience
    icon = "group"
    menu_label = _("Audiences")
    exclude_form_fields = ()


class ContactCategoryViewSet(TermViewSet):
    model = ContactCategory
    icon = "list-ul"
    menu_label = _("Contact categories")
    list_display = ("name", Column("get_side_display", label=_("Side"), sort_key="side"), "order")
    list_filter = ("side",)
    exclude_form_fields = ()


class NationalTagViewSet(ModelViewSet):
    model = NationalTag
    icon = "tag"
    menu_label = _("Key words")
    panels = (FieldPanel("name"),)
    search_fields = ("name",)
    search_backend_name = None
    copy_view_enabled = False


class ReferenceListsGroup(ModelViewSetGroup):
    """The menu “Listes nationales”."""

    items = (ThemeViewSet, AudienceViewSet, ContactCategoryViewSet, NationalTagViewSet)
    menu_label = _("National lists")
    menu_icon = "list-ul"
    menu_order = 650


@hooks.register("register_admin_viewset")
def register_reference_lists():
    return ReferenceListsGroup()

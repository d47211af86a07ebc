"""The network's screens for national administrators."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from core.phones import to_national
from regions.admin import forms, views
from regions.models import Groupement, Mandate, Zone


class GroupementViewSet(ModelViewSet):
    """Every groupement: make one, change it, see its state."""

    model = Groupement
    icon = "site"
    menu_label = _("Groupements")
    index_view_class = views.GroupementIndexView
    add_view_class = views.GroupementCreateView
    edit_view_class = views.GroupementEditView
    list_display = (
        "name",
        Column("get_status_display", label=_("Status"), sort_key="status"),
        "zone",
        "contact_name",
    )
    list_filter = ("status", "zone")
    search_fields = ("name", "code")
    search_backend_name = None
    copy_view_enabled = False
    inspect_view_enabled = False

    def get_form_class(self, for_update=False):
        return forms.GroupementCodeLockedForm if for_update else forms.NewGroupementForm


class ZoneViewSet(ModelViewSet):
    """The zones and their public coordinates."""

    model = Zone
    icon = "group"
    menu_label = _("Zones")
    delete_view_class = views.ZoneDeleteView
    list_display = (
        "name",
        "contact_name",
        Column("phone", label=_("Phone"), accessor=lambda zone: to_national(zone.phone)),
    )
    search_fields = ("name",)
    search_backend_name = None
    copy_view_enabled = False


class MandateViewSet(ModelViewSet):
    """Who holds which role, where and until when."""

    model = Mandate
    icon = "user"
    menu_label = _("Mandates")
    add_view_class = views.MandateCreateView
    edit_view_class = views.MandateEditView
    delete_view_class = views.MandateDeleteView
    list_display = (
        "person",
        Column("get_role_display", label=_("Role"), sort_key="role"),
        "groupement",
        "zone",
        "starts_on",
        "ends_on",
    )
    list_filter = ("role", "zone", "groupement")
    copy_view_enabled = False
    panels = (
        FieldPanel("person"),
        FieldPanel("role"),
        MultiFieldPanel([FieldRowPanel([FieldPanel("groupement"), FieldPanel("zone")])], heading=_("Where")),
        MultiFieldPanel([FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")])], heading=_("When")),
    )


class NetworkViewSetGroup(ModelViewSetGroup):
    """The menu “Réseau” of administrators."""

    items = (GroupementViewSet, ZoneViewSet, MandateViewSet)
    menu_label = _("Network")
    menu_icon = "site"
    menu_order = 600

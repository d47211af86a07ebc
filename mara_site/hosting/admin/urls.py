"""Addresses of the installation's screens below /admin/, their rules, and the menu entry."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from mara_site.hosting.admin import exporting, views
from regions.admin import guard
from regions.permissions import user_can_manage_network

urlpatterns = [
    path("exporter-un-groupement/", exporting.ExportView.as_view(), name="export_groupement"),
    path("etat-de-l-installation/", views.StatusView.as_view(), name="hosting_status"),
]

guard.register({"hosting_status": guard.DENY, "export_groupement": guard.DENY})


class AdministratorMenuItem(MenuItem):
    """For national administrators."""

    def is_shown(self, request) -> bool:
        return user_can_manage_network(request.user)


def menu_item() -> MenuItem:
    """The entry of the main menu."""
    label = _("State of the installation")
    return AdministratorMenuItem(label, reverse("hosting_status"), name="hosting", icon_name="cog", order=595)

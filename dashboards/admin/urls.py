"""Addresses of steering below /admin/, their rules, and the menu entry."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from dashboards.admin import views
from dashboards.piloting import piloted_groupements
from regions.admin import guard
from regions.reach import Reach

urlpatterns = [
    path("pilotage/", views.BoardView.as_view(), name="dashboard"),
    path("pilotage/export/<str:file_format>/", views.BoardExportView.as_view(), name="dashboard_export"),
    path("pilotage/textes/", views.TextsView.as_view(), name="dashboard_texts"),
    path("pilotage/textes/<uuid:frame_key>/", views.TextView.as_view(), name="dashboard_text"),
    path("pilotage/label/", views.LabelsView.as_view(), name="labels"),
    path("pilotage/label/regles/", views.LabelRulesView.as_view(), name="label_rules"),
]


def pilots(reach: Reach, request: HttpRequest, kwargs: Mapping) -> bool:
    """Whether the person pilots anything."""
    return piloted_groupements(reach.user).exists()


_PILOTS = guard.Rule(free=frozenset({"file_format", "frame_key"}), request=pilots)

guard.register(
    {
        "dashboard": _PILOTS,
        "dashboard_export": _PILOTS,
        "dashboard_texts": _PILOTS,
        "dashboard_text": _PILOTS,
        "labels": _PILOTS,
        "label_rules": guard.NATION,
    }
)


class PilotMenuItem(MenuItem):
    """For whoever pilots."""

    def is_shown(self, request) -> bool:
        return piloted_groupements(request.user).exists()


def menu_item() -> MenuItem:
    """The entry of the main menu."""
    return PilotMenuItem(_("Steering"), reverse("dashboard"), name="steering", icon_name="table", order=41)

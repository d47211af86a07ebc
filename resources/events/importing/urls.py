"""Addresses of the import of events below /admin/, their rules, and the menu entry."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from regions.admin import guard
from regions.admin.guard.checks import number
from regions.reach import Reach, reach_of
from resources.events.importing import views
from resources.events.importing.models import EventImport, EventSource

# Each step is a transaction, so that what is done stays done however the next one ends.
_in_steps = transaction.non_atomic_requests(views.ImportView.as_view())

urlpatterns = [
    path("import-agenda/", views.ImportIndexView.as_view(), name="event_imports"),
    path("import-agenda/agenda/<int:pk>/", views.ImportSectionView.as_view(), name="event_import_section"),
    path("import-agenda/source/<int:pk>/", views.SourceView.as_view(), name="event_source"),
    path("import-agenda/<int:pk>/", _in_steps, name="event_import"),
]


def own_section(reach: Reach, value, kwargs: Mapping) -> bool:
    """A calendar of the person's own."""
    pk = number(value)
    return pk is not None and views.sections_of(reach).filter(pk=pk).exists()


def _own_record(model):
    def owned(reach: Reach, value, kwargs: Mapping) -> bool:
        pk = number(value)
        return pk is not None and model.objects.for_user(reach.user).filter(pk=pk).exists()

    return owned


guard.register(
    {
        "event_imports": guard.ALLOW,
        "event_import_section": guard.Rule(ids={"pk": own_section}),
        "event_source": guard.Rule(ids={"pk": _own_record(EventSource)}),
        "event_import": guard.Rule(ids={"pk": _own_record(EventImport)}),
    }
)


class ImportMenuItem(MenuItem):
    """For whoever writes in a calendar."""

    def is_shown(self, request) -> bool:
        return views.sections_of(reach_of(request.user)).exists()


def menu_item() -> MenuItem:
    """The entry of the main menu."""
    return ImportMenuItem(
        _("Import a calendar"), reverse("event_imports"), name="event-imports", icon_name="calendar-alt", order=46
    )

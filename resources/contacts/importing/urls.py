"""Addresses of the import of contacts below /admin/, their rules, and the menu entry."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from regions.admin import guard
from regions.admin.guard.checks import number
from regions.reach import Reach, reach_of
from resources.contacts.importing import views
from resources.contacts.importing.models import ContactImport

# Each step is a transaction, so that what is done stays done however the next one ends.
_in_steps = transaction.non_atomic_requests(views.ImportView.as_view())

urlpatterns = [
    path("import-contacts/", views.ImportIndexView.as_view(), name="contact_imports"),
    path("import-contacts/modele/", views.ImportModelView.as_view(), name="contact_import_model"),
    path("import-contacts/annuaire/<int:pk>/", views.ImportSectionView.as_view(), name="contact_import_section"),
    path("import-contacts/<int:pk>/", _in_steps, name="contact_import"),
]


def own_section(reach: Reach, value, kwargs: Mapping) -> bool:
    """A directory of the person's own."""
    pk = number(value)
    return pk is not None and views.sections_of(reach).filter(pk=pk).exists()


def own_import(reach: Reach, value, kwargs: Mapping) -> bool:
    """An import of the person's own, or of a directory that they answer for."""
    pk = number(value)
    return pk is not None and ContactImport.objects.for_user(reach.user).filter(pk=pk).exists()


guard.register(
    {
        "contact_imports": guard.ALLOW,
        "contact_import_model": guard.ALLOW,
        "contact_import_section": guard.Rule(ids={"pk": own_section}),
        "contact_import": guard.Rule(ids={"pk": own_import}),
    }
)


class ImportMenuItem(MenuItem):
    """For whoever writes in a directory."""

    def is_shown(self, request) -> bool:
        return views.sections_of(reach_of(request.user)).exists()


def menu_item() -> MenuItem:
    """The entry of the main menu."""
    return ImportMenuItem(
        _("Import contacts"), reverse("contact_imports"), name="contact-imports", icon_name="upload", order=45
    )

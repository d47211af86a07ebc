"""Addresses of Wagtail's that this project answers in its place; included before Wagtail's own."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from regions.admin.scoped.chooser import ScopedBrowseView
from regions.admin.translation_file import bring_in

_browse = require_admin_access(ScopedBrowseView.as_view())

urlpatterns = [
    path("choose-page/", _browse, name="wagtailadmin_choose_page"),
    path("choose-page/<int:parent_page_id>/", _browse, name="wagtailadmin_choose_page_child"),
    path(
        "localize/translate/<int:translation_id>/pofile/upload/",
        require_admin_access(bring_in),
        name="translation_file",
    ),
]

"""Images and documents in the API of the editing screens: those that the person may use."""

from __future__ import annotations

from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet

from regions.reach import reach_of


class ScopedImagesAdminAPIViewSet(ImagesAdminAPIViewSet):
    """wagtail-localize's editor asks it for the images it shows."""

    def get_queryset(self):
        return super().get_queryset().filter(pk__in=reach_of(self.request.user).images().values("pk"))


class ScopedDocumentsAdminAPIViewSet(DocumentsAdminAPIViewSet):
    """wagtail-localize's editor asks it for the documents it shows."""

    def get_queryset(self):
        return super().get_queryset().filter(pk__in=reach_of(self.request.user).documents().values("pk"))

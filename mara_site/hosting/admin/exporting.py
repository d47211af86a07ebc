"""“Exporter un groupement”: a ZIP of all that it has, for administrators."""

from __future__ import annotations

import tempfile

from django import forms
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from mara_site.hosting.export import archive
from regions.admin.access import NetworkManagerMixin
from regions.models import Groupement
from users import audit

_IN_MEMORY = 10 * 1024 * 1024  # bytes; beyond, on the disk


class ExportForm(forms.Form):
    """Which groupement."""

    groupement = forms.ModelChoiceField(Groupement.objects.order_by("name"), label=_("Groupement"))


class ExportView(NetworkManagerMixin, FormView):
    """Choose a groupement, receive the file."""

    template_name = "hosting/admin/export.html"
    form_class = ExportForm

    def form_valid(self, form: ExportForm) -> HttpResponse:
        groupement = form.cleaned_data["groupement"]
        file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the answer closes it
        archive.write(groupement, file)
        file.seek(0)
        audit.record("groupement.exported", actor=self.request.user, groupement=groupement.code)
        name = archive.file_name(groupement)
        return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")

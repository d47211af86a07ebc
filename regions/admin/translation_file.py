"""A page's translation brought back as a PO file, which a translator's own tool has written."""

from __future__ import annotations

import tempfile

import polib
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail_localize.models import Translation
from wagtail_localize.views.edit_translation import user_can_edit_instance

LARGEST = 2 * 1024 * 1024  # bytes; the longest guide's is a tenth of it
WHOSE = "X-WagtailLocalize-TranslationID"


@require_POST
def bring_in(request: HttpRequest, translation_id: int) -> HttpResponse:
    """wagtail-localize's view of this address, with a sentence where its own fails on a file it cannot take.

    Read in 1.14: no file, one of another tool, or a text too long for its field are each an error 500. To remove when
    none is.
    """
    translation = get_object_or_404(Translation, pk=translation_id)
    if not user_can_edit_instance(request.user, translation.get_target_instance()):
        raise PermissionDenied
    if problem := _take_in(translation, request):
        messages.error(request, problem)
    else:
        messages.success(request, _("The translations of the file are brought in."))
    return redirect(get_valid_next_url_from_request(request) or reverse("wagtailadmin_home"))


def _take_in(translation: Translation, request: HttpRequest) -> str:
    """Bring in the file that was sent, whole or not at all; returns what is wrong with it."""
    file = request.FILES.get("file")
    if file is None or not 0 < file.size <= LARGEST:
        return _("Choose the PO file (2 MB at most) that was downloaded from this page and translated.")
    entries = _read(file)
    if entries is None:
        return _("This file cannot be read: it is not a PO file, or it was damaged.")
    if entries.metadata.get(WHOSE) != str(translation.uuid):
        return _("This file is not the one that was downloaded from this page: nothing was brought in.")
    try:
        with transaction.atomic():
            translation.import_po(entries, user=request.user, tool_name="PO File")
    except (DataError, ValueError):
        return _("One of the texts is too long, or has characters that cannot be kept: nothing was brought in.")
    return ""


def _read(file: UploadedFile) -> polib.POFile | None:
    # By its name: given a text, polib would read the file of this server that the text names.
    with tempfile.NamedTemporaryFile(suffix=".po") as kept:
        kept.write(file.read())
        kept.flush()
        try:
            return polib.pofile(kept.name)
        except (OSError, ValueError):  # a coding that it does not know, it leaves aside
            return None

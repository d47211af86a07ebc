"""Previews of a national frame: as a groupement's visitors will read it, alone or beside the national text."""

from __future__ import annotations

from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from regions.models import Groupement
from regions.places import forget_place

AS_GROUPEMENT, BESIDE = "groupement-", "cote-a-cote-"


def modes(page) -> list[tuple[str, str]]:
    """The preview modes of a national frame, beside the ordinary one: two for each groupement."""
    if not page.is_frame or not page.is_the_nations:
        return []
    groupements = list(Groupement.objects.filter(site__isnull=False).order_by("name").values_list("code", "name"))
    alone = [(AS_GROUPEMENT + code, _("As %(name)s") % {"name": name}) for code, name in groupements]
    beside = [(BESIDE + code, _("Beside the national text: %(name)s") % {"name": name}) for code, name in groupements]
    return [*alone, *beside]


def serve(page, request, mode_name: str | None):
    """The answer for one of these modes; ``None`` for any other.

    Raises:
        Http404: there is no such groupement.
    """
    mode_name = mode_name or ""
    for prefix in (AS_GROUPEMENT, BESIDE):
        if mode_name.startswith(prefix) and page.is_the_nations:
            groupement = Groupement.objects.select_related("site").filter(code=mode_name[len(prefix) :]).first()
            if groupement is None or groupement.site is None:
                raise Http404
            national = page.get_context(request) if prefix == BESIDE else None
            _stand_at(request, groupement)
            context = page.get_context(request)
            if national is None:
                return TemplateResponse(request, page.get_template(request), context)
            context |= {"national_frame": national["frame"], "groupement": groupement}
            return TemplateResponse(request, "resources/frame_side_by_side.html", context)
    return None


def _stand_at(request, groupement: Groupement) -> None:
    """Have a preview's request come from a groupement's site."""
    port = request.META["HTTP_HOST"].partition(":")[2]
    request.META["HTTP_HOST"] = groupement.site.hostname + (f":{port}" if port else "")
    request.META["SERVER_NAME"] = groupement.site.hostname
    forget_place(request)

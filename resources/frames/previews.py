"""Previews of a national frame: as a groupement's visitors will read it, alone or beside the national text.

Wagtail's menu has these two ways, whatever the number of groupements; which of them is read is chosen in the preview
itself, and kept in the editor's session.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from core.text import fold
from regions import visibility
from regions.models import Groupement
from regions.places import forget_place

AS_GROUPEMENT, BESIDE = "groupement", "cote-a-cote"
# The same, for a groupement that the address names: “groupement-finistere”.
NAMED = {AS_GROUPEMENT: f"{AS_GROUPEMENT}-", BESIDE: f"{BESIDE}-"}
FIELD = "groupement"
KEPT = "mara_preview_groupement"


@dataclass
class Choice:
    """What the bar above such a preview shows.

    Attributes:
        groupement: as which one it is read.
        mode: ``AS_GROUPEMENT`` or ``BESIDE``.
        address: where another choice is sent to.
        in_panel: beside the form, where Wagtail's own menu has the two ways.
        unknown: what was typed, when no groupement is called so.
    """

    groupement: Groupement
    mode: str
    address: str
    in_panel: bool = False
    unknown: str = ""
    groupements: list[Groupement] = field(default_factory=list)

    @property
    def ways(self) -> list[tuple[str, str, bool]]:
        """The two ways: value, name, and whether it is this one."""
        names = ((AS_GROUPEMENT, _("alone")), (BESIDE, _("beside the national text")))
        return [(mode, name, mode == self.mode) for mode, name in names]


def modes(page) -> list[tuple[str, str]]:
    """The preview modes of a national frame, beside the ordinary one."""
    if not page.is_frame or not page.is_the_nations:
        return []
    return [(AS_GROUPEMENT, _("As a groupement")), (BESIDE, _("Beside the national text"))]


def choose(page, original, mode: str | None) -> Choice | None:
    """As which groupement a page is to be previewed; ``None`` for any other preview.

    The one that the address names, or that was typed in the bar; the one of last time; one that answered the page.

    Args:
        original: the editor's request; what they choose is kept in their session.

    Raises:
        Http404: the address names a groupement that is none, or nobody has a site yet.
    """
    way = next((way for way, prefix in NAMED.items() if mode and (mode == way or mode.startswith(prefix))), None)
    if way is None or original is None or not page.is_the_nations:
        return None
    rows = list(Groupement.objects.filter(site__isnull=False).select_related("site").order_by("name"))
    by_code = {row.code: row for row in rows}
    named, typed = (mode or "").removeprefix(way).removeprefix("-"), original.GET.get(FIELD, "").strip()
    if not rows or (named and named not in by_code):
        raise Http404
    found = by_code.get(named) or _called(rows, typed)
    if found is not None:
        original.session[KEPT] = found.code
    shown = found or by_code.get(original.session.get(KEPT, "")) or _answering(page, by_code) or rows[0]
    in_panel = original.GET.get("in_preview_panel") == "true"
    unknown = typed if typed and found is None else ""
    return Choice(shown, way, original.path, in_panel, unknown, rows)


def _called(groupements: list[Groupement], typed: str) -> Groupement | None:
    """The groupement that a person names; a part of the name is enough where there is only one that has it."""
    words = fold(typed)
    if not words:
        return None
    names: Mapping[str, Groupement] = {fold(row.name): row for row in groupements}
    parts = [row for name, row in names.items() if words in name]
    return names.get(words) or (parts[0] if len(parts) == 1 else None)


def _answering(page, by_code: Mapping[str, Groupement]) -> Groupement | None:
    """One that answered the page, if there is one: its preview shows something."""
    local = type(page).objects.filter(completes=page.translation_key, live=True).exclude(pk=page.pk).order_by("path")
    first = local.first()
    owner = visibility.owner_of(first) if first else None
    return by_code.get(owner.code) if owner else None


def serve(page, request):
    """The answer for one of these modes; ``None`` for any other."""
    choice: Choice | None = getattr(request, "frame_choice", None)
    if choice is None:
        return None
    national = page.get_context(request) if choice.mode == BESIDE else None
    _stand_at(request, choice.groupement)
    context = page.get_context(request)
    if national is None:
        return TemplateResponse(request, page.get_template(request), context)
    context |= {"national_frame": national["frame"], "groupement": choice.groupement}
    return TemplateResponse(request, "resources/frame_side_by_side.html", context)


def _stand_at(request, groupement: Groupement) -> None:
    """Have a preview's request come from a groupement's site."""
    port = request.META["HTTP_HOST"].partition(":")[2]
    request.META["HTTP_HOST"] = groupement.site.hostname + (f":{port}" if port else "")
    request.META["SERVER_NAME"] = groupement.site.hostname
    forget_place(request)

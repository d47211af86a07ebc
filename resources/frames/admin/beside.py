"""What rooms above put on the screens of the frames: beside each national block, and among the tabs.

They register with Wagtail's hooks, and nothing here knows who they are (see ``regions.parts``):

- ``frame_blocks_beside(request, groupement, national, blocks)`` returns components by the identifier of a block (see
  ``FramePage.national_block``);
- ``frame_tabs(request, groupement)`` returns ``(name, label, address)`` for each tab.
"""

from __future__ import annotations

from django.forms import Media
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks

BESIDE, TABS = "frame_blocks_beside", "frame_tabs"


def give(request, groupement, national, screen) -> Media:
    """Put what is registered beside the national passages of an answer screen; return what it needs in the page."""
    media = Media()
    shown = {text.id: text for text in screen.texts}
    shown |= {field.part.id: field for field in screen.fields if field.part.slot is None}
    for found in hooks.get_hooks(BESIDE):
        for key, component in found(request, groupement, national, list(shown)).items():
            shown[key].beside.append(component)
            media += component.media
    return media


def tabs(request, groupement, locale, current: str) -> list[dict]:
    """The tabs of “Trame commune” for a groupement.

    Args:
        current: the name of the tab that is open.
    """
    language = "" if locale.is_default else f"?langue={locale.language_code}"
    found = [
        ("pages", _("Our answers"), reverse("frames_of", args=[groupement.pk]) + language),
        ("news", _("What is new"), reverse("frames_news", args=[groupement.pk]) + language),
    ]
    for more in hooks.get_hooks(TABS):
        found += more(request, groupement)
    return [{"label": label, "url": url, "is_current": name == current} for name, label, url in found]

"""Addresses of the frames below /admin/, their rules, and the menu entry."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from regions.admin import guard
from regions.admin.guard.checks import number, own_page
from regions.reach import Reach
from resources.frames.admin import news, views, withdrawn

urlpatterns = [
    path("trame/", views.FramesIndexView.as_view(), name="frames_index"),
    path("trame/<int:pk>/", views.FrameListView.as_view(), name="frames_of"),
    path("trame/<int:pk>/<uuid:frame_key>/", views.AnswerView.as_view(), name="frame_answers"),
    path("trame/<int:pk>/nouveautes/", news.NewsView.as_view(), name="frames_news"),
    path("trame/<int:pk>/<uuid:frame_key>/convient/", news.ConfirmView.as_view(), name="frame_confirm"),
    path("trame/de-la-page/<int:pk>/", withdrawn.FrameOfPageView.as_view(), name="frame_of_page"),
]


def own_groupement(reach: Reach, value, kwargs: Mapping) -> bool:
    """A groupement in which the person writes."""
    pk = number(value)
    return pk is not None and views.groupements_of(reach.user).filter(pk=pk).exists()


guard.register(
    {
        "frames_index": guard.ALLOW,
        "frames_of": guard.Rule(ids={"pk": own_groupement}),
        "frame_answers": guard.Rule(ids={"pk": own_groupement}, free=frozenset({"frame_key"})),
        "frames_news": guard.Rule(ids={"pk": own_groupement}),
        "frame_confirm": guard.Rule(ids={"pk": own_groupement}, free=frozenset({"frame_key"})),
        "frame_of_page": guard.Rule(ids={"pk": own_page}),
    }
)


class FramesMenuItem(MenuItem):
    """For whoever writes for a groupement."""

    def is_shown(self, request) -> bool:
        return views.groupements_of(request.user).exists()


def menu_item() -> MenuItem:
    """The entry of the main menu."""
    return FramesMenuItem(_("Trame commune"), reverse("frames_index"), name="frames", icon_name="form", order=40)

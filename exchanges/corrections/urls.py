"""The address at which a groupement proposes a correction, and its rule."""

from __future__ import annotations

from django.urls import path

from exchanges.corrections.proposing import ProposeView
from regions.admin import guard
from resources.frames.admin.urls import own_groupement

urlpatterns = [
    path("trame/<int:pk>/<uuid:frame_key>/corriger/<str:block>/", ProposeView.as_view(), name="correction_propose"),
]

guard.register({"correction_propose": guard.Rule(ids={"pk": own_groupement}, free=frozenset({"frame_key", "block"}))})

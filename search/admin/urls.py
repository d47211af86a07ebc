"""Wagtail's addresses of promoted answers, answered by this network's screens; included before Wagtail's own."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from search.admin import promotions

urlpatterns = [
    path(route, require_admin_access(view), name=name)
    for route, view, name in (
        ("searchpicks/", promotions.PromotedAnswersView.as_view(), "promoted_answers"),
        (
            "searchpicks/results/",
            promotions.PromotedAnswersView.as_view(results_only=True),
            "promoted_answers_results",
        ),
        ("searchpicks/add/", promotions.PromotedAnswerAddView.as_view(), "promoted_answer_add"),
        ("searchpicks/<int:query_id>/", promotions.PromotedAnswerEditView.as_view(), "promoted_answer_edit"),
    )
]

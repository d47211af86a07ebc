"""Registrations of the search's screens: a menu “Recherche” for those who keep the nation, a report for the others."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.auth import require_admin_access
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from regions.admin import guard
from regions.reach import reach_of
from resources.index.models import Synonym
from search import reports
from search.admin.reports import SearchReportExportView, SearchReportView

# Wagtail's own entries for what our menu holds.
_REPLACED = frozenset({"promoted-search-results", "search-terms"})
_QUERY = guard.Rule(ids={"query_id": lambda reach, value, kwargs: True}, nation=True)

guard.register(
    {
        # They decide themselves, and answer 404 to whoever they are not for.
        "search_report": guard.ALLOW,
        "search_report_export": guard.ALLOW,
    }
    | {
        f"synonym:{name}": guard.NATION
        for name in ("index", "index_results", "add", "edit", "delete", "history", "history_results", "usage")
    }
    | {f"wagtailsearchpromotions:{name}": _QUERY for name in ("index", "index_results", "add", "edit", "delete")}
    | dict.fromkeys(
        ("promoted_answers", "promoted_answers_results", "promoted_answer_add", "promoted_answer_edit"), _QUERY
    )
    # Wagtail's counts of searches, which this network does not fill.
    | {
        f"wagtailsearchpromotions:{name}": guard.DENY
        for name in ("chooser", "chooserresults", "search_terms", "search_terms_results")
    }
)


class SynonymViewSet(ModelViewSet):
    """Words that lead to others, and acronyms."""

    model = Synonym
    icon = "order"
    menu_label = _("Synonyms")
    list_display = ("__str__", "language")
    list_filter = ("language", "is_acronym")
    search_fields = ("terms", "expansions")
    search_backend_name = None
    copy_view_enabled = False


class NationMenuItem(MenuItem):
    """For whoever keeps the national tree."""

    def is_shown(self, request) -> bool:
        return reach_of(request.user).holds_nation


class SearchGroup(ModelViewSetGroup):
    """The menu “Recherche” of national editors."""

    items = (SynonymViewSet,)
    menu_label = _("Search")
    menu_icon = "search"
    menu_order = 660

    def get_submenu_items(self):
        return [
            *super().get_submenu_items(),
            NationMenuItem(
                _("Recommended answers"),
                reverse("wagtailsearchpromotions:index"),
                name="promoted-answers",
                icon_name="pick",
                order=20,
            ),
            _report_item(order=30, item_class=NationMenuItem),
        ]


class ReportMenuItem(MenuItem):
    """“Recherches des visiteurs”, for whoever answers for a place and has no menu “Recherche”."""

    def is_shown(self, request) -> bool:
        return not reach_of(request.user).holds_nation and reports.readable_by(request.user).anything


def _report_item(order: int, item_class) -> MenuItem:
    return item_class(
        _("Words searched"), reverse("search_report"), name="visitors-searches", icon_name="search", order=order
    )


@hooks.register("register_admin_viewset")
def register_search_screens():
    return SearchGroup()


@hooks.register("register_admin_urls")
def register_report():
    return [
        path("recherches/", require_admin_access(SearchReportView.as_view()), name="search_report"),
        path(
            "recherches/export/", require_admin_access(SearchReportExportView.as_view()), name="search_report_export"
        ),
    ]


@hooks.register("register_admin_menu_item")
def report_in_menu():
    return _report_item(order=70, item_class=ReportMenuItem)


@hooks.register("construct_settings_menu")
@hooks.register("construct_reports_menu")
def one_menu_only(request, menu_items):
    menu_items[:] = [item for item in menu_items if item.name not in _REPLACED]

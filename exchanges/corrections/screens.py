"""“Corrections proposées”: a groupement follows its own, the nation reads and answers all. Out of scope: 404."""

from __future__ import annotations

from collections.abc import Mapping

import django_filters
from django.db.models import Case, IntegerField, Value, When
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.models import Locale

from exchanges.corrections.models import Correction
from exchanges.corrections.reading import ACTIONS, CorrectionActView, CorrectionInspectView
from regions.admin import guard
from regions.admin.guard.checks import number
from regions.admin.records import RecordIndexView, RecordViewSet
from regions.admin.scoped.filters import ScopedFilters
from regions.models import Groupement
from regions.reach import reach_of
from resources.frames.admin import beside
from resources.frames.admin.views import groupements_of

State = Correction.State
PANEL_ROWS = 5


class CorrectionFilterSet(ScopedFilters, WagtailFilterSet):
    """By state, and by groupement where one reads several."""

    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=State.choices)
    groupement = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Groupement"), queryset=Groupement.objects.order_by("name")
    )

    class Meta:
        model = Correction
        fields: tuple[str, ...] = ("state", "groupement")


class StateColumn(Column):
    """The state; what waits is seen at once."""

    cell_template_name = "exchanges/admin/corrections/state_cell.html"


class CorrectionIndexView(RecordIndexView):
    """What waits first, the newest first."""

    default_ordering = None
    page_title = gettext_lazy("Proposed corrections")

    def get_page_title(self):
        return self.page_title if reach_of(self.request.user).holds_nation else _("Our corrections")

    def get_context_data(self, *args, **kwargs):
        return super().get_context_data(*args, tabs=self._tabs(), **kwargs)

    def _tabs(self) -> list[dict]:
        """Those of the one groupement that is looked at, for whoever writes there: the way back to its answers."""
        if reach_of(self.request.user).holds_nation:
            return []
        places, asked = groupements_of(self.request.user), self.request.GET.get("groupement", "")
        found = list((places.filter(pk=number(asked)) if asked else places)[:2])
        return beside.tabs(self.request, found[0], Locale.get_default(), "corrections") if len(found) == 1 else []

    def get_base_queryset(self):
        urgency = Case(
            When(state=State.WAITING, then=Value(0)),
            When(state=State.LATER, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        rows = super().get_base_queryset().select_related("groupement", "author", "answered_by")
        return rows.annotate(urgency=urgency).order_by("urgency", "-sent_at", "-pk")


class CorrectionViewSet(RecordViewSet):
    """The screens of corrections."""

    model = Correction
    url_prefix = "corrections"
    icon = "edit"
    actions = ACTIONS
    inspect_view_enabled = True
    form_fields = ()
    list_export = ("sent_at", "page_title", "groupement", "proposed", "remark", "state", "answer", "answered_at")
    filterset_class = CorrectionFilterSet
    index_view_class = CorrectionIndexView
    inspect_view_class = CorrectionInspectView
    index_template_name = "exchanges/admin/corrections/index.html"
    index_results_template_name = "exchanges/admin/corrections/index_results.html"
    list_per_page = 30
    add_to_admin_menu = False  # its entry counts: see `CorrectionsMenuItem`

    @property
    def list_display(self):
        def address(row: Correction) -> str:
            return reverse(self.get_url_name("inspect"), args=[row.pk])

        return [
            TitleColumn("page_title", label=_("National page"), get_url=address),
            StateColumn("state", label=_("State"), classname="mara-correct-state"),
            Column("groupement", label=_("Groupement")),
            DateColumn("sent_at", label=_("Sent on"), classname="mara-wide-only"),
            Column("keeper_name", label=_("Kept by"), classname="mara-wide-only"),
        ]

    def get_urlpatterns(self):
        acts = [
            path(f"<str:pk>/{address}/", self._act_view(name), name=name)
            for name, address in (("answer", "repondre"), ("draft", "brouillon"), ("withdraw", "retirer"))
        ]
        return [*super().get_urlpatterns(), *acts]

    def _act_view(self, name: str):
        return self.construct_view(CorrectionActView, act=name, **self.get_inspect_view_kwargs())

    def guard_rules(self) -> dict[str, guard.Rule]:
        rules = super().guard_rules()
        rows = rules[self.get_url_name("inspect")]
        nation = guard.Rule(ids=rows.ids, nation=True)
        names = {"answer": nation, "draft": nation, "withdraw": rows}
        return rules | {self.get_url_name(name): rule for name, rule in names.items()}


class CorrectionsMenuItem(MenuItem):
    """“Corrections proposées”, for whoever keeps the nation's texts, with how many wait."""

    def is_shown(self, request) -> bool:
        return reach_of(request.user).holds_nation

    def render_component(self, request):
        component = super().render_component(request)
        waiting = Correction.objects.for_user(request.user).filter(state=State.WAITING).count()
        if waiting:
            component.label = _("Corrections (%(count)s)") % {"count": waiting}
        return component


class CorrectionsPanel(Component):
    """On the first screen of the nation: what the groupements propose."""

    name = "corrections"
    order = 20
    template_name = "exchanges/admin/corrections/panel.html"

    def get_context_data(self, parent_context: Mapping) -> dict:
        user = parent_context["request"].user
        rows: list = []
        if reach_of(user).holds_nation:
            waiting = Correction.objects.for_user(user).filter(state=State.WAITING)
            rows = list(waiting.select_related("groupement").order_by("sent_at", "pk")[: PANEL_ROWS + 1])
        title = ngettext("A correction is proposed to you", "Corrections are proposed to you", len(rows))
        return {"rows": rows[:PANEL_ROWS], "more": len(rows) > PANEL_ROWS, "title": title}

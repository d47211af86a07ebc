"""“Demandes”: the list, one request, and what one does with it. Out of scope: 404."""

from __future__ import annotations

from collections.abc import Mapping

import django_filters
from django.contrib import messages
from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from exchanges import consent, screening, services
from exchanges.forms import CloseForm
from exchanges.models import CallbackRequest
from regions.admin import guard
from regions.admin.guard.checks import number
from regions.admin.records import (
    RecordIndexView,
    RecordInspectView,
    RecordPolicy,
    RecordViewSet,
    ScopedRecordMixin,
)
from regions.admin.scoped.filters import ScopedFilters
from regions.models import Groupement

State = CallbackRequest.State
ACTIONS = frozenset({"delete"})
PANEL_ROWS = 5


class CallbackFilterSet(ScopedFilters, WagtailFilterSet):
    """By state, and by groupement where one answers for several."""

    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=State.choices)
    groupement = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Groupement"), queryset=Groupement.objects.order_by("name")
    )

    class Meta:
        model = CallbackRequest
        fields: tuple[str, ...] = ("state", "groupement")


class StateColumn(Column):
    """The state, and what is to be seen at once: late, to be checked."""

    cell_template_name = "exchanges/admin/state_cell.html"


class CallbackIndexView(RecordIndexView):
    """What waits first, then what is taken, then what is closed; the newest of each first."""

    default_ordering = None
    page_title = gettext_lazy("Requests")

    def get_base_queryset(self):
        urgency = Case(
            When(state=State.RECEIVED, then=Value(0)),
            When(state=State.TAKEN, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        rows = super().get_base_queryset().select_related("groupement", "stand_in", "taken_by")
        return rows.annotate(urgency=urgency).order_by("urgency", "-received_at", "-pk")


class CallbackInspectView(RecordInspectView):
    """One request: who, how to reach them, what about; and the buttons."""

    template_name = "exchanges/admin/request.html"
    page_title = gettext_lazy("Request")

    def get_page_subtitle(self):
        return self.object.name

    def get_context_data(self, **kwargs):
        row = self.object
        return super().get_context_data(
            row=row,
            doubts=[screening.DOUBTS[code] for code in row.doubts if code in screening.DOUBTS],
            consent_text=consent.VERSIONS.get(row.consent_version, row.consent_version),
            close_form=CloseForm(instance=row, auto_id="close_%s"),
            **kwargs,
        )


class CallbackActView(ScopedRecordMixin, View):
    """One of the buttons of a request."""

    http_method_names = ("post", "options")
    act = ""
    model = CallbackRequest
    permission_policy = RecordPolicy(CallbackRequest, ACTIONS)

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        wanted = number(pk)
        row = self.get_base_queryset().select_related("taken_by").filter(pk=wanted).first() if wanted else None
        if row is None:
            raise Http404
        done, sentence = getattr(self, f"_{self.act}")(request, row)
        (messages.success if done else messages.warning)(request, sentence)
        return redirect("callbackrequest:inspect", row.pk)

    def _take(self, request, row):
        if services.take(request=row, by=request.user):
            return True, _("This request is yours. Thank you!")
        row.refresh_from_db()
        if row.taken_by_id == request.user.pk:
            return True, _("This request is yours. Thank you!")
        return False, _("%(name)s has taken this request already.") % {"name": row.taken_by or _("Somebody")}

    def _release(self, request, row):
        services.release(request=row)
        return True, _("The request waits again for somebody.")

    def _close(self, request, row):
        form = CloseForm(request.POST, instance=row)
        if not form.is_valid():
            return False, " ".join(form.errors["note"])
        if services.close(request=row, by=request.user, note=form.cleaned_data["note"]):
            return True, _("The request is closed.")
        return False, _("This request was closed already.")


class CallbackViewSet(RecordViewSet):
    """The screens of requests."""

    model = CallbackRequest
    url_prefix = "demandes"
    icon = "mail"
    actions = ACTIONS
    inspect_view_enabled = True
    form_fields = ()
    list_export = ("received_at", "place_label", "name", "phone", "email", "about", "state")
    filterset_class = CallbackFilterSet
    index_view_class = CallbackIndexView
    inspect_view_class = CallbackInspectView
    list_per_page = 30
    add_to_admin_menu = False  # its entry counts: see `RequestsMenuItem`

    @property
    def list_display(self):
        def address(row: CallbackRequest) -> str:
            return reverse(self.get_url_name("inspect"), args=[row.pk])

        return [
            TitleColumn("name", label=_("Name"), get_url=address),
            StateColumn("state", label=_("State")),
            Column("place_label", label=_("Groupement")),
            DateColumn("received_at", label=_("Received on")),
            Column("taken_by", label=_("Taken by")),
        ]

    def get_urlpatterns(self):
        acts = [
            path(f"<str:pk>/{address}/", CallbackActView.as_view(act=name), name=name)
            for name, address in (("take", "prendre"), ("release", "remettre"), ("close", "clore"))
        ]
        return [*super().get_urlpatterns(), *acts]

    def guard_rules(self) -> dict[str, guard.Rule]:
        rules = super().guard_rules()
        rows = rules[self.get_url_name("inspect")]
        return rules | {self.get_url_name(name): rows for name in ("take", "release", "close")}


class RequestsMenuItem(MenuItem):
    """“Demandes”, with how many wait."""

    policy = RecordPolicy(CallbackRequest, ACTIONS)

    def is_shown(self, request) -> bool:
        return self.policy.user_has_permission(request.user, "view")

    def render_component(self, request):
        component = super().render_component(request)
        waiting = CallbackRequest.objects.for_user(request.user).waiting().count()
        if waiting:
            component.label = _("Requests (%(count)s)") % {"count": waiting}
        return component


class RequestsPanel(Component):
    """On the first screen: who is waiting to be called."""

    name = "requests"
    order = 0
    template_name = "exchanges/admin/panel.html"

    def get_context_data(self, parent_context: Mapping) -> dict:
        waiting = CallbackRequest.objects.for_user(parent_context["request"].user).waiting()
        rows = list(waiting.select_related("groupement").order_by("received_at")[: PANEL_ROWS + 1])
        return {"rows": rows[:PANEL_ROWS], "more": len(rows) > PANEL_ROWS, "title": self._title(len(rows))}

    @staticmethod
    def _title(count: int) -> str:
        return ngettext("Somebody is waiting for your call", "People are waiting for your call", count)

"""“Vérifications”: the rounds of one's places, and one round with its three buttons. Out of scope: 404."""

from __future__ import annotations

from collections.abc import Mapping

import django_filters
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.debug import sensitive_variables
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, TitleColumn

from core.amending import NotNow
from core.qr import qr_image
from exchanges.checking import links, services, things
from exchanges.checking.holders import mandate_of
from exchanges.checking.models import NOTE_LENGTH, CheckItem, CheckRound
from regions.admin.guard.checks import number
from regions.admin.records import RecordIndexView, RecordInspectView, RecordPolicy, RecordViewSet, ScopedRecordMixin
from regions.admin.scoped.filters import ScopedFilters
from regions.models import Groupement
from regions.reach import reach_of

State = CheckItem.State
ACTIONS: frozenset[str] = frozenset()
PANEL_ROWS = 5


class CheckFilterSet(ScopedFilters, WagtailFilterSet):
    """By groupement where one answers for several, and by half-year."""

    groupement = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Groupement"), queryset=Groupement.objects.order_by("name")
    )

    class Meta:
        model = CheckRound
        fields: tuple[str, ...] = ("groupement",)


class StateColumn(Column):
    """How far a round is."""

    cell_template_name = "exchanges/checking/admin/state_cell.html"


class CheckIndexView(RecordIndexView):
    """The rounds: the newest first, what waits before what is done."""

    default_ordering = None
    page_title = gettext_lazy("Checks")

    def get_base_queryset(self):
        rows = super().get_base_queryset().select_related("groupement").counted()
        return rows.order_by("-half", "-waiting", "groupement__name")


class CheckInspectView(RecordInspectView):
    """One round: what waits, what is to be corrected, what was answered; and the buttons."""

    template_name = "exchanges/checking/admin/round.html"
    page_title = gettext_lazy("Checks")

    def get_page_subtitle(self):
        return str(self.object)

    def get_context_data(self, **kwargs):
        round_, user = self.object, self.request.user
        items = things.shown(round_)
        for item in items:
            name = "frame_of_page" if item.slot else "wagtailadmin_pages:edit"
            item.edit_url = reverse(name, args=[item.page_id])
        return super().get_context_data(
            round=round_,
            waiting=[item for item in items if item.is_waiting],
            notes=[item for item in items if item.awaits_correction],
            answered=[item for item in items if not item.is_waiting and not item.awaits_correction],
            note_length=NOTE_LENGTH,
            holds=bool(round_.groupement and round_.groupement_id in reach_of(user).answered_groupement_ids),
            may_link=bool(round_.groupement and round_.is_open and mandate_of(user, round_.groupement)),
            **kwargs,
        )


class _RoundActView(ScopedRecordMixin, View):
    """Something done to one of the caller's rounds."""

    http_method_names = ("post", "options")
    model = CheckRound
    permission_policy = RecordPolicy(CheckRound, ACTIONS)

    def round_or_404(self, pk: str) -> CheckRound:
        wanted = number(pk)
        rows = self.get_base_queryset().select_related("groupement__site", "groupement__fallback")
        found = rows.filter(pk=wanted).first() if wanted else None
        if found is None:
            raise Http404
        return found


class CheckAnswerView(_RoundActView):
    """One of the buttons beside one thing."""

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        round_ = self.round_or_404(pk)
        item = round_.items.filter(pk=number(request.POST.get("item", "")) or 0).first()
        address = reverse("checkround:inspect", args=[round_.pk])
        if item is None:
            messages.warning(request, _("Choose what you answer about."))
            return redirect(address)
        act, done = request.POST.get("act", ""), False
        try:
            done, sentence = self._do(act, item, request)
        except NotNow as error:
            sentence = str(error)
        except services.Answered:
            sentence = _("“%(title)s” was answered already.") % {"title": item.title}
        (messages.success if done else messages.warning)(request, sentence)
        return redirect(address)

    @staticmethod
    def _do(act: str, item: CheckItem, request: HttpRequest) -> tuple[bool, str]:
        title = {"title": item.title}
        if act == "undo":
            services.undo(item=item, by=request.user)
            return True, _("“%(title)s” is to be confirmed again.") % title
        if act == "corrected":
            services.corrected(item=item, by=request.user)
            return True, _("“%(title)s” is corrected. Thank you!") % title
        if act not in services.CHOICES:
            return False, _("Choose one of the three answers.")
        note = request.POST.get("note", "").replace("\x00", "").strip()
        if act == State.NOTE and not note:
            return False, _("Say in a few words what is to be corrected.")
        if len(note) > NOTE_LENGTH:
            return False, _("This is too long: %(most)d characters at most.") % {"most": NOTE_LENGTH}
        services.answer(item=item, choice=act, note=note, by=request.user, by_link=False)
        words = {
            State.EXACT: _("“%(title)s” is dated to today. Thank you!"),
            State.NOTE: _("“%(title)s”: the correction waits below."),
            State.GONE: _("“%(title)s” is no longer on the site. You can undo it below."),
        }
        return True, words[State(act)] % title


@method_decorator(sensitive_variables("address", "context"), name="post")
class CheckLinkView(_RoundActView):
    """A new address of one's own to the page of the mail, shown once."""

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        round_ = self.round_or_404(pk)
        mandate = mandate_of(request.user, round_.groupement) if round_.groupement and round_.is_open else None
        if mandate is None:
            messages.warning(request, _("This round is over, or somebody else answers it."))
            return redirect("checkround:inspect", round_.pk)
        address = links.make(round_, mandate)
        # Shown rather than followed: a form of this site leads to no other (its content policy).
        context = {"round": round_, "address": address, "qr": qr_image(address)}
        answer = render(request, "exchanges/checking/admin/link.html", context)
        answer["Cache-Control"] = "private, no-store"
        return answer


class CheckRoundViewSet(RecordViewSet):
    """The screens of rounds."""

    model = CheckRound
    url_prefix = "verifications"
    icon = "circle-check"
    actions = ACTIONS
    inspect_view_enabled = True
    form_fields = ()
    list_export = ("place_label", "half", "opened_on", "expires_on", "total", "waiting", "notes")
    filterset_class = CheckFilterSet
    index_view_class = CheckIndexView
    inspect_view_class = CheckInspectView
    list_per_page = 50
    add_to_admin_menu = False

    @property
    def list_display(self):
        def address(row: CheckRound) -> str:
            return reverse("checkround:inspect", args=[row.pk])

        return [
            TitleColumn("place_label", label=_("Groupement"), get_url=address),
            Column("half_label", label=_("Half-year")),
            StateColumn("state", label=_("State")),
            Column("asked_label", label=_("Asked on")),
            Column("until_label", label=_("Until")),
        ]

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<str:pk>/repondre/", CheckAnswerView.as_view(), name="answer"),
            path("<str:pk>/lien/", CheckLinkView.as_view(), name="link"),
        ]


class ChecksMenuItem(MenuItem):
    """“Vérifications”, for those who answer for a place."""

    policy = RecordPolicy(CheckRound, ACTIONS)

    def is_shown(self, request) -> bool:
        return self.policy.user_has_permission(request.user, "view")


class ChecksPanel(Component):
    """On the first screen: what one's own places have to confirm or to correct. Two queries."""

    name = "checks"
    order = 5
    template_name = "exchanges/checking/admin/panel.html"

    def get_context_data(self, parent_context: Mapping) -> dict:
        user = parent_context["request"].user
        rows = CheckRound.objects.for_user(user).counted().select_related("groupement")
        if reach_of(user).everything:
            rows = rows.filter(level=CheckRound.Level.NATION)  # the others' work is theirs
        wanted = [row for row in rows.order_by("expires_on") if (row.is_open and row.waiting) or row.notes]
        return {"rows": wanted[:PANEL_ROWS], "more": len(wanted) > PANEL_ROWS}


def notes_on(page) -> list[CheckItem]:
    """The corrections that wait on a page, the oldest first: one query."""
    rows = CheckItem.objects.filter(page=page.pk, state=State.NOTE, handled_at__isnull=True)
    return list(rows.select_related("round").order_by("answered_at"))

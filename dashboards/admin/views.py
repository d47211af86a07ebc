"""“Pilotage”: the board, the national texts, the label. A 404 for whoever pilots nothing."""

from __future__ import annotations

from functools import cached_property
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from wagtail.log_actions import log
from wagtail.models import Locale

from core.spreadsheets import XLSX_TYPE
from dashboards import board, exports, help, rules, suggestions
from dashboards.forms import BoardForm, LabelRulesForm
from dashboards.models import Label, LabelEvent, LabelRules
from dashboards.piloting import piloted_groupements, pilots_the_nation
from regions.reach import reach_of
from regions.rights import national_homes
from resources.frames import completeness, credits
from resources.frames.admin.views import frame_or_404
from resources.listing import paginate, querystring

PAGE_SIZE = 50
EVENTS_SHOWN = 40


class PilotView(View):
    """A screen for who pilots; not there for anybody else, whatever the method."""

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if not self.groupements.exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def groupements(self):
        return piloted_groupements(self.request.user)

    @cached_property
    def is_national(self) -> bool:
        return pilots_the_nation(self.request.user)

    @cached_property
    def languages(self) -> list[Locale]:
        """Those in which the nation writes, the usual one first."""
        return sorted(
            {home.locale for home in national_homes()}, key=lambda locale: (not locale.is_default, locale.pk)
        )

    @cached_property
    def locale(self) -> Locale:
        """The language asked for; the usual one when none is, or when it means nothing."""
        asked = self.request.GET.get("language", "")
        return next((row for row in self.languages if row.language_code == asked), self.languages[0])

    @cached_property
    def openable(self) -> set[int]:
        """The groupements whose own screens the person may open: a national editor writes for none."""
        reach = reach_of(self.request.user)
        rows = self.groupements.order_by().values_list("pk", flat=True)
        return set(rows) if reach.everything else set(reach.groupement_ids)

    @cached_property
    def whole(self) -> board.Board:
        return board.board(self.groupements, locale=self.locale)

    @cached_property
    def form(self) -> BoardForm:
        return BoardForm(self.request.GET, whole=self.whole, languages=self.languages)

    def show(self, template: str, current: str, *, status: int = 200, **context) -> HttpResponse:
        tabs = [("dashboard", _("Groupements")), ("dashboard_texts", _("National texts")), ("labels", _("Label"))]
        context |= {
            "tabs": [{"url": reverse(name), "label": label, "active": name == current} for name, label in tabs],
            "is_national": self.is_national,
            "openable": self.openable,
        }
        return render(self.request, template, context, status=status)


class BoardView(PilotView):
    """Groupements by frames, and what stands out."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        shown = self.form.narrow(self.whole)
        rows = paginate(shown.rows, request, PAGE_SIZE)
        proposed = suggestions.of(request.user, [row.groupement for row in shown.rows])
        if key := self.form.chosen("frame"):
            proposed = proposed.filter(page__translation_key=key)
        return self.show(
            "dashboards/admin/board.html",
            "dashboard",
            form=self.form,
            board=shown,
            rows=rows,
            oldest=shown.oldest(),
            helped=help.most_helped(row.groupement for row in shown.rows),
            corrected=help.most_corrected(proposed, shown.frames),
            waiting=suggestions.waiting(proposed),
            vacant=len(shown.rows) - len(shown.counted),
            querystring=querystring(request),
            language=self.locale,
        )


class BoardExportView(PilotView):
    """The same lines as a file."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, file_format: str) -> HttpResponse | StreamingHttpResponse:
        shown = self.form.narrow(self.whole)
        response: HttpResponse | StreamingHttpResponse
        if file_format == exports.XLSX:
            response = HttpResponse(exports.xlsx(shown), content_type=XLSX_TYPE)
        elif file_format == exports.CSV:
            pieces = exports.csv_pieces(shown)
            response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
        else:
            raise Http404
        name = f"pilotage-{timezone.localdate():%Y-%m-%d}.{file_format}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "private, no-store"
        return response


class TextsView(PilotView):
    """The national texts, and how each is completed."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(
            "dashboards/admin/texts.html",
            "dashboard_texts",
            columns=self.whole.columns,
            languages=self.languages if len(self.languages) > 1 else [],
            locale=self.locale,
        )


class TextView(PilotView):
    """One national text: who completed it, who left it out and why, who has a draft, who proposed a correction."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, frame_key: UUID) -> HttpResponse:
        national = frame_or_404(frame_key, self.locale.language_code)
        shown = board.narrowed(self.whole, key=str(frame_key))
        cells = [(row, row.cells[0]) for row in shown.rows if row.cells]
        order = list(completeness.State)
        cells.sort(key=lambda pair: (not pair[0].is_expected, order.index(pair[1].state), pair[0].groupement.name))
        left_out = [(row, cell) for row, cell in cells if cell.left_out]
        proposed = suggestions.of(request.user, self.groupements).filter(page_id=national.pk)
        return self.show(
            "dashboards/admin/text.html",
            "dashboard_texts",
            national=national,
            keeper=national.keeper,
            column=shown.columns[0] if shown.frames else None,
            cells=cells,
            left_out=left_out,
            waiting=suggestions.waiting(proposed),
            accepted=suggestions.accepted(proposed),
            credit=credits.sentence(national),
            changes=national.frame_changes.all()[:5],
            may_edit=national.permissions_for_user(request.user).can_edit(),
            locale=self.locale,
        )


class LabelsView(PilotView):
    """Who holds the label, who is about to lose it, and every change."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        labels = Label.objects.for_user(request.user)
        events = LabelEvent.objects.for_user(request.user)
        return self.show(
            "dashboards/admin/labels.html",
            "labels",
            rules=LabelRules.load(),
            labels=[(label, rules.sentences(label.reasons)) for label in labels.select_related("groupement")],
            without=self.groupements.exclude(pk__in=labels.values("groupement")).count(),
            events=[
                (event, rules.sentences(event.reasons)) for event in events.select_related("groupement")[:EVENTS_SHOWN]
            ],
        )


class LabelRulesView(PilotView):
    """What the label asks: changed by those who keep the nation, felt the next night."""

    http_method_names = ("get", "head", "post")

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if not self.is_national:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(LabelRulesForm(instance=LabelRules.load()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LabelRulesForm(request.POST, instance=LabelRules.load())
        if not form.is_valid():
            return self._show(form, status=422)
        if form.has_changed():
            form.save()
            changed = {name: form.cleaned_data[name] for name in form.changed_data}
            log(instance=form.instance, action="wagtail.edit", user=request.user, data={"changed": changed})
        messages.success(request, _("The rules are saved. Labels follow them from tonight on."))
        return redirect("labels")

    def _show(self, form: LabelRulesForm, status: int = 200) -> HttpResponse:
        return self.show("dashboards/admin/label_rules.html", "labels", form=form, status=status)

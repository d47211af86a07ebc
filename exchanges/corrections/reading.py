"""One correction: what was proposed, what the text is now, what is answered, and the buttons."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchanges.corrections import services
from exchanges.corrections.forms import AnswerForm
from exchanges.corrections.models import Correction
from exchanges.corrections.passages import revised
from regions.admin.records import RecordInspectView
from regions.reach import reach_of
from resources.frames import wording
from resources.frames.answers import digest_of

State = Correction.State
ACTIONS: frozenset[str] = frozenset()


class CorrectionInspectView(RecordInspectView):
    """One correction: what was proposed, what the text is now, what is answered."""

    template_name = "exchanges/admin/corrections/correction.html"
    page_title = gettext_lazy("Proposed correction")
    answer_form: AnswerForm | None = None
    is_to_decide = False

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("groupement", "author", "answered_by", "page")

    def get_page_subtitle(self):
        return self.object.page_title

    def get_context_data(self, **kwargs):
        row = self.object
        holds_nation = reach_of(self.request.user).holds_nation
        page = row.page.specific if row.page else None
        before = wording.lines_of(row.before)
        today = services.block_in_draft(page, row.block) if page and holds_nation else None
        may_answer = holds_nation and row.state != State.WITHDRAWN
        return super().get_context_data(
            row=row,
            national=page,
            holds_nation=holds_nation,
            before=before,
            difference=wording.compare(before, _proposed_lines(row)) if row.proposed else [],
            is_changed=bool(page) and holds_nation and not services.is_as_it_was(row, today),
            today=wording.lines_of(today),
            seen=digest_of(today) if today else services.GONE,
            is_gone=today is None,
            is_by_hand=bool(may_answer and page and row.proposed and not row.typed),
            may_draft=bool(may_answer and page and row.typed),
            is_to_decide=self.is_to_decide,
            may_answer=may_answer,
            may_withdraw=row.is_open and row.groupement_id in reach_of(self.request.user).groupement_ids,
            answer_form=(self.answer_form or AnswerForm(correction=row)) if may_answer else None,
            edit_url=reverse("wagtailadmin_pages:edit", args=[page.pk]) if page and holds_nation else "",
            **kwargs,
        )


def _proposed_lines(row: Correction) -> list[str]:
    if not row.typed:
        return [line.strip() for line in row.proposed.splitlines() if line.strip()]
    return wording.lines_of(row.before | {"value": revised(row.before, row.typed)})


class CorrectionActView(CorrectionInspectView):
    """One of the buttons of a correction; what cannot be done is said on its screen, with what was typed."""

    http_method_names: ClassVar[list[str]] = ["post", "options"]
    act = ""

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        reach, row = reach_of(request.user), self.object
        if not (row.groupement_id in reach.groupement_ids if self.act == "withdraw" else reach.holds_nation):
            raise Http404
        return getattr(self, f"_{self.act}")(request, row)

    def _show(self, status: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data(), status=status)

    def _withdraw(self, request, row):
        if services.withdraw(correction=row):
            messages.success(request, _("Your correction is withdrawn."))
        else:
            messages.warning(request, _("This correction was settled already."))
        return redirect("correction:inspect", row.pk)

    def _answer(self, request, row):
        form = self.answer_form = AnswerForm(request.POST, correction=row)
        if not form.is_valid():
            return self._show(422)
        cleaned = form.cleaned_data
        kept = services.answer(
            correction=row, state=cleaned["state"], words=cleaned["words"], by=request.user, seen=cleaned["seen"]
        )
        if kept:
            messages.success(request, _("Your answer is kept, and the groupement is told."))
            return redirect("correction:inspect", row.pk)
        self.object = self.get_object()
        form.data = form.data.copy()
        form.data["seen"] = self.object.state
        messages.warning(request, _("This correction changed meanwhile: see below, and answer again if you wish."))
        return self._show(409)

    def _draft(self, request, row):
        if row.page is None or not row.typed or row.state == State.WITHDRAWN:
            messages.warning(request, _("This correction cannot be put into a draft."))
            return redirect("correction:inspect", row.pk)
        try:
            block = services.make_draft(correction=row, by=request.user, seen=request.POST.get("seen", ""))
        except PermissionDenied:
            messages.warning(request, _("The page is locked for now: somebody is reading it before it is published."))
            return redirect("correction:inspect", row.pk)
        except services.ToDecide:
            self.is_to_decide = True
            return self._show(409)
        messages.success(
            request, _("The text is in a draft of the page. Read it, then publish: nothing is public yet.")
        )
        # Wagtail's own anchors: of a block, of a field.
        is_field = block in row.page.specific_class.frame_texts
        anchor = f"id_{block}-label" if is_field else f"block-{block}-section"
        return redirect(f"{reverse('wagtailadmin_pages:edit', args=[row.page_id])}#{anchor}")

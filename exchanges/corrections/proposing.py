"""“Proposer une correction”: beside each national block of the answer screen, and on a small page of its own."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from django import forms
from django.contrib import messages
from django.forms.widgets import Script
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin.ui.components import Component

from exchanges.corrections import services
from exchanges.corrections.forms import ProposalForm
from exchanges.corrections.models import Correction
from regions.reach import reach_of
from resources.frames.admin.views import answers_url, frame_or_404, groupements_of
from resources.frames.blocks import SLOT

IN_PLACE = "in-place"  # what the script sends, to be answered by a part of the screen


class Beside(Component):
    """Below a national block: what the groupement proposed for it, and the link to propose something."""

    template_name = "exchanges/admin/corrections/beside.html"
    media = forms.Media(js=[Script("mara/admin/corrections.js", type="module")])

    def __init__(self, url: str, rows: list[Correction], *, is_new: bool = False) -> None:
        self.url, self.rows, self.is_new = url, rows, is_new

    def get_context_data(self, parent_context: Mapping) -> dict:
        return {"url": self.url, "rows": self.rows, "is_new": self.is_new}


def beside_blocks(request, groupement, national, blocks: list[str]) -> dict[str, Component]:
    """For the hook ``frame_blocks_beside``: one query, whatever the number of blocks."""
    rows: dict[str, list[Correction]] = defaultdict(list)
    found = Correction.objects.for_user(request.user).held_at(groupement).filter(page_id=national.pk)
    for row in found.exclude(state=Correction.State.WITHDRAWN).order_by("-pk"):
        rows[row.block].append(row)
    return {key: Beside(address(groupement, national, key), rows[key]) for key in blocks}


def tabs(request, groupement) -> list[tuple[str, str, str]]:
    """For the hook ``frame_tabs``: what became of the groupement's corrections."""
    url = reverse("correction:index")
    if reach_of(request.user).groupement_ids != {groupement.pk}:
        url += f"?groupement={groupement.pk}"
    return [("corrections", _("Our corrections"), url)]


def address(groupement, national, block: str) -> str:
    """The small page on which a correction of a block is proposed."""
    path = reverse("correction_propose", args=[groupement.pk, national.translation_key, block])
    language = national.locale.language_code
    return path if national.locale.is_default else f"{path}?langue={language}"


def _gathered(data, into: str, known: set[str]):
    """What was typed, those texts whose place is gone put together in another field: nothing typed is lost."""
    data = data.copy()
    stray = [data[name] for name in data if name.startswith("passage_") and name not in known and data[name].strip()]
    data[into] = "\n\n".join(filter(None, [data.get(into, ""), *stray]))
    return data


class ProposeView(View):
    """The form for one block."""

    http_method_names = ("get", "head", "post", "options")

    @cached_property
    def groupement(self):
        return get_object_or_404(groupements_of(self.request.user), pk=self.kwargs["pk"])

    @cached_property
    def national(self):
        return frame_or_404(self.kwargs["frame_key"], self.request.GET.get("langue", ""))

    @cached_property
    def block(self) -> dict | None:
        """The raw block as it is published; ``None`` when it is there no more."""
        found = self.national.national_block(self.kwargs["block"])
        return found if found and found["value"] and found["type"] != SLOT else None

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        if self.groupement is None or self.block is None:
            raise Http404
        return self.show(ProposalForm(block=self.block))

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        groupement, national = self.groupement, self.national
        if self.block is None:
            data = _gathered(request.POST, "proposed", set())
            if not any(data.get(name, "").strip() for name in ("proposed", "remark")):
                raise Http404
            gone = {"id": kwargs["block"], "type": "", "value": ""}
            return self.show(ProposalForm(data, block=gone), status=409)
        form = ProposalForm(request.POST, block=self.block)
        if not form.is_valid():
            return self.show(form, status=422)
        if form.is_of_another_text:
            return self.show(form, status=409)
        cleaned = form.cleaned_data
        services.propose(
            key=cleaned["key"] or uuid.uuid4(),
            groupement=groupement,
            page=national,
            block=self.block,
            proposed=cleaned["proposed"],
            passages=cleaned["passages"],
            remark=cleaned["remark"],
            author=request.user,
        )
        if request.headers.get("x-requested-with") == IN_PLACE:
            rows = beside_blocks(request, groupement, national, [self.block["id"]])[self.block["id"]].rows
            context = {"url": address(groupement, national, self.block["id"]), "rows": rows, "is_new": True}
            return render(request, Beside.template_name, context)
        messages.success(request, _("Sent. Thank you! You will be told by mail when it is answered."))
        return redirect(f"{answers_url(groupement, national)}#b-{self.block['id']}")

    def show(self, form: ProposalForm, *, status: int = 200) -> HttpResponse:
        if form.is_of_another_text:
            # Sent once more, it is about the text that is now before the person's eyes.
            form.data = _gathered(form.data, "remark", set(form.fields))
            form.data["seen"] = ProposalForm(block=form.block).initial["seen"]
        key = self.kwargs["block"]
        passage = text = None
        if self.block is not None:
            text = next((row for row in self.national.national_texts if row["name"] == key), None)
            passage = text or next(row for row in self.national.body if row.id == key)
        context = {
            "groupement": self.groupement,
            "national": self.national,
            "keeper": self.national.keeper,
            "passage": passage,
            "text": text,
            "form": form,
            "is_changed": status == 409,
            "back_url": f"{answers_url(self.groupement, self.national)}#b-{key}",
        }
        return render(self.request, "exchanges/admin/corrections/propose.html", context, status=status)

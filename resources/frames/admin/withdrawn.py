"""From a groupement's own page to its answers: their screen, or what is kept when the national page is not there."""

from __future__ import annotations

from functools import cached_property

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View
from wagtail.documents import get_document_model
from wagtail.models import Page

from regions import visibility
from regions.places import HOME_PATH_LENGTH
from resources.frames import completeness, withdrawn
from resources.frames.admin.views import answers_url, groupements_of
from resources.frames.answers import Answer
from resources.frames.models import FramePage

APART = "/"  # between a page and a slot, in the choices


class UseAgainForm(forms.Form):
    """In which slot of today an answer is used again."""

    into = forms.ChoiceField(required=False)

    def __init__(self, *args, answer: Answer, frames: list, **kwargs) -> None:
        super().__init__(*args, prefix=f"k-{answer.slot}", **kwargs)
        self.answer = answer
        self.targets = {
            f"{info.page.pk}{APART}{slot.id}": (info.page, slot)
            for info, slot in withdrawn.targets(frames, answer.kind)
        }
        names = [(key, f"{page.title} – {slot.title}") for key, (page, slot) in self.targets.items()]
        self.fields["into"].label = _("Use it again in")
        self.fields["into"].choices = [("", _("nowhere for now: keep it aside")), *names]


class FrameOfPageView(View):
    """The answers of one of the groupement's pages."""

    http_method_names = ("get", "head", "post", "options")

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if self.owner is None or not groupements_of(request.user).filter(pk=self.owner.pk).exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def page(self):
        return get_object_or_404(Page, pk=self.kwargs["pk"]).specific

    @cached_property
    def owner(self):
        return visibility.owner_of(self.page)

    @cached_property
    def home(self) -> Page:
        return Page.objects.get(path=self.page.path[:HOME_PATH_LENGTH])

    @cached_property
    def nations(self) -> list:
        """The national page that this one completes, published or not."""
        if not isinstance(self.page, FramePage) or not self.page.completes:
            return []
        rows = type(self.page).objects.filter(translation_key=self.page.completes, locale_id=self.page.locale_id)
        return [row for row in rows if row.is_the_nations]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if read := [row for row in self.nations if row.live and row.is_frame]:
            return redirect(answers_url(self.owner, read[0]))
        if not isinstance(self.page, FramePage):
            raise Http404
        return self.show(self._forms())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not isinstance(self.page, FramePage):
            raise Http404
        bound = self._forms(request.POST)
        if not all([form.is_valid() for form in bound]):  # noqa: C419 – each of them says its errors
            return self.show(bound, status=422)
        into = [(form, form.targets[key]) for form in bound if (key := form.cleaned_data["into"])]
        if not into:
            messages.info(request, _("Nothing was chosen: your answers are kept as they are."))
            return redirect("frame_of_page", self.page.pk)
        for form, (national, slot) in into:
            try:
                is_new = withdrawn.use_again(
                    answer=form.answer, national=national, slot=slot, home=self.home, user=request.user
                )
            except PermissionDenied:
                messages.error(
                    request, _("“%(title)s” is locked for now: nothing was put there.") % {"title": national}
                )
                return self.show(bound, status=403)
            words = _("It is in your draft of “%(title)s”. Read it there, then publish.")
            if not is_new:
                words = _("“%(title)s” says it already.")
            messages.success(request, words % {"title": national.title})
        return redirect(answers_url(self.owner, into[-1][1][0]))

    def _forms(self, data=None) -> list[UseAgainForm]:
        answers = [answer for answer in withdrawn.newest(self.page).given.values() if answer.has_words]
        frames = completeness.frames(self.page.locale) if answers else []
        return [UseAgainForm(data, answer=answer, frames=frames) for answer in answers]

    def show(self, shown: list[UseAgainForm], *, status: int = 200) -> HttpResponse:
        keys = [form.answer.document for form in shown if form.answer.document]
        documents = get_document_model().objects.in_bulk(keys) if keys else {}
        context = {
            "groupement": self.owner,
            "page": self.page,
            "rows": [(form, documents.get(form.answer.document)) for form in shown],
            "is_deleted": not self.nations,
        }
        return render(self.request, "resources/admin/frames/withdrawn.html", context, status=status)

"""Wagtail's screens of promoted answers, with this network's rules.

An answer is read on every site: it is a published national page, or an address elsewhere. Wagtail's own column
of visits is left out, for visits are counted in ``search.QueryCount``.
"""

from __future__ import annotations

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.search_promotions import forms, views

from regions import rights
from resources.filters import MAX_TEXT_LENGTH

NOT_NATIONAL = _("An answer is read on every site: choose a page of the national site that is published.")


class PromotedAnswerForm(forms.SearchPromotionForm):
    """One answer. It never points at a groupement's page, nor at a draft."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["external_link_url"].assume_scheme = "https"

    def clean_page(self):
        page = self.cleaned_data["page"]
        if page and not (page.live and page.path.startswith(tuple(home.path for home in rights.national_homes()))):
            # Shown again empty: the title of somebody's draft is not for whoever guesses its number.
            self.data = self.data.copy()
            self.data[self.add_prefix("page")] = ""
            self.add_error("page", NOT_NATIONAL)
            return None
        return page

    def clean_external_link_url(self):
        url = self.cleaned_data["external_link_url"]
        if url and not url.startswith(("https://", "http://")):
            self.add_error("external_link_url", _("A web address begins with https."))
            return ""
        return url


class PromotedAnswersFormSet(forms.SearchPromotionsFormSet):
    """The answers to one question, in order."""

    form = PromotedAnswerForm


class QuestionForm(forms.QueryForm):
    """The words typed. Accents, capitals, plurals and the order of the words do not matter (search.promotions)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["query_string"]
        field.label = _("What visitors type")
        field.help_text = _("All the words, in any order; accents, capitals and plurals do not matter.")
        field.max_length = MAX_TEXT_LENGTH


class _AnswersMixin:
    form_class = QuestionForm
    page_subtitle = _("Recommended answer")

    @cached_property
    def searchpicks_formset(self):
        data = self.request.POST if self.request.method == "POST" else None
        return PromotedAnswersFormSet(data, instance=self.object)


class PromotedAnswersView(views.IndexView):
    """The questions that have answers."""

    page_title = _("Recommended answers")
    add_item_label = _("Add recommended answers")
    columns = [column for column in views.IndexView.columns if column.name != "views"]


class PromotedAnswerAddView(_AnswersMixin, views.CreateView):
    """New answers; the report of searches brings the question with it (``?query=``)."""

    template_name = "search/admin/promoted_answer_form.html"

    def get_initial(self):
        return super().get_initial() | {"query_string": self.request.GET.get("query", "")[:MAX_TEXT_LENGTH]}


class PromotedAnswerEditView(_AnswersMixin, views.EditView):
    """The answers to one question."""

    template_name = "search/admin/promoted_answer_form.html"

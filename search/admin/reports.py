"""“Recherches des visiteurs”: what was searched and not found, for those who answer for a place."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import View

from resources.filters import FilterForm
from resources.listing import paginate, querystring
from search import reports
from search.models import QueryCount

NATION = "nation"
PAGE_SIZE = 50
DEFAULT_PERIOD = "3"
PERIODS = [("1", _("The last month")), ("3", _("The last three months")), ("13", _("The last thirteen months"))]


class ReportForm(FilterForm):
    """What the report is about."""

    place = forms.ChoiceField(label=_("Place"), required=False)
    months = forms.ChoiceField(label=_("Period"), required=False, choices=PERIODS)
    unanswered = forms.ChoiceField(
        label=_("What they did not find"), required=False, choices=[("", ""), ("1", "1")], widget=forms.HiddenInput
    )

    def __init__(self, data, *, user, readable: reports.Readable) -> None:
        self.user, self.readable = user, readable
        # Bound, so that the period shown is the one counted.
        data = data.copy()
        if data.get("months") not in dict(PERIODS):
            data["months"] = DEFAULT_PERIOD
        super().__init__(data, auto_id="recherches_%s")

    def _clean_fields(self) -> None:
        places = [(one.code, one.name) for one in self.readable.groupements]
        national = [(NATION, _("National site"))] if self.readable.nation else []
        everything = [("", _("All"))] if len(places) + len(national) > 1 else []
        self.fields["place"].choices = [*everything, *national, *places]
        super()._clean_fields()

    @property
    def counts(self):
        """The counts of the place chosen, among those that the person reads.

        Raises:
            Http404: for a place out of reach, as for one that does not exist.
        """
        if "place" in self.errors:
            raise Http404
        counts, code = QueryCount.objects.for_user(self.user), self.chosen("place")
        if code == NATION:
            return counts.held_at(None)
        return counts.filter(groupement__code=code) if code else counts

    @property
    def month_count(self) -> int:
        return int(self.chosen("months"))

    @property
    def is_unanswered(self) -> bool:
        return self.chosen("unanswered") == "1"

    @property
    def rows(self):
        return reports.by_words(self.counts, months=self.month_count, unanswered=self.is_unanswered)


class SearchReportView(View):
    """The report as a screen; a contributor has none."""

    http_method_names = ("get", "head")

    @cached_property
    def form(self) -> ReportForm:
        readable = reports.readable_by(self.request.user)
        if not readable.anything:
            raise Http404
        return ReportForm(self.request.GET, user=self.request.user, readable=readable)

    def get(self, request: HttpRequest) -> HttpResponse:
        form = self.form
        rest = querystring(request, "unanswered")
        address = reverse("search_report")
        context = {
            "form": form,
            "rows": paginate(form.rows, request, PAGE_SIZE),
            "unanswered": form.is_unanswered,
            "querystring": querystring(request),
            "tabs": [
                {"label": _("What visitors searched"), "url": f"{address}?{rest}", "active": not form.is_unanswered},
                {
                    "label": _("What they did not find"),
                    "url": f"{address}?{rest}&unanswered=1",
                    "active": form.is_unanswered,
                },
            ],
            "export_url": f"{reverse('search_report_export')}?{querystring(request)}",
            "may_promote": request.user.has_perm("wagtailsearchpromotions.add_searchpromotion"),
        }
        return render(request, "search/admin/report.html", context)


class SearchReportExportView(SearchReportView):
    """The same as a file for spreadsheets."""

    def get(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponse(reports.as_csv(self.form.rows), content_type="text/csv; charset=utf-8")
        name = f"recherches-{timezone.localdate():%Y-%m-%d}.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

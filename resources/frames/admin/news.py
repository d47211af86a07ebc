"""“Quoi de neuf au national”: what changed, “mon texte convient”, its undoing, and the line of the first screen."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin.ui.components import Component
from wagtail.models import Locale

from regions.admin.guard.checks import number
from regions.places import place_for, place_of
from resources.frames import confirming, news
from resources.frames.admin import beside
from resources.frames.admin.standings import Standings
from resources.frames.admin.views import answers_url, frame_or_404, groupements_of
from resources.frames.models import FrameChange


def news_url(groupement, locale: Locale, **query: str) -> str:
    """The address of the news of a groupement in a language."""
    if not locale.is_default:
        query["langue"] = locale.language_code
    return reverse("frames_news", args=[groupement.pk]) + (f"?{urlencode(query)}" if query else "")


class NewsView(View):
    """What changed since the groupement last looked; by POST, that it has looked."""

    http_method_names = ("get", "head", "post", "options")

    def _locale(self, groupement) -> Locale:
        asked = self.request.GET.get("langue", "")
        spoken = Locale.objects.filter(pk__in=groupement.roots.filter(live=True).values("locale"))
        return spoken.filter(language_code=asked).first() or Locale.get_default()

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        groupement = get_object_or_404(groupements_of(request.user), pk=pk)
        locale = self._locale(groupement)
        found, newest = news.of(groupement, locale)
        rows = [
            {
                "news": row,
                "answers_url": answers_url(groupement, row.page),
                "confirm_url": reverse("frame_confirm", args=[groupement.pk, row.page.translation_key]),
            }
            for row in found
        ]
        context = {
            "groupement": groupement,
            "locale": locale,
            "rows": rows,
            "newest": newest,
            "has_unseen": any(row.is_unseen for row in found),
            "tabs": beside.tabs(request, groupement, locale, "news"),
            "undo": request.GET.get("annuler", ""),
            "undo_of": request.GET.get("page", ""),
        }
        return render(request, "resources/admin/frames/news.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        groupement = get_object_or_404(groupements_of(request.user), pk=pk)
        locale = self._locale(groupement)
        change = number(request.POST.get("newest", "")) or 0
        if FrameChange.objects.filter(pk=change).exists():
            news.note_look(groupement, locale, change)
            messages.success(request, _("Noted: only what comes next will be new."))
        return redirect(news_url(groupement, locale))


class ConfirmView(View):
    """“Mon texte convient” for one page; with a token, its undoing."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, pk: int, frame_key: UUID) -> HttpResponse:
        groupement = get_object_or_404(groupements_of(request.user), pk=pk)
        national = frame_or_404(frame_key, request.GET.get("langue", ""))
        place = place_of(groupement, place_for(request, locale_id=national.locale_id))
        if place is None or place.locale.pk != national.locale_id:
            raise Http404
        where = {"national": national, "home": place.home, "user": request.user}
        try:
            if token := request.POST.get("annuler", ""):
                return self._undo(token, groupement, where)
            done = confirming.confirm_reading(**where)
        except confirming.Waits:
            messages.warning(request, _("A version of this page waits to be approved or published: look at it first."))
            return redirect(answers_url(groupement, national))
        except PermissionDenied:
            messages.warning(request, _("This could not be done: the page is locked, or it is not yours to publish."))
            return redirect(news_url(groupement, national.locale))
        if not done:
            messages.info(request, _("There was nothing to confirm."))
            return redirect(news_url(groupement, national.locale))
        messages.success(request, _("Noted: your text suits. Nothing changed for visitors."))
        return redirect(news_url(groupement, national.locale, annuler=done, page=str(frame_key)))

    def _undo(self, token: str, groupement, where: dict) -> HttpResponse:
        try:
            confirming.undo(token=token, **where)
            messages.success(self.request, _("Undone: your answers are as they were."))
        except confirming.Overtaken:
            messages.warning(self.request, _("Somebody saved this page since: nothing was undone, nothing is lost."))
        except signing.BadSignature:
            messages.warning(self.request, _("This can no longer be undone here."))
        return redirect(news_url(groupement, where["national"].locale))


class NewsPanel(Component):
    """On the first screen: the groupements for which a national change is to be read again."""

    name = "frames-news"
    order = 15
    template_name = "resources/admin/frames/news_panel.html"

    def __init__(self, standings: Standings) -> None:
        self.standings = standings

    def get_context_data(self, parent_context: Mapping) -> dict:
        rows = []
        groupements = self.standings.told_of_news
        for groupement in groupements:
            row = self.standings.of(groupements).row(groupement)
            if count := sum(bool(cell.outdated) for cell in row):
                rows.append({"groupement": groupement, "count": count})
        return {"rows": rows}

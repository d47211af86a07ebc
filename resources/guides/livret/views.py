"""Livrets as answers: of one guide, of a choice of guides."""

from __future__ import annotations

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from core.pdf import booklet, engine, keeping
from regions.places import Place
from resources.guides.livret import composing
from resources.guides.livret.forms import LivretForm

logger = logging.getLogger(__name__)

PATH = ("imprimer", "livret")  # below a guide, and below the section
RETRY_SECONDS = 20


def of_guide(guide, request: HttpRequest, place: Place) -> HttpResponse:
    """The livret of one guide; 404 for a guide that is reserved to some."""
    if not composing.offered(place).filter(pk=guide.pk).exists():
        raise Http404
    return _answer([guide], request, place, LivretForm(request.GET))


def of_choice(section, request: HttpRequest, place: Place, context: dict) -> HttpResponse:
    """A form to choose guides, and the livret of those chosen."""
    guides = list(composing.offered(place))
    form = LivretForm(request.GET)
    wanted = set(request.GET.getlist("guide"))
    chosen = [guide for guide in guides if str(guide.pk) in wanted]
    problem = ""
    if "make" in request.GET:
        if not chosen:
            problem = _("Tick at least one guide.")
        elif len(chosen) > composing.MAX_GUIDES:
            problem = _("A livret holds %(number)d guides at most: tick fewer.") % {"number": composing.MAX_GUIDES}
        else:
            try:
                return _answer(chosen, request, place, form, f"{place.site.root_url}{request.get_full_path()}")
            except composing.TooLongError:
                problem = _("Together these guides are too long for one livret: tick fewer.")
    composing.visibility.present(guides, place)
    context |= {
        "guides": [{"page": guide, "is_chosen": guide in chosen} for guide in guides],
        "form": form,
        "problem": problem,
        "has_pdf": engine.is_available(),
        "limit": composing.MAX_GUIDES,
    }
    return _unlisted(TemplateResponse(request, "resources/livret_choice.html", context))


def _answer(guides: list, request: HttpRequest, place: Place, form: LivretForm, address: str = "") -> HttpResponse:
    """The PDF; where there is no PDF, the page to print; when others are being served, a page that says so."""
    livret = composing.compose(guides, place, form, address)
    if not engine.is_available():
        return _unlisted(HttpResponse(livret.render(as_page=True)))
    html = livret.render()
    key = keeping.digest(html, "booklet" if form.is_booklet else "pages")
    if request.headers.get("If-None-Match") == f'"{key}"':
        return _kept_by_readers(HttpResponse(status=304), key)
    try:
        data = keeping.obtain(key, lambda: _make(html, livret))
    except engine.CannotMakeError:
        logger.exception("no PDF: the page to print is served in its place")
        return _unlisted(HttpResponse(livret.render(as_page=True)))
    except keeping.BusyError:
        context = {"address": request.get_full_path(), "back": livret.guides[0]["page"].href, "place": place}
        response = TemplateResponse(request, "resources/livret_busy.html", context, status=503)
        response["Retry-After"] = str(RETRY_SECONDS)
        return _unlisted(response)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{livret.file_name}"'
    return _kept_by_readers(response, key)


def _make(html: str, livret: composing.Livret) -> bytes:
    data = engine.to_pdf(html, livret.address)
    return booklet.impose(data) if livret.form.is_booklet else data


def _kept_by_readers(response: HttpResponse, key: str) -> HttpResponse:
    """Whoever keeps a copy asks first whether it is still the one."""
    response["ETag"] = f'"{key}"'
    response["Cache-Control"] = "no-cache"
    return _unlisted(response)


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response

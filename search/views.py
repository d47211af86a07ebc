"""The page of results, and the suggestions shown while one types."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regions.places import Place, place_for
from resources.index import query
from resources.listing import page_number
from search import facets, promotions, recording
from search.addresses import SearchAddress
from search.forms import SORTS, SearchForm
from search.towns import Town, find_town

PAGE_SIZE = 20
MAX_PAGES = 50  # further, one narrows the search instead
SUGGESTIONS = 8
MIN_SUGGESTED = 2
ROBOTS = "noindex, nofollow"


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """What was found at the place of the address, with what narrows it and whom to ask."""
    place = place_for(request)
    form = SearchForm(request.GET)
    town = find_town(form.chosen("near") or "")
    address = SearchAddress(reverse("search:results"), form.parameters)
    context = _frame(place, form, town, address)
    if form.text or form.is_narrowed:
        context |= _found(request, place, form, town, address)
    response = TemplateResponse(request, "search/results.html", context)
    response.headers["X-Robots-Tag"] = ROBOTS
    return response


def _frame(place: Place, form: SearchForm, town: Town, address: SearchAddress) -> dict:
    """What the page has whether or not something was asked."""
    return {
        "place": place,
        "form": form,
        "text": form.text,
        "notices": [*form.notices, *town.notices, *_sort_notices(form, town)],
        "town": town,
        "towns": [{"label": other.label, "url": str(address.replacing("near", other.label))} for other in town.others],
        "chosen": facets.chosen(form, address, town.label),
        "languages": _languages(place, form),
        "network_url": str(address.replacing("network", "" if form.whole_network else "1").without("groupement")),
        "reset_url": str(address.without(*form.FILTERS, "sort")),
        "on_search_page": True,
        "opens_where": not form.text or bool(town.notices) or form.whole_network,
        "results": None,
    }


def _found(request: HttpRequest, place: Place, form: SearchForm, town: Town, address: SearchAddress) -> dict:
    """Ask the index, and say what it answered in the template's words."""
    asked = number = page_number(request.GET.get("page"), Paginator(range(MAX_PAGES), 1))
    answer = query.search(place, _question(form, town, number))
    pages = Paginator(range(min(answer.total, MAX_PAGES * PAGE_SIZE)), PAGE_SIZE)
    if number > pages.num_pages:
        number = pages.num_pages
        answer = query.search(place, _question(form, town, number))
    plain = asked == 1 and not form.is_narrowed
    promoted = promotions.for_text(form.text, place) if plain else []
    if plain:
        recording.count(request, place, form.text, answer.total + len(promoted))
    shown = {one.href for one in promoted}
    return {
        "results": answer,
        "hits": [hit for hit in answer.hits if hit.href not in shown],
        "promoted": promoted,
        "page_obj": pages.page(number),
        "querystring": address.query,
        "facets": facets.boxes(answer.facets, address),
        "sorts": _sorts(form, town, address),
        "suggestion_url": str(address.replacing("q", answer.suggestion)) if answer.suggestion else "",
    }


def _question(form: SearchForm, town: Town, page: int) -> query.Question:
    sort = form.chosen("sort") or ""
    return query.Question(
        text=form.text,
        kinds=tuple(form.chosen("kind") or ()),
        theme=form.code_of("theme"),
        audience=form.code_of("audience"),
        groupement=form.code_of("groupement"),
        level=form.code_of("level"),
        when=form.code_of("when"),
        sort="" if sort == "distance" and town.point is None else sort,
        near=town.point,
        whole_network=form.whole_network,
        page=page,
        page_size=PAGE_SIZE,
    )


def _sort_notices(form: SearchForm, town: Town) -> list[str]:
    if form.chosen("sort") == "distance" and town.point is None:
        return [_("To sort by distance, say near which town.")]
    return []


def _sorts(form: SearchForm, town: Town, address: SearchAddress) -> list[dict]:
    """The orders in which the results may be read; distance once a town is known."""
    current = form.chosen("sort") or ""
    if current == "distance" and town.point is None:
        current = ""
    return [
        {"label": label, "url": str(address.replacing("sort", code)), "active": code == current}
        for code, label in SORTS
        if code != "distance" or town.point
    ]


def _languages(place: Place, form: SearchForm) -> list[dict]:
    """The same words searched in the other languages of the site."""
    names = {"fr": "Français", "en": "English"}
    found = []
    for code in sorted(place.home_translations, reverse=True):
        with translation.override(code):
            path = reverse("search:results")
        url = str(SearchAddress(path, [("q", form.text)] if form.text else []))
        found.append(
            {"code": code, "label": names.get(code, code), "url": url, "active": code == place.locale.language_code}
        )
    return found if len(found) > 1 else []


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """What one may be looking for, from its first letters, as combobox.js reads it; empty for anything else."""
    place = place_for(request)
    text = SearchForm({"q": request.GET.get("q", "")}).text
    found = query.suggest(place, text, limit=SUGGESTIONS) if len(text) >= MIN_SUGGESTED else []
    results = [
        {
            "value": one.label,
            "label": one.label,
            "detail": " · ".join(part for part in (one.kind_label, one.origin_label) if part),
            "href": one.href,
        }
        for one in found
    ]
    response = JsonResponse({"results": results})
    response.headers["X-Robots-Tag"] = ROBOTS
    response.headers["Cache-Control"] = "private, max-age=60"
    return response

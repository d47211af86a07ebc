"""From the pages that an engine found to what visitors read: titles, addresses, origins, extracts, facets."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

from django.apps import apps
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import Page

from core.geo.distance import kilometres
from regions import visibility
from regions.places import Place
from resources.index.asking import Asked
from resources.index.declaration import Kind
from resources.index.extracts import extract
from resources.index.models import IndexEntry
from resources.index.results import Facet, FacetValue, Hit, Question
from resources.index.scope import Scope
from resources.index.when import EVENT_CHOICES, when_label

LEVELS = ("groupement", "zone", "nation")
SORTS = ("", "date", "distance")
# Of an entry, what a result shows.
SHOWN = "kind model title context text shared date starts_at ends_at latitude longitude".split()  # noqa: SIM905


def understood(question: Question) -> Question:
    """The same question without what cannot be understood."""
    near = question.near
    if near is not None and not (
        len(near) == 2 and all(map(isfinite, near)) and abs(near[0]) <= 90 and abs(near[1]) <= 180
    ):
        near = None
    sort = question.sort if question.sort in SORTS and (question.sort != "distance" or near) else ""
    return replace(
        question,
        kinds=tuple(kind for kind in question.kinds if kind in Kind.values),
        theme=_code(question.theme),
        audience=_code(question.audience),
        groupement=_code(question.groupement),
        level=question.level if question.level in LEVELS else "",
        when=question.when if question.when in EVENT_CHOICES else "",
        near=near,
        sort=sort,
    )


def _code(value: str) -> str:
    return value if len(value) <= 63 and value.replace("-", "").replace("_", "").isalnum() else ""


def hits(page_ids: list[int], asked: Asked, question: Question, place: Place) -> list[Hit]:
    """The results of one screen. What was withdrawn since the index was asked is left out."""
    entries = IndexEntry.objects.only(*SHOWN).in_bulk(page_ids)
    now = timezone.now()
    pages = Page.objects.only("path", "depth", "url_path").filter(pk__in=page_ids, live=True)
    pages = pages.filter(Q(expire_at=None) | Q(expire_at__gt=now))
    rows = [page for page in pages if page.pk in entries and not page.path.startswith(place.restricted_paths)]
    for page in rows:
        page.shared_with = entries[page.pk].shared  # for the origin: the zone's, or another groupement's
    by_id = {page.pk: page for page in visibility.present(rows, place)}
    return [_hit(by_id[pk], entries[pk], asked, question) for pk in page_ids if pk in by_id]


def _hit(page: Page, entry: IndexEntry, asked: Asked, question: Question) -> Hit:
    point = (entry.latitude, entry.longitude) if entry.latitude is not None and entry.longitude is not None else None
    return Hit(
        page_id=page.pk,
        kind=entry.kind,
        kind_label=model_label(entry.model),
        title=entry.title,
        extract=extract(entry.text, asked),
        href=page.href,
        origin=page.origin,
        date=entry.date,
        when_label=when_label(entry.starts_at, entry.ends_at),
        distance_km=round(kilometres(*question.near, *point), 1) if question.near and point else None,
        context=entry.context,
    )


def model_label(name: str) -> str:
    """What visitors call a page type."""
    for label in ("resources", "home"):
        try:
            return capfirst(str(apps.get_model(label, name)._meta.verbose_name))
        except LookupError:
            continue
    return ""


# --- Facets -------------------------------------------------------------------------------------


def facets(counts: dict[str, dict[str, int]], question: Question, scope: Scope) -> list[Facet]:
    """The facets that leave something, each value with its name; what is chosen stays, even at nought."""
    level_labels = {"nation": _("National"), "zone": _("Zone"), "groupement": _("Groupements")}
    names = dict(scope.homes.values())
    built = [
        _facet("kind", _("Type"), counts, set(question.kinds), dict(Kind.choices)),
        _facet("theme", _("Theme"), counts, {question.theme}, _terms("Theme", counts, question.theme)),
        _facet("audience", _("Audience"), counts, {question.audience}, _terms("Audience", counts, question.audience)),
        _facet("level", _("Level"), counts, {question.level}, level_labels),
        _facet("groupement", _("Groupement"), counts, {question.groupement}, names),
        _facet("when", _("Date"), counts, {question.when}, _whens()),
    ]
    return [facet for facet in built if facet.values]


def _facet(name: str, label: str, counts: dict, chosen: set[str], labels: dict) -> Facet:
    values = [
        FacetValue(code, str(labels[code]), number, code in chosen)
        for code, number in counts.get(name, {}).items()
        if code in labels and (number or code in chosen)
    ]
    missing = [FacetValue(code, str(labels[code]), 0, True) for code in chosen if code in labels]
    values += [value for value in missing if value.code not in {known.code for known in values}]
    return Facet(name, label, sorted(values, key=lambda value: (-value.count, value.label)))


def _terms(model: str, counts: dict, chosen: str) -> dict[str, str]:
    """The names of a list's terms; no query when there is none to name."""
    if not counts.get(model.lower()) and not chosen:
        return {}
    return {term.code: term.label for term in apps.get_model("resources", model).objects.all()}


def _whens() -> dict[str, str]:
    return {"upcoming": _("Upcoming"), "month": _("This month"), "past": _("Past")}

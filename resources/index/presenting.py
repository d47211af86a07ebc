"""From the pages that an engine found to what visitors read: titles, addresses, origins, extracts, facets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from math import isfinite

from django.apps import apps
from django.db import connection
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.geo.distance import kilometres
from core.page_cache.memory import remembered
from regions import visibility
from regions.places import Place
from resources.index.asking import Asked
from resources.index.declaration import Kind
from resources.index.extracts import extract
from resources.index.results import Facet, FacetValue, Hit, Question
from resources.index.scope import Scope
from resources.index.when import EVENT_CHOICES, when_label

LEVELS = ("groupement", "zone", "nation")
SORTS = ("", "date", "distance")
# What a result shows, of an entry and of its page, in the order of ``_READ``.
SHOWN = (
    "page_id", "kind", "model", "title", "context", "text", "shared", "date", "starts_at", "ends_at",
    "latitude", "longitude", "path", "depth", "url_path",
)  # fmt: skip
# In one statement, as columns: making instances of both would take as long as the rest of a search.
_READ = """
    SELECT e.page_id, e.kind, e.model, e.title, e.context, e.text, e.shared, e.date, e.starts_at, e.ends_at,
           e.latitude, e.longitude, p.path, p.depth, p.url_path
    FROM resources_indexentry e JOIN wagtailcore_page p ON p.id = e.page_id
    WHERE e.page_id = ANY(%s) AND p.live AND (p.expire_at IS NULL OR p.expire_at > %s)
"""


class Row:
    """A page found, as :mod:`regions.visibility` presents it."""

    __slots__ = (*SHOWN, "href", "origin")

    def __init__(self, values: tuple) -> None:
        for name, value in zip(SHOWN, values, strict=True):
            setattr(self, name, value)

    @property
    def shared_with(self) -> str:
        """For the origin: whether it is read here as the zone's, or as another groupement's."""
        return self.shared


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
    if not page_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_READ, [page_ids, timezone.now()])
        rows = [Row(values) for values in cursor.fetchall()]
    rows = [row for row in rows if not row.path.startswith(place.restricted_paths)]
    by_id = {row.page_id: row for row in visibility.present(rows, place)}
    label_of = cache(model_label)  # the same few types, in the language of this answer
    return [_hit(by_id[pk], label_of, asked, question) for pk in page_ids if pk in by_id]


def _hit(row, label_of: Callable[[str], str], asked: Asked, question: Question) -> Hit:
    point = (row.latitude, row.longitude) if row.latitude is not None and row.longitude is not None else None
    return Hit(
        page_id=row.page_id,
        kind=row.kind,
        kind_label=label_of(row.model),
        title=row.title,
        extract=extract(row.text, asked),
        href=row.href,
        origin=row.origin,
        date=row.date,
        when_label=when_label(row.starts_at, row.ends_at),
        distance_km=round(kilometres(*question.near, *point), 1) if question.near and point else None,
        context=row.context,
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


def facets(counts: dict[str, dict[str, int]], question: Question, scope: Scope, place: Place) -> list[Facet]:
    """The facets that leave something, each value with its name; what is chosen stays, even at nought."""
    level_labels = {"nation": _("National"), "zone": _("Zone"), "groupement": _("Groupements")}
    names = dict(scope.homes.values())
    themes, audiences = (
        _terms(model, counts, getattr(question, model.lower()), place) for model in ("Theme", "Audience")
    )
    built = [
        _facet("kind", _("Type"), counts, set(question.kinds), dict(Kind.choices)),
        _facet("theme", _("Theme"), counts, {question.theme}, themes),
        _facet("audience", _("Audience"), counts, {question.audience}, audiences),
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


def _terms(model: str, counts: dict, chosen: str, place: Place) -> dict[str, str]:
    """The names of a list's terms; no query when there is none to name."""
    if not counts.get(model.lower()) and not chosen:
        return {}
    terms = remembered(place.request, ("terms", model), lambda: list(apps.get_model("resources", model).objects.all()))
    return {term.code: term.label for term in terms}


def _whens() -> dict[str, str]:
    return {"upcoming": _("Upcoming"), "month": _("This month"), "past": _("Past")}

"""The question put to PostgreSQL: what answers when this machine's own index cannot be opened or is being made."""

from __future__ import annotations

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, Count, F, FloatField, Func, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from core.geo.distance import distance_to
from core.text import fold
from regions.models.sharing import Sharing
from resources.index import analysis, asking
from resources.index.asking import Alternative, Asked, Part
from resources.index.declaration import Kind
from resources.index.models import IndexEntry
from resources.index.results import Found, Question
from resources.index.scope import Scope
from resources.index.when import month_bounds


def find(asked: Asked, question: Question, scope: Scope, *, every_part: bool = True) -> Found:
    """Return the pages that answer, in order, and the counts of each facet."""
    base = visible(scope)
    if asked.parts:
        base = _holding(base, asked, every_part)
    filters = _filters(question, scope)
    chosen = base
    for condition in filters.values():
        chosen = chosen.filter(condition)
    ordered = _ordered(chosen, asked, question, scope, every_part)
    ids = list(ordered.values_list("page_id", flat=True)[question.start : question.start + question.size])
    return Found(ids, chosen.count(), _counts(base, filters, scope))


def count(asked: Asked, scope: Scope, *, every_part: bool = True) -> int:
    """How many pages of a scope hold the words, whatever the facets."""
    return _holding(visible(scope), asked, every_part).count()


def starting(text: str, scope: Scope, limit: int) -> list[int]:
    """The pages whose title holds words that begin like these."""
    words = [piece for word in analysis.written_words(text) for piece in analysis.parts(fold(word))]
    if not words:
        return []
    raw = " & ".join(f"('{word}':*A | '{analysis.stem(word)}':A)" for word in words[: asking.MAX_WORDS])
    entries = visible(scope).filter(vector=SearchQuery(raw, config="simple", search_type="raw"))
    return list(entries.order_by(_nearness(scope).desc(), "page_id").values_list("page_id", flat=True)[:limit])


def visible(scope: Scope) -> QuerySet[IndexEntry]:
    """The entries that a scope may find."""
    condition = Q(home=scope.home) | Q(home=scope.national)
    everywhere = Q(home__startswith=scope.network)
    if scope.whole_network:
        condition |= everywhere & Q(base_id=None)
    else:
        condition |= everywhere & Q(shared=Sharing.NATION)
        condition |= Q(home__in=scope.neighbours, shared=Sharing.ZONE)
    now = timezone.now()
    entries = IndexEntry.objects.filter(condition, gone=False)
    entries = entries.exclude(completed_in__contains=[scope.home])
    entries = entries.filter(Q(expires_at=None) | Q(expires_at__gt=now), Q(shown_from=None) | Q(shown_from__lte=now))
    for path in scope.restricted:
        entries = entries.exclude(path__startswith=path).exclude(base_path__startswith=path)
    return entries


def _holding(entries: QuerySet, asked: Asked, every_part: bool) -> QuerySet:
    """Those of the entries that hold the words, or enough of them."""
    entries = entries.filter(vector=_query(asked, every_part))
    if every_part or asked.enough == 1:
        return entries
    held = [
        Case(
            When(vector=SearchQuery(_part(part), config="simple", search_type="raw"), then=Value(1)), default=Value(0)
        )
        for part in asked.parts
    ]
    return entries.alias(_held=sum(held[1:], held[0])).filter(_held__gte=asked.enough)


def _query(asked: Asked, every_part: bool, weights: str = "") -> SearchQuery:
    """The words; ``weights`` names the fields that must hold them (see ``reading.vector_of``)."""
    joiner = " & " if every_part else " | "
    raw = joiner.join(f"({_part(part, weights)})" for part in asked.parts)
    return SearchQuery(raw, config="simple", search_type="raw")


def _part(part: Part, weights: str = "") -> str:
    return " | ".join(_alternative(option, weights) for option in part.alternatives)


def _alternative(option: Alternative, weights: str = "") -> str:
    suffix = f":{weights}{'D' if option.joined else ''}" if weights else ""
    if len(option.stems) == 1:
        return f"'{option.stems[0]}'{suffix}"
    return "(" + " <-> ".join(f"'{word}'{suffix}" for word in option.stems) + ")"


def _filters(question: Question, scope: Scope) -> dict[str, Q]:
    """The condition of each facet that is chosen."""
    filters: dict[str, Q] = {}
    if question.kinds:
        filters["kind"] = Q(kind__in=question.kinds)
    if question.theme:
        filters["theme"] = Q(themes__contains=[question.theme])
    if question.audience:
        filters["audience"] = Q(audiences__contains=[question.audience])
    if question.groupement:
        filters["groupement"] = Q(home__in=scope.paths_of(question.groupement))
    if question.level:
        filters["level"] = _level(question.level, scope)
    if question.when:
        filters["when"] = _when(question.when)
    return filters


def _level(level: str, scope: Scope) -> Q:
    zone = Q(home__in=scope.neighbours, shared=Sharing.ZONE)
    nation = Q(home=scope.national)
    return {"nation": nation, "zone": zone}.get(level, ~nation & ~zone)


def _when(when: str) -> Q:
    now = timezone.now()
    if when == "past":
        return Q(kind=Kind.EVENT, ends_at__lt=now)
    if when == "month":
        first, last = month_bounds(now)
        return Q(kind=Kind.EVENT, ends_at__gte=max(now, first), starts_at__lt=last)
    return Q(kind=Kind.EVENT, ends_at__gte=now)


def _ordered(entries: QuerySet, asked: Asked, question: Question, scope: Scope, every_part: bool) -> QuerySet:
    if question.sort == "distance" and question.near:
        return entries.annotate(_km=distance_to(*question.near)).order_by(F("_km").asc(nulls_last=True), "page_id")
    if question.sort == "date":
        if question.when in {"upcoming", "month"}:
            return entries.order_by("starts_at", "page_id")
        return entries.order_by(F("date").desc(nulls_last=True), "-page_id")
    near = _nearness(scope)
    by_date = F("date").desc(nulls_last=True)
    over = Case(When(ends_at__lt=timezone.now(), then=Value(1)), default=Value(0), output_field=IntegerField())
    if not asked.parts:
        return entries.order_by(over, near.desc(), by_date, "page_id")
    rank = SearchRank(F("vector"), _query(asked, every_part), normalization=Value(1))
    if not every_part:
        return entries.annotate(_score=rank * (near + 2.0)).order_by(over, F("_score").desc(), "page_id")
    # As tantivy_query does: what is about the question, then what is near, then the words' own score.
    about = Case(
        When(vector=_query(asked, True, "A"), then=Value(2)),
        When(vector=_query(asked, True, "AB"), then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return entries.order_by(over, about.desc(), near.desc(), rank.desc(), "page_id")


def _nearness(scope: Scope) -> Case:
    """Our own groupement first, then the zone, then the nation."""
    return Case(
        When(home=scope.home, then=Value(3.0)),
        When(home__in=scope.neighbours, shared=Sharing.ZONE, then=Value(2.0)),
        When(home=scope.national, then=Value(1.0)),
        default=Value(0.0),
        output_field=FloatField(),
    )


def _counts(base: QuerySet, filters: dict[str, Q], scope: Scope) -> dict[str, dict[str, int]]:
    """For each facet, the counts of its values with the other facets as they are chosen."""

    def others(name: str) -> QuerySet:
        rows = base
        for key, condition in filters.items():
            if key != name:
                rows = rows.filter(condition)
        return rows.order_by()

    def by(name: str, expression) -> dict[str, int]:
        rows = others(name).annotate(_value=expression).values_list("_value").annotate(_count=Count("*"))
        return {value: number for value, number in rows if value}

    homes = by("groupement", F("home"))
    groupements: dict[str, int] = {}
    for path, number in homes.items():
        if path in scope.homes:
            code = scope.homes[path][0]
            groupements[code] = groupements.get(code, 0) + number
    levels = others("level").aggregate(
        **{level: Count("page_id", filter=_level(level, scope)) for level in ("nation", "zone", "groupement")}
    )
    whens = others("when").aggregate(
        **{when: Count("page_id", filter=_when(when)) for when in ("upcoming", "month", "past")}
    )
    return {
        "kind": by("kind", F("kind")),
        "theme": by("theme", Func(F("themes"), function="unnest")),
        "audience": by("audience", Func(F("audiences"), function="unnest")),
        "groupement": groupements,
        "level": levels,
        "when": whens,
    }

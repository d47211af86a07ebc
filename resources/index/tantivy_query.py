"""The question put to this machine's own index."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, log, radians

import tantivy
from django.utils import timezone
from tantivy import FieldType, Occur, Query

from core.geo.distance import kilometres
from regions.models.sharing import Sharing
from resources.index import documents
from resources.index.asking import MAX_WORDS, Alternative, Asked, Part
from resources.index.documents import WORDS, schema
from resources.index.local import LocalIndex
from resources.index.results import Found, Question
from resources.index.scope import Scope
from resources.index.when import month_bounds

FIELD_WEIGHTS = {"title": 3.0, "main": 1.6, "body": 1.0}
JOINED_FIELD_WEIGHT = 2.5
# What comes first: what is not over; then what is about the words (its title holds them all, or its title and its
# short texts); then what is near. The words' own score decides among equals: these are shares of it (ADR 0041).
NOT_OVER, TITLE, MAIN = 40.0, 8.0, 4.0
OURS, ZONE, NATION = 3.0, 2.0, 1.0
MOST = 12.0  # what one part may score, in shares of its rarity
A_LITTLE = 0.35  # the same where nothing holds all the words: holding more of them counts more than being near
MANY_VALUES = 2000
RINGS_KM = (10, 30, 80, 200, 600, 2000, 25_000)
KM_PER_DEGREE = 111.2


def term(field: str, value) -> Query:
    return Query.term_query(schema(), field, value, "basic")


def every(*queries: Query) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def either(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])


def between(field: str, first: int | None, last: int | None) -> Query:
    return Query.range_query(schema(), field, FieldType.Integer, first, last)


@dataclass
class Asking:
    """One question put to one index, for one scope."""

    index: LocalIndex
    asked: Asked
    question: Question
    scope: Scope
    every_part: bool = True

    def __post_init__(self) -> None:
        self.searcher = self.index.searcher
        self.now = documents.now()
        rarity = sum(self._rarity(part) for part in self.asked.parts) or 1.0
        self.share = rarity * (MOST if self.every_part else A_LITTLE)

    # --- The words ------------------------------------------------------------------------------

    def _rarity(self, part: Part) -> float:
        """The weight of a part by how few pages hold it (BM25's idf)."""
        words = [word for option in part.alternatives for word in option.stems[:1]]
        frequency = max((self.searcher.doc_freq("body", word) for word in words), default=0)
        total = max(1, self.searcher.num_docs)
        return log(1 + (total - min(frequency, total) + 0.5) / (frequency + 0.5))

    def words(self) -> Query:
        """The pages that hold the words, scored."""
        parts = [self._part(part) for part in self.asked.parts]
        if self.every_part or len(parts) == 1:
            return every(*parts)
        return Query.boolean_query([(Occur.Should, part) for part in parts], self.asked.enough)

    @staticmethod
    def _part(part: Part) -> Query:
        options = [_alternative(option) for option in part.alternatives]
        return options[0] if len(options) == 1 else Query.disjunction_max_query(options, 0.1)

    # --- The filters ----------------------------------------------------------------------------

    def visible(self) -> list[tuple[Occur, Query]]:
        """What the scope may find, as clauses that add nothing to the score."""
        scope = self.scope
        read = [documents.here(scope.home), documents.here(scope.national), documents.shared_with_all(scope.network)]
        read += [documents.shared_with_zone(path) for path in scope.neighbours]
        if scope.whole_network:
            read.append(documents.everywhere(scope.network))
        clauses = [
            (Occur.Must, Query.const_score_query(either([term("read", word) for word in dict.fromkeys(read)]), 0.0)),
            (Occur.MustNot, term("completed", scope.home)),
            (Occur.MustNot, between("expires", None, self.now)),
            (Occur.MustNot, between("shown_from", self.now + 1, None)),
        ]
        if scope.whole_network:
            clauses.append((Occur.MustNot, every(term("home", scope.home), term("seen", "elsewhere"))))
        if scope.restricted:
            clauses.append((Occur.MustNot, Query.term_set_query(schema(), "above", list(scope.restricted))))
        return clauses

    def filters(self) -> dict[str, Query]:
        """The condition of each facet that is chosen."""
        question, found = self.question, {}
        if question.kinds:
            found["kind"] = either([term("kind", kind) for kind in question.kinds])
        for name in ("theme", "audience"):
            if code := getattr(question, name):
                found[name] = term(name, code)
        if question.groupement:
            homes = self.scope.paths_of(question.groupement)
            found["groupement"] = either([term("home", path) for path in homes]) if homes else Query.empty_query()
        if question.level:
            found["level"] = self._level(question.level)
        if question.when:
            found["when"] = self._when(question.when)
        return found

    def _zone(self) -> Query:
        if not self.scope.neighbours:
            return Query.empty_query()
        homes = either([term("home", path) for path in self.scope.neighbours])
        return every(homes, term("shared", str(Sharing.ZONE)))

    def _level(self, level: str) -> Query:
        nation = term("home", self.scope.national)
        if level == "nation":
            return nation
        if level == "zone":
            return self._zone()
        return Query.boolean_query(
            [(Occur.Must, Query.all_query()), (Occur.MustNot, nation), (Occur.MustNot, self._zone())]
        )

    def _when(self, when: str) -> Query:
        if when == "past":
            return between("ends", None, self.now - 1)
        upcoming = between("ends", self.now, None)
        return every(upcoming, between("starts", None, self._month_end() - 1)) if when == "month" else upcoming

    def _month_end(self) -> int:
        return int(month_bounds(timezone.now())[1].timestamp())

    def matching(self, *, without: str = "", scored: bool = False) -> Query:
        """The pages that answer, all facets applied but one."""
        clauses = self.visible()
        if self.asked.parts:
            clauses.insert(0, (Occur.Must, self.words()))
        for name, query in self.filters().items():
            if name != without:
                clauses.append((Occur.Must, Query.const_score_query(query, 0.0)))
        if scored:
            clauses += [*self._bands(), *self._nearness()]
        return Query.boolean_query(clauses)

    def _bands(self) -> list[tuple[Occur, Query]]:
        """What is about the question comes before what mentions it."""
        found = []
        for share, fields in ((TITLE - MAIN, ("title",)), (MAIN, ("title", "main"))):
            held = every(*(_held(part, fields) for part in self.asked.parts))
            if self.asked.parts:
                found.append((Occur.Should, Query.const_score_query(held, share * self.share)))
        return found

    def _nearness(self) -> list[tuple[Occur, Query]]:
        """Ours first, then the zone's, then the nation's; what is over last."""
        scope = self.scope
        shares = [(term("home", scope.home), OURS), (between("ends", None, self.now - 1), -1.0)]
        if not scope.is_national:
            shares.append((term("home", scope.national), NATION))
        if scope.neighbours:
            shares.append((self._zone(), ZONE))
        found = []
        for query, share in shares:
            if share < 0:  # scores cannot be taken away: what is not over is given as much instead
                query = Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, query)])
                share = NOT_OVER
            found.append((Occur.Should, Query.const_score_query(query, share * self.share)))
        return found

    # --- The answer -----------------------------------------------------------------------------

    def count(self, *, ignoring_facets: bool = False) -> int:
        """How many pages answer."""
        if ignoring_facets:
            query = Query.boolean_query([(Occur.Must, self.words()), *self.visible()])
        else:
            query = self.matching()
        return self.searcher.search(query, 1, count=True).count

    def find(self) -> Found:
        """The pages of one screen, and the counts."""
        question = self.question
        if question.sort == "distance" and question.near:
            ids, total = self._by_distance(question.near)
        elif question.sort == "date":
            upcoming = question.when in {"upcoming", "month"}
            result = self.searcher.search(
                self.matching(),
                question.size,
                True,
                "starts" if upcoming else "date",
                question.start,
                tantivy.Order.Asc if upcoming else tantivy.Order.Desc,
            )
            ids, total = self._pages(result), result.count
        else:
            result = self.searcher.search(self.matching(scored=True), question.size, True, offset=question.start)
            ids, total = self._pages(result), result.count
        return Found(ids, total, self.counts())

    def _pages(self, result) -> list[int]:
        return [int(page or 0) for page in self._column("page", [address for _score, address in result.hits])]

    def _column(self, name: str, addresses: list) -> list:
        return self.searcher.fast_field_values(name, addresses)

    def _by_distance(self, near: tuple[float, float]) -> tuple[list[int], int]:
        """The nearest first, then what has no point, by relevance."""
        question = self.question
        wanted = question.start + question.size
        placed = every(self.matching(), _box(near, RINGS_KM[-1]))
        with_point = self.searcher.search(placed, 1).count
        total = self.searcher.search(self.matching(), 1).count
        rows: list[tuple[float, int]] = []
        for radius in RINGS_KM:
            hits = self.searcher.search(every(self.matching(), _box(near, radius)), max(1, with_point)).hits
            addresses = [address for _score, address in hits]
            columns = [self._column(name, addresses) for name in ("page", "latitude", "longitude")]
            rows = [(kilometres(near[0], near[1], lat, lon), page) for page, lat, lon in zip(*columns, strict=True)]
            rows = [row for row in rows if row[0] <= radius or radius == RINGS_KM[-1]]
            if len(rows) >= min(wanted, with_point):
                break
        ids = [page for _km, page in sorted(rows)[question.start : wanted]]
        if len(ids) < question.size and total > with_point:
            rest = Query.boolean_query(
                [(Occur.Must, self.matching(scored=True)), (Occur.MustNot, _box(near, RINGS_KM[-1]))]
            )
            start = max(0, question.start - with_point)
            ids += self._pages(self.searcher.search(rest, question.size - len(ids), False, offset=start))
        return ids, total

    def starting(self, text: str, limit: int) -> list[int]:
        """The pages whose title holds words that begin like these, the nearest first."""
        words = documents.folded_words(text)[:MAX_WORDS]
        if not words or self.index.searcher.num_docs == 0:
            return []
        clauses = [(Occur.Must, _beginning(word)) for word in words]
        query = Query.boolean_query([*clauses, *self.visible(), *self._nearness()])
        return self._pages(self.searcher.search(query, limit, False))

    def counts(self) -> dict[str, dict[str, int]]:
        """For each facet, what each of its values would leave with the others as they are chosen."""
        chosen = self.filters()
        raw: dict[str, dict] = self.searcher.aggregate(self.matching(), self._aggregations())
        for name in chosen:
            key = "home" if name in {"groupement", "level"} else name
            others = self.searcher.aggregate(self.matching(without=name), {key: self._aggregations()[key]})
            raw[f"{name}:alone"] = others[key]

        def of(name: str, key: str) -> dict:
            return raw.get(f"{name}:alone", raw[key])

        return {
            **{name: _buckets(of(name, name)) for name in ("kind", "theme", "audience")},
            "groupement": self._groupements(of("groupement", "home")),
            "level": self._levels(of("level", "home")),
            "when": _whens(of("when", "when")),
        }

    def _aggregations(self) -> dict:
        now, month = float(self.now), float(self._month_end())
        return {
            **{name: {"terms": {"field": name, "size": MANY_VALUES}} for name in ("kind", "theme", "audience")},
            "home": {
                "terms": {"field": "home", "size": MANY_VALUES},
                "aggs": {"shared": {"terms": {"field": "shared", "size": 5}}},
            },
            "when": {
                "range": {"field": "ends", "ranges": [{"to": now, "key": "past"}, {"from": now, "key": "upcoming"}]},
                "aggs": {"month": {"range": {"field": "starts", "ranges": [{"to": month, "key": "month"}]}}},
            },
        }

    def _groupements(self, homes: dict) -> dict[str, int]:
        found: dict[str, int] = {}
        for path, number in _buckets(homes).items():
            if path in self.scope.homes:
                code = self.scope.homes[path][0]
                found[code] = found.get(code, 0) + number
        return found

    def _levels(self, homes: dict) -> dict[str, int]:
        levels = {"groupement": 0, "zone": 0, "nation": 0}
        for bucket in homes["buckets"]:
            path, number = bucket["key"], bucket["doc_count"]
            if path == self.scope.national:
                levels["nation"] += number
                continue
            zone = _buckets(bucket["shared"]).get(str(Sharing.ZONE), 0) if path in self.scope.neighbours else 0
            levels["zone"] += zone
            levels["groupement"] += number - zone
        return levels


def _alternative(option: Alternative) -> Query:
    if option.joined:
        return Query.boost_query(term("joined", option.stems[0]), JOINED_FIELD_WEIGHT * option.weight)
    fields = []
    for name in WORDS:
        if len(option.stems) == 1:
            query = Query.term_query(schema(), name, option.stems[0], "freq")
        else:
            query = Query.phrase_query(schema(), name, list(option.stems))
        fields.append(Query.boost_query(query, FIELD_WEIGHTS[name] * option.weight))
    return either(fields)


def _held(part: Part, fields: tuple[str, ...]) -> Query:
    """The pages of which these fields hold a part of the question, in any of its ways."""
    options = []
    for option in part.alternatives:
        if option.joined:
            options.append(term("joined", option.stems[0]))
        elif len(option.stems) == 1:
            options += [term(name, option.stems[0]) for name in fields]
        else:
            options += [Query.phrase_query(schema(), name, list(option.stems)) for name in fields]
    return either(options)


def _beginning(word: str) -> Query:
    """Titles with a word that begins like this one; from five letters on, one of them may be wrong."""
    exact = Query.const_score_query(Query.fuzzy_term_query(schema(), "titles", word, 0, True, True), 2.0)
    if len(word) < 5:
        return exact
    near = Query.const_score_query(Query.fuzzy_term_query(schema(), "titles", word, 1, True, True), 0.5)
    return either([exact, near])


def _box(near: tuple[float, float], radius_km: float) -> Query:
    """The points in a square around another; those that are nowhere are outside."""
    latitude, longitude = near
    height = radius_km / KM_PER_DEGREE
    width = height / max(0.01, cos(radians(latitude)))
    whole = radius_km >= RINGS_KM[-1]
    bounds = {
        "latitude": (-90.0, 90.0) if whole else (latitude - height, latitude + height),
        "longitude": (-180.0, 180.0) if whole or width >= 180 else (longitude - width, longitude + width),
    }
    ranges = [Query.range_query(schema(), name, FieldType.Float, low, high) for name, (low, high) in bounds.items()]
    return every(*ranges)


def _buckets(aggregation: dict) -> dict[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in aggregation["buckets"]}


def _whens(aggregation: dict) -> dict[str, int]:
    found = {"upcoming": 0, "month": 0, "past": 0}
    for bucket in aggregation["buckets"]:
        if bucket["key"] in found:
            found[bucket["key"]] = bucket["doc_count"]
        if bucket["key"] == "upcoming":
            found["month"] = _buckets(bucket["month"]).get("month", 0)
    return found

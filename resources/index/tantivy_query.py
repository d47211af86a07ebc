"""The question put to this machine's own index."""

from __future__ import annotations

from collections.abc import Iterator
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
TITLE, MAIN = 8.0, 4.0
OURS, ZONE, NATION = 3.0, 2.0, 1.0
MOST = 12.0  # what one part may score, in shares of its rarity
A_LITTLE = 0.35  # the same where nothing holds all the words: holding more of them counts more than being near
MANY_VALUES = 2000
COUNTED = ("kind", "theme", "audience", "home")
NOTHING = Query.empty_query()
RINGS_KM = (10, 30, 80, 200, 600, 2000, 25_000)
KM_PER_DEGREE = 111.2


def term(field: str, value) -> Query:
    return Query.term_query(schema(), field, value, "basic")


def every(*queries: Query) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def either(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])


def _only(query: Query) -> tuple[Occur, Query]:
    """A condition that adds nothing to the score."""
    return Occur.Must, Query.const_score_query(query, 0.0)


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

    def visible(self, *, ours: bool = False, scored: bool = False) -> list[tuple[Occur, Query]]:
        """What the scope may find: clauses of which nothing changes the score but, if ``scored``, what is near.

        Args:
            ours: for a question about the place's own pages, no other is looked at.
        """
        scope = self.scope
        readable = Query.const_score_query(term("read", documents.here(scope.home)), 0.0)
        clauses = [
            (Occur.Must, readable if ours else self._readable(scored)),
            (Occur.MustNot, term("completed", scope.home)),
            (Occur.MustNot, between("expires", None, self.now)),
            (Occur.MustNot, between("shown_from", self.now + 1, None)),
        ]
        if scope.whole_network:
            clauses.append((Occur.MustNot, every(term("home", scope.home), term("seen", "elsewhere"))))
        if scope.restricted:
            clauses.append((Occur.MustNot, Query.term_set_query(schema(), "above", list(scope.restricted))))
        return clauses

    def _readable(self, scored: bool) -> Query:
        """What is read here; if ``scored``, ours first, then the zone's, then the nation's."""
        scope = self.scope
        shares = {documents.here(scope.home): OURS}
        if scored or not scope.whole_network:
            if not scope.is_national:
                shares[documents.here(scope.national)] = NATION
            shares |= {documents.shared_with_zone(path): ZONE for path in scope.neighbours}
        shares[(documents.everywhere if scope.whole_network else documents.shared_with_all)(scope.network)] = 0.0
        if not scored:
            return Query.const_score_query(either([term("read", word) for word in shares]), 0.0)
        return either([Query.const_score_query(term("read", word), n * self.share) for word, n in shares.items()])

    def filters(self) -> dict[str, list[tuple[Occur, Query]]]:
        """The clauses of each facet that is chosen."""
        question, found = self.question, {}
        if question.kinds:
            found["kind"] = [_only(either([term("kind", kind) for kind in question.kinds]))]
        for name in ("theme", "audience"):
            if code := getattr(question, name):
                found[name] = [_only(term(name, code))]
        if question.groupement:
            homes = self.scope.paths_of(question.groupement)
            found["groupement"] = [_only(either([term("home", path) for path in homes]) if homes else NOTHING)]
        if question.level:
            found["level"] = self._level(question.level)
        if question.when:
            found["when"] = [_only(self._when(question.when))]
        return found

    def _zone(self) -> Query:
        if not self.scope.neighbours:
            return NOTHING
        homes = either([term("home", path) for path in self.scope.neighbours])
        return every(homes, term("shared", str(Sharing.ZONE)))

    def _level(self, level: str) -> list[tuple[Occur, Query]]:
        nation = term("home", self.scope.national)
        if level == "nation":
            return [_only(nation)]
        if level == "zone":
            return [_only(self._zone())]
        return [(Occur.MustNot, nation), (Occur.MustNot, self._zone())]

    def _when(self, when: str) -> Query:
        if when == "past":
            return between("ends", None, self.now - 1)
        upcoming = between("ends", self.now, None)
        return every(upcoming, between("starts", None, self._month_end() - 1)) if when == "month" else upcoming

    def _month_end(self) -> int:
        return int(month_bounds(timezone.now())[1].timestamp())

    def matching(self, *, without: str = "") -> Query:
        """The pages that answer, all facets applied but one."""
        return Query.boolean_query(self._clauses(without=without))

    def _clauses(self, *, without: str = "", scored: bool = False) -> list[tuple[Occur, Query]]:
        homes = self.scope.paths_of(self.question.groupement) if without != "groupement" else []
        clauses = self.visible(ours=homes == [self.scope.home], scored=scored)
        if self.asked.parts:
            clauses.insert(0, (Occur.Must, self.words()))
        for name, chosen in self.filters().items():
            if name != without:
                clauses += chosen
        return clauses

    # --- The order ------------------------------------------------------------------------------

    def _tiers(self) -> Iterator[list[tuple[Occur, Query]]]:
        """What comes first, then what comes after all of it, and so on: few pages need to be scored to fill a screen.

        What is over comes last. Before, where all the words are wanted: the pages whose title holds them, those whose
        title and short texts do, the others.
        """
        over = between("ends", None, self.now - 1)
        if not (self.asked.parts and self.every_part):
            yield [(Occur.MustNot, over), *self._bands()]
        else:
            title, main = (self._about(fields) for fields in (("title",), ("title", "main")))
            yield [(Occur.MustNot, over), (Occur.Must, title)]
            yield [(Occur.MustNot, over), (Occur.Must, main), (Occur.MustNot, title)]
            yield [(Occur.MustNot, over), (Occur.MustNot, main)]
        yield [_only(over), *self._bands()]

    def _about(self, fields: tuple[str, ...]) -> Query:
        """The pages of which these fields hold all the words."""
        return Query.const_score_query(every(*(_held(part, fields) for part in self.asked.parts)), 0.0)

    def _bands(self) -> list[tuple[Occur, Query]]:
        """What is about the question, as a share of the score."""
        if not self.asked.parts:
            return []
        bands = ((TITLE - MAIN, ("title",)), (MAIN, ("title", "main")))
        return [
            (Occur.Should, Query.const_score_query(self._about(fields), share * self.share)) for share, fields in bands
        ]

    def _by_relevance(self, start: int, size: int, *more: tuple[Occur, Query]) -> list[int]:
        """The pages of one screen, tier after tier."""
        clauses, ids = [*self._clauses(scored=True), *more], []
        for tier in self._tiers():
            query = Query.boolean_query([*clauses, *tier])
            result = self.searcher.search(query, size - len(ids), True, offset=start)
            ids += self._pages(result)
            start = max(0, start - result.count)
            if len(ids) == size:
                break
        return ids

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
        counts, total = self.counts()
        if question.sort == "distance" and question.near:
            ids = self._by_distance(question.near, total)
        elif question.sort == "date":
            upcoming = question.when in {"upcoming", "month"}
            result = self.searcher.search(
                self.matching(),
                question.size,
                False,
                "starts" if upcoming else "date",
                question.start,
                tantivy.Order.Asc if upcoming else tantivy.Order.Desc,
            )
            ids = self._pages(result)
        else:
            ids = self._by_relevance(question.start, question.size) if total > question.start else []
        return Found(ids, total, counts)

    def _pages(self, result) -> list[int]:
        return [int(page or 0) for page in self._column("page", [address for _score, address in result.hits])]

    def _column(self, name: str, addresses: list) -> list:
        return self.searcher.fast_field_values(name, addresses)

    def _by_distance(self, near: tuple[float, float], total: int) -> list[int]:
        """The nearest first, then what has no point, by relevance."""
        question = self.question
        wanted = question.start + question.size
        placed = every(self.matching(), _box(near, RINGS_KM[-1]))
        with_point = self.searcher.search(placed, 1).count
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
            start = max(0, question.start - with_point)
            nowhere = (Occur.MustNot, _box(near, RINGS_KM[-1]))
            ids += self._by_relevance(start, question.size - len(ids), nowhere)
        return ids

    def starting(self, text: str, limit: int) -> list[int]:
        """The pages whose title holds words that begin like these, the nearest first."""
        words = documents.folded_words(text)[:MAX_WORDS]
        if not words or self.index.searcher.num_docs == 0:
            return []
        return self._by_relevance(0, limit, *((Occur.Must, _beginning(word)) for word in words))

    def counts(self) -> tuple[dict[str, dict[str, int]], int]:
        """For each facet, what each of its values would leave with the others as they are chosen; and the total."""
        facets = self._aggregations()
        keys = {"kind": "kind", "theme": "theme", "audience": "audience", "groupement": "home", "level": "home"}
        raw: dict[str, dict] = self.searcher.aggregate(self.matching(), facets)
        found = {name: raw[key] for name, key in (keys | {"when": "when"}).items()}
        for name in self.filters():
            key = keys.get(name, name)
            found[name] = self.searcher.aggregate(self.matching(without=name), {key: facets[key]})[key]
        counts = {
            **{name: _buckets(found[name]) for name in ("kind", "theme", "audience")},
            "groupement": self._groupements(_buckets(found["groupement"])),
            "level": self._levels(_buckets(found["level"])),
            "when": _whens(found["when"]),
        }
        return counts, sum(_buckets(raw["kind"]).values())  # each page is of one kind

    def _aggregations(self) -> dict:
        now, month = float(self.now), float(self._month_end())
        return {
            **{name: {"terms": {"field": name, "size": MANY_VALUES}} for name in COUNTED},
            "when": {
                "range": {"field": "ends", "ranges": [{"to": now, "key": "past"}, {"from": now, "key": "upcoming"}]},
                "aggs": {"month": {"range": {"field": "starts", "ranges": [{"to": month, "key": "month"}]}}},
            },
        }

    def _groupements(self, homes: dict[str, int]) -> dict[str, int]:
        found: dict[str, int] = {}
        for path, number in homes.items():
            if path in self.scope.homes:
                code = self.scope.homes[path][0]
                found[code] = found.get(code, 0) + number
        return found

    def _levels(self, homes: dict[str, int]) -> dict[str, int]:
        nation, zone = homes.get(self.scope.national, 0), 0
        if any(path in homes for path in self.scope.neighbours):
            zone = self.searcher.search(every(self.matching(without="level"), self._zone()), 1, count=True).count
        return {"groupement": sum(homes.values()) - nation - zone, "zone": zone, "nation": nation}


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

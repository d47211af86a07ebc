"""Statements of which the text is kept: Django writes each of them once for each process, not for each page.

Writing a statement (conditions, joins, columns, order) takes longer than asking it. What changes from one page to the
next is its values; the text is the same. It is written twice, with the first values and with stand-ins: where the
stand-ins come out, the values of the next ones go. Texts that do not agree are not kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from core.together import Statement, read, statement_of

Value = str | int | dt.date | dt.datetime | UUID | None


class _StandIn(str):
    """A text that is nobody's: what would be done or not by its letters cannot be kept."""

    def startswith(self, *args: Any) -> bool:
        raise TypeError("a kept text cannot depend on what its values begin with")

    endswith = startswith


# Values that nobody has, of each type that a statement has a place for: the one of a rank.
_DAY = dt.datetime(1001, 1, 1, tzinfo=dt.UTC)
_STAND_INS: dict[type, Callable[[int], Any]] = {
    str: lambda rank: _StandIn(f"\x02{rank}\x03"),
    int: lambda rank: 2_000_000_000 + 1000 * rank,
    dt.date: lambda rank: (_DAY + dt.timedelta(days=rank)).date(),
    dt.datetime: lambda rank: _DAY + dt.timedelta(days=rank),
    UUID: lambda rank: UUID(int=rank),
}
_texts: dict[tuple, _Text | None] = {}


def kept(build: Callable[..., QuerySet], *values: Value | tuple[Value, ...], shape: tuple = ()) -> Kept | QuerySet:
    """What ``build(*shape, *values)`` asks, by a text that was written once.

    Args:
        build: a function of a module; it makes the queryset from its arguments alone, and chooses nothing by its
            values: what depends on them is computed before, and given.
        values: what changes from one page to the next. ``None``, and how many values a tuple has, are of the shape.
        shape: what else the text depends on; few, and hashable.
    """
    key = (build, shape, tuple(_form(value) for value in values))
    if key not in _texts:
        _texts[key] = _text(build, shape, values)
    text = _texts[key]
    return build(*shape, *values) if text is None else Kept(text, _flat(values))


class Kept:
    """The rows of a statement of which the text is kept: read once, when they are used or together with others."""

    def __init__(self, text: _Text, values: list) -> None:
        self.queryset = text.queryset._chain()
        self._text, self._values = text, values

    @property
    def statement(self) -> Statement:
        """What is asked, with its values.

        Raises:
            EmptyResultSet: when it is known to be empty.
        """
        return self._text.with_values(self._values)

    @property
    def _result_cache(self) -> list | None:
        return self.queryset._result_cache

    @_result_cache.setter
    def _result_cache(self, rows: list) -> None:
        self.queryset._result_cache = rows

    def __iter__(self) -> Iterator:
        if self._result_cache is None:
            try:
                read([(self.queryset, self.statement)])
            except EmptyResultSet:
                self._result_cache = []
        return iter(self.queryset)


class _Text:
    """The text of a queryset made with stand-ins, and where its values go."""

    def __init__(self, queryset: QuerySet, stand_ins: list) -> None:
        self.queryset = queryset
        self._statement: Statement | None = None
        try:
            self._statement = statement_of(queryset)
        except EmptyResultSet:
            return
        places = {stand_in: rank for rank, stand_in in enumerate(stand_ins)}
        places |= {f"{stand_in}%": rank for rank, stand_in in enumerate(stand_ins) if isinstance(stand_in, str)}
        self._ranks = [(param, places.get(param) if param.__hash__ else None) for param in self._statement.params]

    def with_values(self, values: list) -> Statement:
        """The statement for some values.

        Raises:
            EmptyResultSet: when it is known to be empty.
        """
        if self._statement is None:
            raise EmptyResultSet
        params = [param if rank is None else _bound(param, values[rank]) for param, rank in self._ranks]
        return replace(self._statement, params=params)

    def says(self, queryset: QuerySet, values: list) -> bool:
        """Whether it asks, with these values, exactly what a queryset asks."""
        try:
            other, own = statement_of(queryset), self.with_values(values)
        except EmptyResultSet:
            return self._statement is None
        params = [[(type(param), param) for param in one.params] for one in (own, other)]
        return own.expression == other.expression and params[0] == params[1]


def _bound(param: Any, value: Any) -> Any:
    """A value as Django gave its stand-in: as it is, as a number of the database, or as the beginning of a text."""
    if isinstance(param, str):
        return f"{connection.ops.prep_for_like_query(value)}%" if param[-1] == "%" else value
    return type(param)(value) if isinstance(param, int) else value


def _text(build: Callable[..., QuerySet], shape: tuple, values: Sequence) -> _Text | None:
    """The text of what a function asks; ``None`` when it depends on its values by more than its shape."""
    flat = _flat(values)
    stand_ins = [None if value is None else _STAND_INS[type(value)](rank) for rank, value in enumerate(flat)]
    text = _Text(build(*shape, *_shaped(values, iter(stand_ins))), stand_ins)
    return text if text.says(build(*shape, *values), flat) else None


def _flat(values: Sequence) -> list:
    """Values one after the other, those of tuples among them."""
    return [one for value in values for one in (value if isinstance(value, tuple) else (value,))]


def _shaped(values: Sequence, stand_ins: Iterator) -> list:
    """Stand-ins in the same tuples as some values."""
    return [tuple(next(stand_ins) for _ in value) if isinstance(value, tuple) else next(stand_ins) for value in values]


def _form(value: Value | tuple) -> type | tuple:
    """What the text depends on in a value."""
    return tuple(map(type, value)) if isinstance(value, tuple) else type(value)

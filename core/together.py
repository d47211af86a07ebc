"""Several querysets read in one statement: a page that lists seven kinds of things asks the database once.

Each is written, and used afterwards, like any other queryset. PostgreSQL answers one row, with one JSON array for
each; the rows are then made into objects by Django itself, as if they had come alone.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    from core.kept import Kept

# PostgreSQL's functions take a hundred arguments at most.
MOST_ARGUMENTS = 100

# How a value that JSON does not know becomes what the database's driver gives, by the internal type of its field.
_READERS: dict[str, Callable[[str], Any]] = {
    "DateField": dt.date.fromisoformat,
    "DateTimeField": dt.datetime.fromisoformat,
    "DecimalField": Decimal,
    "TimeField": dt.time.fromisoformat,
    "UUIDField": UUID,
}
# Those that are asked as text: what Django expects (it reads JSON itself), or what a number in JSON would lose.
_AS_TEXT = frozenset({"DecimalField", "JSONField"})
_AS_THEY_ARE = frozenset(
    {"AutoField", "BigAutoField", "BigIntegerField", "BooleanField", "CharField", "EmailField", "FileField"}
    | {"FloatField", "IntegerField", "JSONField", "PositiveBigIntegerField", "PositiveIntegerField"}
    | {"PositiveSmallIntegerField", "SlugField", "SmallIntegerField", "TextField", "URLField"}
)


def read_together(*asked: QuerySet | Kept) -> None:
    """Evaluate some querysets in one statement; what was read already, or is known to be empty, is left out.

    Related rows to be fetched beforehand (``prefetch_related``) are, when the queryset is used.

    Raises:
        TypeError: for a column of a type that is not in the tables above.
    """
    statements: list[tuple[QuerySet, Statement]] = []
    for one in asked:
        if one._result_cache is not None:
            continue
        try:
            statements.append((one, statement_of(one)) if isinstance(one, QuerySet) else (one.queryset, one.statement))
        except EmptyResultSet:
            one._result_cache = []
    if len(statements) > 1:  # alone, it is read as ever
        read(statements)


def read(statements: list[tuple[QuerySet, Statement]]) -> None:
    """Evaluate some querysets by their statements, in one."""
    expressions = ", ".join(statement.expression for _queryset, statement in statements)
    params = [param for _queryset, statement in statements for param in statement.params]
    with connections[statements[0][0].db].cursor() as cursor:
        cursor.execute(f"SELECT {expressions}", params)
        answers = cursor.fetchone()
    for (queryset, statement), answer in zip(statements, answers, strict=True):
        _fill(queryset, statement, list(statement.rows(json.loads(answer or "[]"))))


@dataclass
class Statement:
    """What a queryset asks, as an expression that gives its rows, in its order, as a JSON array of arrays."""

    compiler: SQLCompiler
    expression: str
    params: Sequence
    readers: list[tuple[int, Callable[[str], Any]]]
    converters: dict

    def rows(self, answer: list) -> Iterator[tuple]:
        """The rows as the driver would have given them."""
        for groups in answer:
            row = [value for group in groups for value in group]
            for rank, reader in self.readers:
                if row[rank] is not None:
                    row[rank] = reader(row[rank])
            yield tuple(row)


def statement_of(queryset: QuerySet) -> Statement:
    """What a queryset asks.

    Raises:
        EmptyResultSet: when it is known to be empty.
        TypeError: for a column of a type that is not in the tables above.
    """
    compiler = queryset.query.get_compiler(using=queryset.db)
    sql, params = compiler.as_sql()
    kinds = [_type(column[0].output_field) for column in compiler.select]
    names = [f"c{rank}" for rank in range(len(kinds))]
    columns = [f"q.{name}::text" if kind in _AS_TEXT else f"q.{name}" for name, kind in zip(names, kinds, strict=True)]
    groups = [columns[start : start + MOST_ARGUMENTS] for start in range(0, len(columns), MOST_ARGUMENTS)]
    arrays = ", ".join(f"json_build_array({', '.join(group)})" for group in groups)
    # Django's own statement, its values apart; the rest is written here.
    expression = f"(SELECT json_agg(json_build_array({arrays}))::text FROM ({sql}) AS q({', '.join(names)}))"  # noqa: S608
    readers = [(rank, _READERS[kind]) for rank, kind in enumerate(kinds) if kind in _READERS]
    converters = compiler.get_converters([column[0] for column in compiler.select])
    return Statement(compiler, expression, params, readers, converters)


def _type(field) -> str:
    """The internal type of a column; that of the key it holds, where it is a relation."""
    while field.remote_field:
        field = field.target_field
    kind = field.get_internal_type()
    if kind == "ArrayField" and _type(field.base_field) in _AS_THEY_ARE:
        return "TextField"  # a list, in JSON as for the driver
    if kind not in _READERS and kind not in _AS_THEY_ARE:
        raise TypeError(f"{field} ({kind}) cannot be read together with others: add it to {__name__}")
    return kind


def _fill(queryset: QuerySet, statement: Statement, rows: list[tuple]) -> None:
    """Have Django make the objects of a queryset from rows that were read already."""
    query, compiler = queryset.query, copy.copy(statement.compiler)
    compiler.connection = connections[queryset.db]  # a kept statement may have been written by another thread
    compiler.execute_sql = lambda *args, **kwargs: [rows]  # type: ignore[method-assign]
    compiler.get_converters = lambda *args: statement.converters  # type: ignore[method-assign]
    query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
    try:
        queryset._result_cache = list(queryset._iterable_class(queryset))
    finally:
        del query.get_compiler

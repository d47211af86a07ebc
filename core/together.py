"""Several querysets read in one statement: a page that lists seven kinds of things asks the database once.

Each is written, and used afterwards, like any other queryset. PostgreSQL answers one row, with one JSON array for
each; the rows are then made into objects by Django itself, as if they had come alone.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

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


def read_together(*querysets: QuerySet) -> None:
    """Evaluate some querysets in one statement; what was read already, or is known to be empty, is left out.

    Related rows to be fetched beforehand (``prefetch_related``) are, when the queryset is used.

    Raises:
        TypeError: for a column of a type that is not in the tables above.
    """
    asked: list[tuple[QuerySet, SQLCompiler, str, tuple]] = []
    for queryset in querysets:
        if queryset._result_cache is not None:
            continue
        compiler = queryset.query.get_compiler(using=queryset.db)
        try:
            asked.append((queryset, compiler, *compiler.as_sql()))
        except EmptyResultSet:
            queryset._result_cache = []
    if len(asked) < 2:
        return  # alone, it is read as ever
    statement = ", ".join(_as_json(compiler, sql) for _queryset, compiler, sql, _params in asked)
    with connections[asked[0][0].db].cursor() as cursor:
        cursor.execute(f"SELECT {statement}", [param for *_others, params in asked for param in params])
        answers = cursor.fetchone()
    for (queryset, compiler, _sql, _params), answer in zip(asked, answers, strict=True):
        _fill(queryset, compiler, list(_rows(compiler, json.loads(answer or "[]"))))


def _as_json(compiler: SQLCompiler, sql: str) -> str:
    """The expression that gives the rows of a query, in its order, as a JSON array of arrays."""
    types = _types(compiler)
    names = [f"c{rank}" for rank in range(len(types))]
    columns = [f"q.{name}::text" if kind in _AS_TEXT else f"q.{name}" for name, kind in zip(names, types, strict=True)]
    groups = [columns[start : start + MOST_ARGUMENTS] for start in range(0, len(columns), MOST_ARGUMENTS)]
    arrays = ", ".join(f"json_build_array({', '.join(group)})" for group in groups)
    # Django's own statement, its values apart; the rest is written here.
    return f"(SELECT json_agg(json_build_array({arrays}))::text FROM ({sql}) AS q({', '.join(names)}))"  # noqa: S608


def _types(compiler: SQLCompiler) -> list[str]:
    """The internal type of each column; that of the key it holds, where it is a relation."""
    return [_type(column[0].output_field) for column in compiler.select]


def _type(field) -> str:
    while field.remote_field:
        field = field.target_field
    kind = field.get_internal_type()
    if kind == "ArrayField" and _type(field.base_field) in _AS_THEY_ARE:
        return "TextField"  # a list, in JSON as for the driver
    if kind not in _READERS and kind not in _AS_THEY_ARE:
        raise TypeError(f"{field} ({kind}) cannot be read together with others: add it to {__name__}")
    return kind


def _rows(compiler: SQLCompiler, answer: list) -> Iterator[tuple]:
    """The rows as the driver would have given them."""
    readers = [(rank, _READERS[kind]) for rank, kind in enumerate(_types(compiler)) if kind in _READERS]
    for groups in answer:
        row = [value for group in groups for value in group]
        for rank, reader in readers:
            if row[rank] is not None:
                row[rank] = reader(row[rank])
        yield tuple(row)


def _fill(queryset: QuerySet, compiler: SQLCompiler, rows: list[tuple]) -> None:
    """Have Django make the objects of a queryset from rows that were read already."""
    query = queryset.query
    compiler.execute_sql = lambda *args, **kwargs: [rows]  # type: ignore[method-assign]
    query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
    try:
        queryset._result_cache = list(queryset._iterable_class(queryset))
    finally:
        del query.get_compiler

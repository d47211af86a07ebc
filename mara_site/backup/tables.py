"""Digests of every table and the state of every sequence, as one snapshot sees them."""

from __future__ import annotations

from typing import Any

from psycopg import Cursor, sql

from mara_site.backup.manifest import Table

# The text of a value depends on these.
_SETTINGS = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL bytea_output = 'hex'",
)
_TABLES = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    ORDER BY 1, 2
"""
_SEQUENCES = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'S' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
"""
# By the rows' digests, in their own order: where a row lies in the table changes nothing.
_DIGEST = sql.SQL(
    """SELECT count(*), coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text) COLLATE "C")), '') FROM {} t"""
)


def digests(cursor: Cursor[Any]) -> dict[str, Table]:
    """Return each table of ours with its rows counted and digested; inside a transaction."""
    for setting in _SETTINGS:
        cursor.execute(setting)
    found = {}
    cursor.execute(_TABLES)
    for schema, name in cursor.fetchall():
        cursor.execute(_DIGEST.format(sql.Identifier(schema, name)))
        row = cursor.fetchone()
        found[f"{schema}.{name}"] = Table(*row) if row else Table(0, "")
    return found


def sequences(cursor: Cursor[Any]) -> dict[str, int]:
    """Return the number that each sequence gave last, 0 for one never asked."""
    found = {}
    cursor.execute(_SEQUENCES)
    for schema, name in cursor.fetchall():
        cursor.execute(
            sql.SQL("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {}").format(
                sql.Identifier(schema, name)
            )
        )
        row = cursor.fetchone()
        found[f"{schema}.{name}"] = row[0] if row else 0
    return found


def differences(expected: dict[str, Table], found: dict[str, Table]) -> list[str]:
    """Return the tables that are not the same on both sides, each with what differs, in French."""
    told = []
    for name in sorted(expected.keys() | found.keys()):
        one, other = expected.get(name), found.get(name)
        if one is None or other is None:
            told.append(f"{name} : {'en trop' if one is None else 'absente'}")
        elif one != other:
            told.append(f"{name} : {one.rows} lignes attendues, {other.rows} trouvées")
    return told

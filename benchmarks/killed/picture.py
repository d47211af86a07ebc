"""What an installation holds, written so that two ways to the same end give the same text.

Every row of every table, and every file, less what cannot be the same twice: the moments (a time with fractions of a
second was read on a clock), the numbers that sequences gave (an attempt that was taken back leaves a gap) and the
identifiers drawn at random. Numbers and identifiers are replaced by their rank, wherever they are written: columns,
JSON, texts. For that, :func:`spread_numbers` first gives each table's sequence a range of its own.
"""

from __future__ import annotations

import base64
import hashlib
import json
import pickle
import re
from collections import defaultdict
from pathlib import Path

from django.db import connection

RANGE = 1_000_000
# Not of what is compared: sessions are signed anew, the pulses are the clock's, the cache is a cache.
LEFT_OUT = frozenset({"django_session", "hosting_pulse", "mara_cache", "django_migrations"})
# Counters that move with each attempt, taken back or not, and digests that have a page's number in them.
COUNTERS = {
    "core_publicgeneration": ("number", "withdrawn"),
    "resources_indexentry": ("version", "digest"),
    "resources_indexstate": ("version", "generation"),
    # One for each request or turn of the clock: what is gone on with has another.
    "wagtailcore_pagelogentry": ("uuid",),
    "wagtailcore_modellogentry": ("uuid",),
}
# Sets: in which order their rows were written says nothing.
SETS = frozenset(
    {
        "auth_group_permissions",
        "users_user_groups",
        "wagtailcore_groupcollectionpermission",
        "wagtailcore_grouppagepermission",
        "wagtailcore_groupsitepermission",
        "wagtailcore_groupapprovaltask_groups",
        "wagtailcore_referenceindex",
        "wagtailsearch_indexentry",
    }
)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d+(?:Z|[+-]\d\d(?::?\d\d)?)?")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NUMBER = re.compile(r"(?<![\w.-])\d{7,9}(?![\w.-])")

_SEQUENCES = """
SELECT owner.relname, attribute.attname, sequence.relname
FROM pg_class sequence
JOIN pg_depend depend ON depend.objid = sequence.oid AND depend.deptype IN ('a', 'i')
JOIN pg_class owner ON owner.oid = depend.refobjid
JOIN pg_attribute attribute ON attribute.attrelid = owner.oid AND attribute.attnum = depend.refobjsubid
WHERE sequence.relkind = 'S' AND sequence.relnamespace = current_schema()::regnamespace
ORDER BY owner.relname
"""

Picture = dict[str, list[str]]


def _sequences() -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_SEQUENCES)
        return cursor.fetchall()


def spread_numbers() -> None:
    """Have each table number its new rows in a range of its own, so that a number says what it is of."""
    with connection.cursor() as cursor:
        for rank, (_table, _column, sequence) in enumerate(_sequences(), start=1):
            cursor.execute("SELECT setval(%s::regclass, %s, false)", [f'"{sequence}"', rank * RANGE])


class Reader:
    """Reads pictures of one installation. The tables are those of the moment when it was made."""

    def __init__(self, media: Path) -> None:
        self.media = media
        sequences = _sequences()
        self.range_of = {rank: table for rank, (table, _column, _name) in enumerate(sequences, start=1)}
        self.key_of = {table: column for table, column, _name in sequences}
        names = connection.introspection.table_names()
        self.tables = sorted(set(names) - LEFT_OUT)
        self.keys = {table: self._key(table) for table in self.tables}
        self.query = " UNION ALL ".join(
            f"SELECT '{table}', row_number() OVER (ORDER BY {self.keys[table]}), to_jsonb(t)::text FROM \"{table}\" t"
            for table in self.tables
        )
        self.known_uuids = self._uuids(self._rows())

    def _key(self, table: str) -> str:
        with connection.cursor() as cursor:
            key = connection.introspection.get_primary_key_columns(cursor, table)
        return ", ".join(f't."{column}"' for column in key or []) or "t::text"

    def _rows(self) -> dict[str, list[str]]:
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(self.query)
            for table, rank, text in cursor.fetchall():
                found[table].append((rank, text))
        return {table: [text for _rank, text in sorted(found.get(table, []))] for table in self.tables}

    def _uuids(self, rows: dict[str, list[str]]) -> set[str]:
        return {found for texts in rows.values() for text in texts for found in UUID.findall(text)}

    def picture(self) -> Picture:
        """The rows of each table, the names and digests of the files under ``media/``."""
        rows = self._rows()
        ranks = self._ranks(rows)
        uuids: dict[str, str] = {}

        def number(match: re.Match) -> str:
            value = int(match[0])
            table = self.range_of.get(value // RANGE)
            if table is None:
                return match[0]
            return ranks[table].get(value, f"<{table}: gone>")

        def uuid(match: re.Match) -> str:
            if match[0] in self.known_uuids:
                return match[0]
            return uuids.setdefault(match[0], f"<random {len(uuids) + 1}>")

        picture: Picture = {}
        for table, texts in rows.items():
            kept = [self._prepared(table, text) for text in texts]
            kept = [MOMENT.sub("<moment>", text) for text in kept]
            picture[table] = [UUID.sub(uuid, NUMBER.sub(number, text)) for text in kept]
            if table in SETS:
                picture[table].sort()
        picture["media/"] = [
            f"{path.relative_to(self.media)} {hashlib.sha256(path.read_bytes()).hexdigest()}"
            for path in sorted(self.media.rglob("*"))
            if path.is_file()
        ]
        return picture

    def _ranks(self, rows: dict[str, list[str]]) -> dict[str, dict[int, str]]:
        ranks: dict[str, dict[int, str]] = {}
        for rank, table in self.range_of.items():
            column = self.key_of[table]
            numbers = [json.loads(text)[column] for text in rows.get(table, [])]
            new = sorted(number for number in numbers if number >= RANGE and number // RANGE == rank)
            ranks[table] = {number: f"<{table} {place}>" for place, number in enumerate(new, start=1)}
        return ranks

    def _prepared(self, table: str, text: str) -> str:
        if table in SETS:
            row = json.loads(text)
            del row["id"]
            return json.dumps(row, sort_keys=True)
        if table in COUNTERS:
            row = json.loads(text)
            for column in COUNTERS[table]:
                row[column] = "<counter>"
            return json.dumps(row, sort_keys=True)
        if table == "mailer_message":
            row = json.loads(text)
            message = pickle.loads(base64.decodebytes(row["message_data"].encode()))
            row["message_data"] = f"{message.to} {message.subject} {message.body}"
            return json.dumps(row, sort_keys=True)
        return text


def digest(picture: Picture) -> str:
    """A fingerprint of a picture."""
    return hashlib.sha256(json.dumps(picture, sort_keys=True).encode()).hexdigest()


def differences(expected: Picture, found: Picture) -> list[str]:
    """The rows that are on one side only, with the table."""
    told = []
    for table in sorted(expected.keys() | found.keys()):
        one, other = expected.get(table, []), found.get(table, [])
        if one == other:
            continue
        lost, more = list(one), []
        for text in other:
            if text in lost:
                lost.remove(text)
            else:
                more.append(text)
        if not lost and not more:
            told.append(f"{table}: the same rows in another order")
        told += [f"{table}: lost {text[:400]}" for text in lost]
        told += [f"{table}: more {text[:400]}" for text in more]
    return told

"""Whether a request changed a row of somebody it should not reach.

Writes are noticed as SQL; only then are the tables that were written compared with what they were.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import cache

from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from wagtail.models import Collection, Page, Site, Task, Workflow

from core.models import Document, Image
from regions.models import Groupement
from tests.isolation.matrix.canaries import NATION
from tests.isolation.matrix.ground import Estate
from users.models import User

_WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
# Written by every visit: whose they are does not matter.
IGNORED = frozenset({"django_session", "mara_cache"})
# What a row points at says whose it is, the place before the person.
PLACES = (Page, Collection, Site, Groupement, Image, Document, Workflow, Task)
PEOPLE = (Group, User)


@contextmanager
def writes():
    """Collect the names of the tables that are written."""
    tables: set[str] = set()

    def note(execute, sql, params, many, context):
        if (found := _WRITE.match(sql)) and found[1] not in IGNORED:
            tables.add(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield tables


@cache
def _models() -> dict[str, type]:
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    return {table: model for table, model in models.items() if model._meta.managed}


@cache
def _columns(table: str) -> tuple[str, ...]:
    return tuple(field.column for field in _models()[table]._meta.local_concrete_fields)


class Baseline:
    """The rows of every owner as the ground was laid, and whose each is."""

    def __init__(self, estates: dict[str, Estate]) -> None:
        self.paths = {
            Page: {page.path: estate.owner for estate in estates.values() for page in _homes(estate)},
            Collection: {
                path: estate.owner
                for estate in estates.values()
                for path in Collection.objects.filter(
                    pk__in=(estate.ids["collection"], estate.ids["closed_collection"])
                ).values_list("path", flat=True)
            },
        }
        self.owned: dict[type, dict[str, str]] = {}
        for model in (*PLACES, *PEOPLE):
            self.owned[model] = {}
        for model in (Page, Collection):
            for pk, path in model.objects.values_list("pk", "path"):
                if owner := self._by_path(model, path):
                    self.owned[model][str(pk)] = owner
        for model in (Image, Document):
            for pk, collection in model.objects.values_list("pk", "collection_id"):
                if owner := self.owned[Collection].get(str(collection)):
                    self.owned[model][str(pk)] = owner
        for estate in estates.values():
            for model, kind in ((Site, "site"), (Groupement, "groupement"), (Workflow, "workflow"), (Task, "task")):
                if kind in estate.ids:
                    self.owned[model][str(estate.ids[kind])] = estate.owner
            self.owned[User][str(estate.ids["user"])] = estate.owner
            self.owned[Group][str(estate.ids["group"])] = estate.owner
        self.keys = {
            str(key): self.owned[Page][str(pk)]
            for pk, key in Page.objects.values_list("pk", "translation_key")
            if str(pk) in self.owned[Page]
        }
        self.page_types = {
            str(found.pk)
            for found in ContentType.objects.all()
            if (model := found.model_class()) and issubclass(model, Page)
        }
        self.tables = {table: self._read(table) for table in _models()}

    def harmed(self, tables: set[str], held: frozenset[str]) -> list[str]:
        """What was changed, added or removed among the rows of owners other than ``held``."""
        found = []
        for table in sorted(tables & self.tables.keys()):
            before, after = self.tables[table], self._read(table)
            for pk in sorted(before.keys() | after.keys()):
                old, new = before.get(pk), after.get(pk)
                if old == new:
                    continue
                owners = {owner for row in (old, new) if row and (owner := self._owner(table, row))}
                if table == "core_rendition":
                    owners.discard(NATION)  # showing a national image to those who may use it
                if strangers := owners - held:
                    found.append(f"{table} {pk} ({', '.join(sorted(strangers))})")
        return found

    @staticmethod
    def _read(table: str) -> dict[str, tuple]:
        """The rows of a table by their keys; whose a row is, is asked only of one that changed."""
        names = ", ".join(f'"{column}"' for column in _columns(table))
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {names} FROM "{table}"')
            rows = cursor.fetchall()
        key = _columns(table).index(_models()[table]._meta.pk.column)
        return {str(row[key]): row for row in rows}

    def _owner(self, table: str, values: tuple) -> str | None:
        model, row = _models()[table], dict(zip(_columns(table), values, strict=True))
        for base in (Page, Collection):
            if model is base:
                return self._by_path(base, row["path"])
        if "object_id" in row:
            content_type = (
                row.get("base_content_type_id") or row.get("content_type_id") or row.get("specific_content_type_id")
            )
            if content_type is not None and str(content_type) in self.page_types:
                found = self.owned[Page].get(str(row["object_id"])) or self.keys.get(str(row["object_id"]))
                if found:
                    return found
        for kinds in (PLACES, PEOPLE):
            for field in model._meta.local_concrete_fields:
                target = field.remote_field and field.remote_field.model
                for kind in kinds:
                    if target and issubclass(target, kind) and row[field.column] is not None:
                        found = self.owned[kind].get(str(row[field.column])) or self._new(kind, row[field.column])
                        if found:
                            return found
        return None

    def _new(self, kind, pk) -> str | None:
        """Whose a page is that was made since."""
        if kind is not Page:
            return None
        path = Page.objects.filter(pk=pk).values_list("path", flat=True).first()
        return self._by_path(Page, path) if path else None

    def _by_path(self, model, path: str) -> str | None:
        return next((owner for start, owner in self.paths[model].items() if path.startswith(start)), None)


def _homes(estate: Estate) -> list[Page]:
    return [estate.pages["home"], estate.pages["english_home"]]


def held_by(role: str) -> frozenset[str]:
    """The owners whose rows a role may change."""
    return HELD.get(role, frozenset())


HELD = {
    "contributor_a": frozenset("a"),
    "referent_a": frozenset("a"),
    "zone_a": frozenset("a"),
    "referent_b": frozenset("b"),
    "editor": frozenset(NATION),
    "admin": frozenset({"a", "b", NATION}),
}

"""Triggers by which the database moves the generation itself: whatever changes a page, a form or a line of SQL.

While a transaction runs, the tables that visitors' pages are made from note once that it changed something, in a row
of its own: nobody waits for anybody. At its commit a deferred trigger moves the generation, in the same transaction:
the new number and what it stands for become visible together (``docs/adr/0080``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import connections, models

CREATE_FUNCTIONS = """
CREATE OR REPLACE FUNCTION core_note_shown() RETURNS trigger AS $$
BEGIN
    -- The arguments are columns that visitors never see.
    IF TG_OP = 'UPDATE' AND TG_NARGS > 0 THEN
        IF to_jsonb(OLD) - TG_ARGV = to_jsonb(NEW) - TG_ARGV THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO core_publicchange (xact) VALUES (pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$ LANGUAGE plpgsql;

CREATE OR REPLACE FUNCTION core_move_generation() RETURNS trigger AS $$
BEGIN
    DELETE FROM core_publicchange WHERE xact = NEW.xact;
    INSERT INTO core_publicgeneration AS current (id, number)
    VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
    ON CONFLICT (id) DO UPDATE SET number = greatest(current.number + 1, excluded.number);
    RETURN NULL;
END $$ LANGUAGE plpgsql;

CREATE CONSTRAINT TRIGGER core_move_generation AFTER INSERT ON core_publicchange
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core_move_generation();

INSERT INTO core_publicgeneration (id, number)
VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) ON CONFLICT DO NOTHING;
"""

DROP_FUNCTIONS = """
DROP FUNCTION IF EXISTS core_move_generation() CASCADE;
DROP FUNCTION IF EXISTS core_note_shown() CASCADE;
"""

_PRESENT = """
SELECT relation.relname, trigger.tgname, encode(trigger.tgargs, 'hex')
FROM pg_trigger trigger JOIN pg_class relation ON relation.oid = trigger.tgrelid
WHERE trigger.tgname LIKE 'core\\_shown\\_%%' AND relation.relnamespace = current_schema()::regnamespace
"""


@dataclass(frozen=True)
class Trigger:
    """One trigger of one table. ``unseen``: the columns whose change alone shows nowhere."""

    table: str
    kind: str
    unseen: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"core_shown_{self.kind}"

    def sql(self) -> str:
        """The statement that makes it, or makes it again."""
        moment = {
            "rows": "AFTER INSERT OR DELETE ON {} FOR EACH ROW",
            "changes": "AFTER UPDATE ON {} FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)",
            "emptied": "AFTER TRUNCATE ON {} FOR EACH STATEMENT",
        }[self.kind].format(f'"{self.table}"')
        arguments = ", ".join(f"'{column}'" for column in self.unseen)
        return f"CREATE OR REPLACE TRIGGER {self.name} {moment} EXECUTE FUNCTION core_note_shown({arguments})"

    def drop_sql(self) -> str:
        return f'DROP TRIGGER {self.name} ON "{self.table}"'


def shown_models() -> list[type[models.Model]]:
    """The models whose rows visitors may see: all but those that the settings say they never do."""
    every = apps.get_models(include_auto_created=True)
    own_table = [model for model in every if model._meta.managed and not model._meta.proxy]
    return [model for model in own_table if model._meta.label not in settings.MARA_NEVER_SHOWN]


def wanted() -> set[Trigger]:
    """The triggers that the models of this moment ask for."""
    found = set()
    for model in shown_models():
        unseen = tuple(settings.MARA_UNSEEN_COLUMNS.get(model._meta.label, ()))
        table = model._meta.db_table
        found |= {Trigger(table, "rows"), Trigger(table, "changes", unseen), Trigger(table, "emptied")}
    return found


def present(cursor) -> set[Trigger]:
    """The triggers that the database has."""
    cursor.execute(_PRESENT)
    return {
        Trigger(table, name.removeprefix("core_shown_"), _arguments(arguments))
        for table, name, arguments in cursor.fetchall()
    }


def _arguments(hexadecimal: str) -> tuple[str, ...]:
    return tuple(part.decode() for part in bytes.fromhex(hexadecimal).split(b"\0") if part)


def install(sender=None, using: str = "default", **kwargs) -> None:
    """Have the tables noted that are to be; run after each ``migrate``, and at will: what is there is left alone."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regproc('core_note_shown')")
        if cursor.fetchone()[0] is None:
            return  # the migration is not applied yet
        tables = set(connection.introspection.table_names(cursor))
        before, after = present(cursor), {trigger for trigger in wanted() if trigger.table in tables}
        _apply(cursor, before, after)


def _apply(cursor, before: Iterable[Trigger], after: Iterable[Trigger]) -> None:
    kept = {(trigger.table, trigger.kind) for trigger in after}
    for trigger in before:
        if (trigger.table, trigger.kind) not in kept:
            cursor.execute(trigger.drop_sql())
    for trigger in sorted(set(after) - set(before), key=lambda one: (one.table, one.kind)):
        cursor.execute(trigger.sql())

"""Triggers by which the database moves the generation itself: whatever changes a page, a form or a line of SQL.

While a transaction runs, the tables that visitors' pages are made from note once that it changed something, in a row
of its own: nobody waits for anybody. At its commit a deferred trigger moves the generation, in the same transaction:
the new number and what it stands for become visible together (``docs/adr/0080``). What takes something away from
visitors is noted too (``docs/adr/0083``). The functions are in this application's migrations 0005 and 0007.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import connections, models

from core.page_cache import withdrawals

_PRESENT = """
SELECT relation.relname, trigger.tgname, encode(trigger.tgargs, 'hex')
FROM pg_trigger trigger JOIN pg_class relation ON relation.oid = trigger.tgrelid
WHERE trigger.tgname ~ '^core_(shown|withdrawn)_' AND relation.relnamespace = current_schema()::regnamespace
"""


# When each runs, and the function that it runs.
_MOMENTS = {
    "core_shown_rows": ("INSERT OR DELETE ON {} FOR EACH ROW", "core_note_shown"),
    "core_shown_changes": ("UPDATE ON {} FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)", "core_note_shown"),
    "core_shown_emptied": ("TRUNCATE ON {} FOR EACH STATEMENT", "core_note_shown"),
    "core_withdrawn_new": ("INSERT ON {} FOR EACH ROW", "core_note_withdrawn"),
    "core_withdrawn_changes": ("UPDATE ON {} FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)", "core_note_withdrawn"),
    "core_withdrawn_rows": ("DELETE ON {} FOR EACH ROW", "core_note_withdrawn"),
}


@dataclass(frozen=True)
class Trigger:
    """One trigger of one table.

    Attributes:
        table: its name.
        name: ``core_shown_…`` moves the number; ``core_withdrawn_…`` notes that something is taken away.
        columns: of the first, those whose change alone shows nowhere; of the second, those that take something away
            when they were filled and change (all, if none is named). Arguments of the function, not a condition of
            the trigger: PostgreSQL would not let the type of such a column be altered.
    """

    table: str
    name: str
    columns: tuple[str, ...] = ()

    def sql(self) -> str:
        """The statement that makes it, or makes it again."""
        moment, function = _MOMENTS[self.name]
        when, arguments = moment.format(f'"{self.table}"'), ", ".join(f"'{column}'" for column in self.columns)
        return f"CREATE OR REPLACE TRIGGER {self.name} AFTER {when} EXECUTE FUNCTION {function}({arguments})"

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
        table = model._meta.db_table
        unseen = tuple(settings.MARA_UNSEEN_COLUMNS.get(model._meta.label, ()))
        found |= {Trigger(table, "core_shown_rows"), Trigger(table, "core_shown_changes", unseen)}
        found.add(Trigger(table, "core_shown_emptied"))
        taken = withdrawals.columns_of(model)
        if taken is not None:
            found |= {Trigger(table, "core_withdrawn_rows", taken), Trigger(table, "core_withdrawn_changes", taken)}
            if not taken:
                found.add(Trigger(table, "core_withdrawn_new"))
    return found


def present(cursor) -> set[Trigger]:
    """The triggers that the database has."""
    cursor.execute(_PRESENT)
    return {Trigger(table, name, _arguments(arguments)) for table, name, arguments in cursor.fetchall()}


def _arguments(hexadecimal: str) -> tuple[str, ...]:
    return tuple(part.decode() for part in bytes.fromhex(hexadecimal).split(b"\0") if part)


def install(sender=None, using: str = "default", **kwargs) -> None:
    """Have the tables noted that are to be; run after each ``migrate``, and at will: what is there is left alone."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regproc('core_note_withdrawn')")
        if cursor.fetchone()[0] is None:
            return  # the migration is not applied yet
        tables = set(connection.introspection.table_names(cursor))
        before, after = present(cursor), {trigger for trigger in wanted() if trigger.table in tables}
        _apply(cursor, before, after)


def _apply(cursor, before: Iterable[Trigger], after: Iterable[Trigger]) -> None:
    kept = {(trigger.table, trigger.name) for trigger in after}
    for trigger in before:
        if (trigger.table, trigger.name) not in kept:
            cursor.execute(trigger.drop_sql())
    for trigger in sorted(set(after) - set(before), key=lambda one: (one.table, one.name)):
        cursor.execute(trigger.sql())

"""Migrations that the version in service lives through: it goes on answering while the next one's are applied.

What is new is added in one version (expand); what is no longer used goes in a later one, in a migration named
``…_contract_…``, when no version in service reads it (contract). `docs/hosting.md` says how.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

ROOT = Path(__file__).resolve().parents[2]
# Those that every installation has, or that none had before: the line is added when a version is published.
RELEASED = ROOT / "docs" / "released-migrations.txt"
CONTRACT = "contract_"
GOES = (migrations.RemoveField, migrations.DeleteModel, migrations.RemoveConstraint)
MOVES = (migrations.RenameField, migrations.RenameModel, migrations.AlterModelTable)
# Kinds of column that hold whatever the former kind held.
WIDER = {("CharField", "TextField"), ("SlugField", "CharField"), ("IntegerField", "BigIntegerField")}
# Statements that are not Django's are read by a person: why the version in service lives through them.
SQL = {
    "core/0006_admin_search_by_entry": "two indexes more, which hold whatever is written",
    "core/0007_withdrawn_generation": (
        "the functions behind the triggers of the version in service take the same calls: one writes a column more, "
        "which is added with a value of its own; and one row has that column filled"
    ),
}
REMEDY = (
    "write it in two versions (docs/hosting.md, “Expand, then contract”); "
    f"or, if no installation has the version before it, add its name to docs/{RELEASED.name}"
)


def released() -> set[str]:
    return set(RELEASED.read_text(encoding="utf-8").split())


def ours() -> list[str]:
    """Every migration of the project, as ``app/name``."""
    paths = [path for folder in ("", "mara_site/") for path in ROOT.glob(f"{folder}*/migrations/[0-9]*.py")]
    return sorted(f"{path.parents[1].name}/{path.stem}" for path in paths)


def wrong_with(operation: Operation, name: str, before: ProjectState, made_here: set[str]) -> str | None:
    """What the version in service would stumble on, ``None`` if it would not notice.

    Args:
        before: the models as they are before the operation.
        made_here: the models of the same migration: nobody reads their tables yet.
    """
    told = operation.describe()
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        inner = [wrong_with(one, name, before, made_here) for one in operation.database_operations]
        return next((one for one in inner if one), None)
    if isinstance(operation, migrations.RunSQL):
        return (
            None if name in SQL else f"{told}: say in SQL, in this file, why the version in service lives through it"
        )
    if isinstance(operation, MOVES):
        return f"{told}: the version in service asks for the old name"
    if isinstance(operation, GOES):
        return None if is_contract(name) else f"{told}: in a migration named {CONTRACT}…, a version later"
    if is_contract(name):
        return f"{told}: a contraction only takes away"
    model = (getattr(operation, "model_name", None) or getattr(operation, "name", "") or "").lower()
    if model in made_here:
        return None
    found = None
    if isinstance(operation, migrations.AddField):
        found = added(operation.field)
    elif isinstance(operation, migrations.AlterField):
        found = narrowed(before.models[name.split("/")[0], model].get_field(operation.name), operation.field)
    elif isinstance(operation, migrations.AddConstraint) or (
        isinstance(operation, migrations.AlterUniqueTogether) and operation.option_value
    ):
        found = "the version in service may write rows that it refuses"
    return f"{told}: {found}" if found else None


def added(field: models.Field) -> str | None:
    """What is wrong with a column that the version in service does not fill."""
    if field.null or field.many_to_many:
        return None
    if field.db_default is models.NOT_PROVIDED:
        return "null=True or db_default, for rows that the version in service writes"
    return "the version in service writes the same value in each row" if field.unique else None


def narrowed(old: models.Field, new: models.Field) -> str | None:
    """What the version in service may write or read, and no longer could."""
    was, becomes = ({"kind": one.get_internal_type(), **one.deconstruct()[3]} for one in (old, new))
    if was["kind"] != becomes["kind"] and (was["kind"], becomes["kind"]) not in WIDER:
        return f"from {was['kind']} to {becomes['kind']}"
    if moved := [option for option in ("to", "db_column", "through") if was.get(option) != becomes.get(option)]:
        return f"another {moved[0]}"
    if old.null and not new.null:
        return "the version in service may write no value"
    if (new.unique and not old.unique) or (becomes.get("unique_for_date") and not was.get("unique_for_date")):
        return "the version in service may write the same value twice"
    if old.db_default is not models.NOT_PROVIDED and new.db_default is models.NOT_PROVIDED and not new.null:
        return "the version in service leaves the value to the database"
    for option in ("max_length", "max_digits", "decimal_places"):
        most, room = (getattr(one, option, None) for one in (old, new))
        if room is not None and (most is None or room < most):
            return f"the version in service may write more ({option} {most})"
    return None


def is_contract(name: str) -> bool:
    return name.split("/")[1].split("_", 1)[1].startswith(CONTRACT)


def problems(name: str, migration: migrations.Migration, before: ProjectState) -> list[str]:
    """What is wrong with a migration.

    Args:
        before: the models as they are before it; they are changed by it.
    """
    found, app = [], name.split("/")[0]
    made_here = {one.name.lower() for one in migration.operations if isinstance(one, migrations.CreateModel)}
    for operation in migration.operations:
        found.append(wrong_with(operation, name, before, made_here))
        operation.state_forwards(app, before)
    return [f"{name}: {one}" for one in found if one]


@pytest.mark.django_db  # Wagtail's default collection, in the first migrations, is a query
def test_migrations__not_published_yet__are_lived_through_by_the_version_in_service():
    loader, found = MigrationLoader(None), []
    for name in sorted(set(ours()) - released()):
        key = tuple(name.split("/"))
        found += problems(name, loader.disk_migrations[key], loader.project_state(key, at_end=False))
    assert not found, REMEDY


@pytest.mark.django_db  # Wagtail's default collection, in the first migrations, is a query
def test_sql__that_is_said_to_be_lived_through__is_in_a_migration_that_is_not_published():
    loader = MigrationLoader(None)
    for name in SQL:
        operations = loader.disk_migrations[tuple(name.split("/"))].operations
        assert any(isinstance(operation, migrations.RunSQL) for operation in operations), name
    assert not SQL.keys() & released(), "nobody asks any more: take its line away"


def test_published_migrations__of_the_list__are_still_there():
    assert released() - set(ours()) == set()


def judged(name: str, *operations: Operation) -> list[str]:
    """The problems of a migration of an application that has a page, some of whose columns are filled."""
    migration = migrations.Migration("0002_x", "app")
    migration.operations = list(operations)
    before = ProjectState()
    fields = [("id", models.AutoField(primary_key=True)), ("old", TEXT), ("free", models.CharField(null=True))]
    fields += [("given", models.CharField(max_length=10, db_default="")), ("part", models.DecimalField(9, 4, 2))]
    migrations.CreateModel("Page", fields).state_forwards("app", before)
    return problems(name, migration, before)


TEXT = models.CharField(max_length=10)
SQL_OF_OURS = migrations.RunSQL("UPDATE app_page SET old = ''")


def altered(column: str, field: models.Field) -> Operation:
    return migrations.AlterField("Page", column, field)


@pytest.mark.parametrize(
    ("name", "operation", "passes"),
    [
        ("app/0002_x", migrations.AddField("Page", "x", models.CharField(max_length=9, null=True)), True),
        ("app/0002_x", migrations.AddField("Page", "x", models.CharField(max_length=9, db_default="")), True),
        ("app/0002_x", migrations.AddField("Page", "x", models.CharField(db_default="", unique=True)), False),
        ("app/0002_x", migrations.AddField("Page", "x", models.CharField(null=True, unique=True)), True),
        ("app/0002_x", migrations.AddField("Page", "x", TEXT), False),
        ("app/0002_x", migrations.RemoveField("Page", "old"), False),
        ("app/0002_contract_x", migrations.RemoveField("Page", "old"), True),
        ("app/0002_contract_x", migrations.AddField("Page", "x", models.CharField(max_length=9, null=True)), False),
        ("app/0002_contract_x", altered("old", models.CharField(max_length=20)), False),
        ("app/0002_contract_x", migrations.DeleteModel("Page"), True),
        ("app/0002_x", migrations.DeleteModel("Page"), False),
        ("app/0002_x", migrations.RenameField("Page", "old", "y"), False),
        ("app/0002_x", migrations.RenameModel("Page", "Sheet"), False),
        ("app/0002_x", migrations.CreateModel("Sheet", [("x", TEXT)]), True),
        ("app/0002_x", migrations.AddIndex("Page", models.Index(fields=["old"], name="page_old")), True),
        ("app/0002_x", migrations.AlterUniqueTogether("Page", {("old", "free")}), False),
        ("app/0002_x", migrations.AlterUniqueTogether("Page", set()), True),
        ("app/0002_x", altered("old", models.CharField(max_length=20)), True),
        ("app/0002_x", altered("old", models.CharField(max_length=10, null=True)), True),
        ("app/0002_x", altered("old", models.CharField(max_length=10, verbose_name="x")), True),
        ("app/0002_x", altered("old", models.TextField()), True),
        ("app/0002_x", altered("old", models.CharField(max_length=9)), False),
        ("app/0002_x", altered("old", models.CharField(max_length=10, unique=True)), False),
        ("app/0002_x", altered("old", models.CharField(max_length=10, db_column="x")), False),
        ("app/0002_x", altered("old", models.IntegerField()), False),
        ("app/0002_x", altered("free", models.CharField(default="")), False),
        ("app/0002_x", altered("free", models.CharField(null=True, max_length=10)), False),
        ("app/0002_x", altered("given", TEXT), False),
        ("app/0002_x", altered("given", models.CharField(max_length=10, null=True)), True),
        ("app/0002_x", altered("part", models.DecimalField(9, max_digits=3, decimal_places=2)), False),
        ("app/0002_x", SQL_OF_OURS, False),
        ("app/0002_contract_x", SQL_OF_OURS, False),
        ("core/0006_admin_search_by_entry", SQL_OF_OURS, True),
        (
            "app/0002_x",
            migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("Page", "old")]),
            True,
        ),
        (
            "app/0002_x",
            migrations.SeparateDatabaseAndState(database_operations=[migrations.RemoveField("Page", "old")]),
            False,
        ),
        ("app/0002_x", migrations.SeparateDatabaseAndState(database_operations=[SQL_OF_OURS]), False),
    ],
)
def test_problems__one_operation__passes_or_not(name, operation, passes):
    assert (judged(name, operation) == []) is passes


def test_problems__column_of_a_table_made_with_it__passes():
    made = migrations.CreateModel("Sheet", [("y", TEXT)])
    shorter = migrations.AlterField("Sheet", "y", models.CharField(max_length=5, unique=True))
    assert judged("app/0002_x", made, migrations.AddField("Sheet", "x", TEXT), shorter) == []


def test_problems__column_widened_then_narrowed__are_of_what_it_is_before_each():
    longer, shorter = (altered("old", models.CharField(max_length=length)) for length in (20, 15))
    assert len(judged("app/0002_x", longer, shorter)) == 1

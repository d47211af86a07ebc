"""Migrations that the version in service lives through: it goes on answering while the next one's are applied.

What is new is added in one version (expand); what is no longer used goes in a later one, in a migration named
``…_contract_…``, when no version in service reads it (contract). `docs/hosting.md` says how.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

ROOT = Path(__file__).resolve().parents[2]
# Those that every installation has, or that none had before: the line is added when a version is published.
RELEASED = ROOT / "docs" / "released-migrations.txt"
CONTRACT = "contract_"
GOES = (migrations.RemoveField, migrations.DeleteModel, migrations.RemoveConstraint)
MOVES = (migrations.RenameField, migrations.RenameModel, migrations.AlterModelTable)
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


def wrong_with(operation: Operation, made_here: set[str], *, contract: bool) -> str | None:
    """What the version in service would stumble on, ``None`` if it would not notice."""
    model = (getattr(operation, "model_name", None) or getattr(operation, "name", "") or "").lower()
    told = operation.describe()
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        inner = [wrong_with(one, made_here, contract=contract) for one in operation.database_operations]
        return next((one for one in inner if one), None)
    if isinstance(operation, MOVES):
        return f"{told}: the version in service asks for the old name"
    if isinstance(operation, GOES):
        return None if contract else f"{told}: in a migration named {CONTRACT}…, a version later"
    if contract:
        return f"{told}: a contraction only takes away"
    if model in made_here:
        return None
    if isinstance(operation, migrations.AddField):
        field = operation.field
        fills_itself = field.null or field.many_to_many or field.db_default is not models.NOT_PROVIDED
        return (
            None if fills_itself else f"{told}: null=True or db_default, for rows that the version in service writes"
        )
    if isinstance(operation, migrations.AddConstraint):
        return f"{told}: the version in service may write rows that it refuses"
    if isinstance(operation, migrations.AlterField) and not operation.field.null and operation.preserve_default:
        return f"{told}: tell that it only widens, by listing it in {RELEASED.name}"
    return None


def problems(name: str, migration: migrations.Migration) -> list[str]:
    contract = name.split("/")[1].split("_", 1)[1].startswith(CONTRACT)
    made_here = {one.name.lower() for one in migration.operations if isinstance(one, migrations.CreateModel)}
    found = [wrong_with(operation, made_here, contract=contract) for operation in migration.operations]
    return [f"{name}: {one}" for one in found if one]


def test_migrations__not_published_yet__are_lived_through_by_the_version_in_service():
    found = []
    for name in set(ours()) - released():
        app, stem = name.split("/")
        module = importlib.import_module(f"{apps.get_app_config(app).name}.migrations.{stem}")
        found += problems(name, module.Migration(stem, app))
    assert not found, REMEDY


def test_published_migrations__of_the_list__are_still_there():
    assert released() - set(ours()) == set()


def made(*operations: Operation) -> migrations.Migration:
    migration = migrations.Migration("0002_x", "app")
    migration.operations = list(operations)
    return migration


TEXT = models.CharField(max_length=10)


@pytest.mark.parametrize(
    ("name", "operation", "passes"),
    [
        ("app/0002_x", migrations.AddField("Page", "x", models.CharField(max_length=9, null=True)), True),
        ("app/0002_x", migrations.AddField("Page", "x", models.CharField(max_length=9, db_default="")), True),
        ("app/0002_x", migrations.AddField("Page", "x", TEXT), False),
        ("app/0002_x", migrations.RemoveField("Page", "x"), False),
        ("app/0002_contract_x", migrations.RemoveField("Page", "x"), True),
        ("app/0002_contract_x", migrations.AddField("Page", "x", models.CharField(max_length=9, null=True)), False),
        ("app/0002_contract_x", migrations.DeleteModel("Page"), True),
        ("app/0002_x", migrations.DeleteModel("Page"), False),
        ("app/0002_x", migrations.RenameField("Page", "x", "y"), False),
        ("app/0002_x", migrations.RenameModel("Page", "Sheet"), False),
        ("app/0002_x", migrations.CreateModel("Page", [("x", TEXT)]), True),
        ("app/0002_x", migrations.AddIndex("Page", models.Index(fields=["x"], name="page_x")), True),
        (
            "app/0002_x",
            migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("Page", "x")]),
            True,
        ),
        (
            "app/0002_x",
            migrations.SeparateDatabaseAndState(database_operations=[migrations.RemoveField("Page", "x")]),
            False,
        ),
    ],
)
def test_problems__one_operation__passes_or_not(name, operation, passes):
    assert (problems(name, made(operation)) == []) is passes


def test_problems__column_of_a_table_made_with_it__passes():
    migration = made(migrations.CreateModel("Page", [("y", TEXT)]), migrations.AddField("Page", "x", TEXT))
    assert problems("app/0002_x", migration) == []

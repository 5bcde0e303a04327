"""Migrations don't stop a platform that runs. New ones pass; those before the first release may not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState
from django.db.models.functions import Now
from migration_locks import faults

from casier.audit.migrating import AddIndexBeside

# Nothing was released before this day: no platform runs through these. The list only ever gets shorter.
BASELINE_OF = date(2026, 11, 23)
BASELINE = frozenset(
    {
        "audit.0002_search",
        "directory.0006_people",
        "directory.0007_person_keys",
        "directory.0014_members_of_today",
        "identity.0002_passwords_kept_and_programs",
        "identity.0003_programs_under_approval",
        "links.0002_days",
        "writing.0002_templates_of_mailboxes",
    }
)


def found() -> dict[str, list[str]]:
    """What each migration of ours would do to a platform that runs."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {key for key in loader.graph.nodes if loader.disk_migrations[key].__module__.startswith("casier.")}
    told = {}
    for app, name in sorted(ours):
        migration = loader.disk_migrations[app, name]
        before = loader.project_state((app, name), at_end=False)
        if reasons := list(faults(migration, before)):
            told[f"{app}.{name}"] = reasons
    return told


def test_no_migration_stops_a_running_platform() -> None:
    told = {name: reasons for name, reasons in found().items() if name not in BASELINE}
    assert not told, told


def test_the_baseline_names_what_is_there_and_fails() -> None:
    assert set(found()) >= BASELINE
    assert date(2026, 11, 23) == BASELINE_OF


def checked(*operations: Any, atomic: bool = True) -> list[str]:
    """What is told of a migration of OPERATIONS on a table in use: "row"(id, name)."""
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=50, null=True)),
        ("size", models.IntegerField()),
    ]
    state = ProjectState()
    state.add_model(ModelState("audit", "row", fields))
    migration = migrations.Migration("0002", "audit")
    migration.operations, migration.atomic = list(operations), atomic
    return list(faults(migration, state))


def nothing(_apps: Any, _editor: Any) -> None: ...


INDEX = models.Index(fields=["name"], name="by_name")
ADD = migrations.AddField


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddIndex("row", INDEX),
        migrations.AddConstraint("row", models.UniqueConstraint(fields=["name"], name="once")),
        migrations.AddConstraint("row", models.CheckConstraint(condition=models.Q(size__gt=0), name="some")),
        ADD("row", "more", models.IntegerField()),
        ADD("row", "more", models.PositiveIntegerField(default=0)),
        ADD("row", "more", models.CharField(max_length=5, default="", db_index=True)),
        ADD("row", "more", models.DateTimeField(db_default=Now())),
        migrations.AlterField("row", "name", models.CharField(max_length=50, default="")),
        migrations.AlterField("row", "name", models.CharField(max_length=20, null=True)),
        migrations.AlterField("row", "name", models.CharField(max_length=50, null=True, unique=True)),
        migrations.AlterField("row", "size", models.BigIntegerField()),
        migrations.RunPython(nothing),
        migrations.RunSQL("CREATE INDEX x ON audit_row (name)"),
        migrations.RunSQL("ALTER TABLE audit_row ALTER COLUMN size SET NOT NULL"),
    ],
)
def test_what_would_stop_it_is_told(operation: Any) -> None:
    assert checked(operation)


@pytest.mark.parametrize(
    "operation",
    [
        ADD("row", "more", models.IntegerField(default=0, db_default=0)),
        ADD("row", "more", models.CharField(max_length=50, default="")),
        ADD("row", "more", models.DateTimeField(null=True)),
        migrations.AlterField("row", "name", models.CharField(max_length=80, null=True)),
        migrations.AlterField("row", "name", models.TextField(null=True)),
        migrations.AlterField("row", "size", models.IntegerField(null=True)),
        migrations.RemoveField("row", "name"),
        migrations.RunSQL("CREATE INDEX CONCURRENTLY x ON audit_row (name)"),
    ],
)
def test_what_does_not_is_not(operation: Any) -> None:
    assert checked(operation) == []


def test_an_index_is_made_beside_the_work_of_others() -> None:
    assert checked(AddIndexBeside("row", INDEX), atomic=False) == []
    assert checked(AddIndexBeside("row", INDEX))
    assert checked(migrations.RunPython(nothing), atomic=False) == []


def test_data_and_tables_are_not_changed_in_one() -> None:
    assert checked(ADD("row", "more", models.IntegerField(null=True)), migrations.RunPython(nothing))


def test_of_a_table_that_is_new_nothing_is_told() -> None:
    new = migrations.CreateModel(
        "new", [("id", models.BigAutoField(primary_key=True)), ("a", models.IntegerField())]
    )
    index = migrations.AddIndex("new", models.Index(fields=["a"], name="of_new"))
    assert checked(new, index, ADD("new", "b", models.PositiveIntegerField())) == []

"""What of a migration would stop a platform that runs on PostgreSQL: found in its operations.

Told are only operations on tables that were there before. What a migration makes itself, nobody uses yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.models.expressions import Value

# Tables of tens or thousands of rows, whatever the academy: a lock lasts milliseconds.
SMALL = frozenset(
    {
        "announcements.announcement", "directory.academy", "directory.functionalmailbox",
        "directory.maildomain", "directory.mandate", "directory.network", "directory.school",
        "directory.store", "directory.webhost",
        "feed.run", "groups.group", "policies.policyrevision",
    }
)  # fmt: skip
# Types by what PostgreSQL calls them: no connection is made.
_POSTGRESQL = DatabaseWrapper({"TIME_ZONE": None, "OPTIONS": {}}, "types")
_INDEX = re.compile(r"\bCREATE\s+(?:UNIQUE\s+)?INDEX\b(?!\s+CONCURRENTLY)", re.IGNORECASE)
_REWRITES = re.compile(
    r"\bALTER\s+TABLE\b.*\b(?:TYPE|SET\s+NOT\s+NULL|ADD\s+CONSTRAINT)\b", re.IGNORECASE | re.S
)


def faults(migration: migrations.Migration, state: Any) -> Iterator[str]:
    """Why MIGRATION isn't for a platform that runs; STATE is that before it."""
    made: set[str] = set()
    kinds = {type(one) for one in migration.operations}
    for operation in migration.operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from _each(operation.database_operations, made, state, migration)
        else:
            yield from _each([operation], made, state, migration)
        operation.state_forwards(migration.app_label, state)
    data = kinds & {migrations.RunPython, migrations.RunSQL}
    if data and kinds - data and migration.atomic:
        yield "data and tables are changed in one transaction: the lock lasts as long as the data"


def _each(
    operations: list[Any], made: set[str], state: Any, migration: migrations.Migration
) -> Iterator[str]:
    for operation in operations:
        if isinstance(operation, migrations.CreateModel):
            made.add(operation.name_lower)
            continue
        name = getattr(operation, "model_name_lower", "")
        if name not in made and f"{migration.app_label}.{name}" not in SMALL:
            yield from _in_use(operation, state, migration)


def _in_use(operation: Any, state: Any, migration: migrations.Migration) -> Iterator[str]:
    """About an operation on a table in use."""
    if isinstance(operation, AddIndexConcurrently | RemoveIndexConcurrently):
        if migration.atomic:
            yield f"{operation.index.name}: CONCURRENTLY needs `atomic = False`"
    elif isinstance(operation, migrations.AddIndex):
        yield f"{operation.index.name}: an index of a table in use is made by `AddIndexBeside`"
    elif isinstance(operation, migrations.AddConstraint):
        yield f"{operation.constraint.name}: a constraint reads the whole table under a lock"
    elif isinstance(operation, migrations.AddField):
        yield from (f"{operation.name}: {fault}" for fault in _new_field(operation.field))
    elif isinstance(operation, migrations.AlterField):
        before = state.models[migration.app_label, operation.model_name_lower].fields[operation.name]
        yield from (f"{operation.name}: {fault}" for fault in _other_field(before, operation.field))
    elif isinstance(operation, migrations.RunSQL):
        yield from _statements(str(operation.sql))
    elif isinstance(operation, migrations.RunPython) and migration.atomic:
        yield "data is changed in one transaction: `atomic = False`, and in portions"


def _new_field(field: Any) -> Iterator[str]:
    if isinstance(field, models.ManyToManyField):
        return
    # Text that may be blank is blank for the rows that are there.
    given = field.has_default() or field.has_db_default() or (field.blank and field.empty_strings_allowed)
    if not field.null and not given and not isinstance(field, models.GeneratedField):
        yield "not null, and nothing for the rows that are there"
    if isinstance(field, models.GeneratedField):
        yield "a generated column writes every row"
    if field.has_db_default() and not isinstance(field.db_default, Value | int | str | bool | float):
        yield "a default that the database works out writes every row"
    yield from _read_whole(field)


def _other_field(before: Any, after: Any) -> Iterator[str]:
    if isinstance(after, models.ManyToManyField):
        return
    if not _same_or_wider(_type(before), _type(after)):
        yield f"another type ({_type(before)} to {_type(after)}) writes every row"
    if before.null and not after.null:
        yield "NOT NULL reads the whole table under a lock"
    if set(_read_whole(after)) - set(_read_whole(before)):
        yield from set(_read_whole(after)) - set(_read_whole(before))


def _read_whole(field: Any) -> Iterator[str]:
    """What of FIELD makes PostgreSQL read the whole table, or make an index, while it is locked."""
    if field.unique or field.db_index:
        yield "an index of a table in use is made by `AddIndexBeside`: db_index=False first"
    if field.get_internal_type() in _POSTGRESQL.data_type_check_constraints:
        yield "a check (Positive…Field) reads the whole table under a lock"


def _type(field: Any) -> str:
    """What PostgreSQL calls it; a key has the type of what it leads to, which stays."""
    return "key" if field.is_relation else str(field.db_type(_POSTGRESQL))


def _same_or_wider(before: str, after: str) -> bool:
    if before == after or (before.startswith("varchar") and after == "text"):
        return True
    sizes = [re.fullmatch(r"varchar\((\d+)\)", one) for one in (before, after)]
    return bool(sizes[0] and sizes[1] and int(sizes[0][1]) <= int(sizes[1][1]))


def _statements(sql: str) -> Iterator[str]:
    if _INDEX.search(sql):
        yield "CREATE INDEX without CONCURRENTLY"
    if _REWRITES.search(sql):
        yield "ALTER TABLE that reads or writes the whole table"

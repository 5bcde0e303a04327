"""What tests of the database go without, because it would cost more than they do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

# Rows, in the tables that have some. TRUNCATE makes the files of every table and index anew, filled or not.
# Only who administers the server may leave out the checks between tables; another gets TRUNCATE.
EMPTY = """DO $$
DECLARE
    one regclass;
    every regclass[] := ARRAY[{tables}]::regclass[];
BEGIN
    IF current_setting('is_superuser') = 'on' THEN
        PERFORM set_config('session_replication_role', 'replica', true);
        FOREACH one IN ARRAY every LOOP
            EXECUTE format('DELETE FROM %s', one);
        END LOOP;
    ELSE
        EXECUTE 'TRUNCATE ' || array_to_string(every, ', ');
    END IF;
END $$"""


def emptying(self: Any, _style: object, tables: Sequence[str], **more: bool) -> list[str]:
    """The flush between two tests, as PostgreSQL is asked for it; numbers go on counting."""
    assert not any(more.values()), more
    names = ", ".join("'{}'".format(self.quote_name(table).replace("'", "''")) for table in tables)
    return [EMPTY.format(tables=names)] if tables else []


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """A database that is emptied quickly, and forgotten by a power cut.

    Django would also write its list of models and permissions anew after each test. Nothing reads it:
    `test_test_database.py` says so.
    """
    from django.core.management.commands import flush
    from django.db import connections
    from django.db.backends.postgresql.operations import DatabaseOperations

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_, **__: None)
        patch.setattr(DatabaseOperations, "sql_flush", emptying)
        for options in (database["OPTIONS"] for database in connections.settings.values()):
            if "init_command" in options:
                without = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
                patch.setitem(options, "init_command", without)
        yield


@pytest.fixture(autouse=True)
def _no_language_stays() -> Iterator[None]:
    """The language of the last page that a test asked for isn't the next one's."""
    yield
    from django.utils import translation

    translation.deactivate()

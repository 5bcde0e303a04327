"""On PostgreSQL a search for three letters or more is answered by an index, and lists come in order from one.

SQLite reads the whole table faster than it would look rows up by an index of names.
"""

import logging

from django.db import DatabaseError, migrations

log = logging.getLogger(__name__)
INDEXES = (
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS find_line_name ON directory_findline (name, account_id)",
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS find_line_text ON directory_findline "
    "USING gin (text gin_trgm_ops)",
)


def make(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        for statement in INDEXES:
            schema_editor.execute(statement)
    except DatabaseError as error:  # the database's owner may not, or the extension isn't there
        log.warning("People are searched for without an index (pg_trgm): %s", error)


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in ("find_line_name", "find_line_text"):
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("directory", "0014_members_of_today")]
    operations = [migrations.RunPython(make, unmake)]

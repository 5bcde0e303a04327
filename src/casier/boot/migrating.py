"""Migrating a platform that runs: a migration waits its turn, and never makes others wait for long.

On PostgreSQL whoever waits for a table's lock makes everyone wait who comes after: one forgotten session and
one ALTER TABLE stop a platform. So a migration waits a few seconds, gives up its place in the queue, lets the
others pass, and tries again; meanwhile it says who holds what it waits for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from casier.boot.words import say

# Nobody else waits longer than this for a migration that waits…
LOCK_SECONDS = 3
# …which lets the others pass for so long, and gives up after so many times: about ten minutes.
PAUSES = (1, 2, 5, *([10] * 40))
_LOCK_NOT_AVAILABLE = "55P03"
# Which sessions hold locks on tables in a transaction of their own, the longest first.
_HOLDERS = """
    SELECT a.pid, coalesce(a.application_name, ''), coalesce(a.state, ''),
           extract(epoch FROM clock_timestamp() - a.xact_start)::int,
           string_agg(DISTINCT c.relname, ', ' ORDER BY c.relname)
    FROM pg_locks l
    JOIN pg_stat_activity a ON a.pid = l.pid
    JOIN pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'p')
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    WHERE l.granted AND a.datname = current_database() AND a.pid <> pg_backend_pid()
      AND a.xact_start IS NOT NULL
    GROUP BY 1, 2, 3, 4 ORDER BY 4 DESC LIMIT 3
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """A session that holds locks; nothing of what it asks is told, as it may name people."""

    pid: int
    program: str
    state: str
    seconds: int
    tables: str

    def __str__(self) -> str:
        program = f" ({self.program})" if self.program else ""
        return say(
            f"session {self.pid}{program}, {self.state}, depuis {self.seconds} s, tables {self.tables}",
            f"session {self.pid}{program}, {self.state}, for {self.seconds} s, tables {self.tables}",
        )


class StillHeld(OperationalError):
    """The locks weren't free in all that time."""


def patiently(
    work: Callable[[], Any],
    tell: Callable[[str], None] = print,
    sleep: Callable[[float], None] = time.sleep,
    database: BaseDatabaseWrapper | None = None,
) -> None:
    """Do WORK, which migrates. Raises StillHeld where somebody holds a table all the time.

    WORK can be begun again: a migration is done as a whole or not at all, and what is done isn't done twice.
    """
    used = database or connection
    if used.vendor != "postgresql":
        work()
        return
    _limit(used, f"{LOCK_SECONDS}s")
    try:
        for pause in PAUSES:
            try:
                work()
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
                    raise
                tell(_told(holders(used), pause))
                sleep(pause)
            else:
                return
        raise StillHeld(_told(holders(used), 0))
    finally:
        _limit(used, "0")


def holders(database: BaseDatabaseWrapper) -> list[Holder]:
    """Who holds locks on tables now."""
    with database.cursor() as cursor:
        cursor.execute(_HOLDERS)
        return [Holder(*row) for row in cursor.fetchall()]


def _limit(database: BaseDatabaseWrapper, value: str) -> None:
    with database.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [value])


def _told(found: list[Holder], pause: float) -> str:
    who = " ; ".join(map(str, found)) or say("personne qui se voie", "nobody to be seen")
    again = say(f" Nouvel essai dans {pause:g} s.", f" Trying again in {pause:g} s.") if pause else ""
    return (
        say(
            f"La migration attend une table que tient\u00a0: {who}.",
            f"The migration waits for a table held by {who}.",
        )
        + again
    )

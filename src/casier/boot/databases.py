"""From an instance to Django's DATABASES: SQLite unless the instance names a PostgreSQL."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from casier.boot.words import say
from casier.kernel.instance import Instance, InstanceError

TEST_DATABASE_ENV = "CASIER_TEST_DATABASE_URL"
# A writer waits this long for another; every transaction of ours takes milliseconds.
BUSY_SECONDS = 20
# A host that is silent is away: nobody waits two minutes for it, as the library would.
CONNECT_SECONDS = 10


def database_settings(instance: Instance, *, throwaway: bool) -> dict[str, Any]:
    """Django's settings of the platform's database. A throwaway instance obeys CASIER_TEST_DATABASE_URL."""
    url = instance.database_url
    if throwaway:
        url = os.environ.get(TEST_DATABASE_ENV, "")
    settings = _postgresql(url) if url else _sqlite(instance)
    if throwaway and not url:
        # A file, as in real use: threads that share a database in memory are refused instead of waiting.
        settings["TEST"] = {"NAME": instance.data / "platform" / "test.sqlite3"}
    return settings


def check_url(url: str) -> None:
    """Raises InstanceError where URL can't be a database's; empty is SQLite in the instance."""
    if url:
        _postgresql(url)


def _sqlite(instance: Instance) -> dict[str, Any]:
    """SQLite in WAL: readers don't wait.

    IMMEDIATE: a transaction that will write never fails half-way with SQLITE_BUSY.
    `synchronous=FULL`: what was answered with "accepted" survives a power cut.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        # Opening the file and its pragmas anew cost a third of a request's CPU.
        "CONN_MAX_AGE": None,
        "NAME": instance.data / "platform" / "casier.sqlite3",
        "OPTIONS": {
            "timeout": BUSY_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-4000;",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    """`postgresql://user:password@host:port/name?sslmode=…`; a socket folder may stand as `?host=/run/…`."""
    try:
        parts = urlsplit(url)
        name, port = unquote(parts.path.removeprefix("/")), parts.port
    except ValueError:  # its message may hold a part of the password
        raise _unreadable() from None
    # A slash that isn't escaped is one of the password's: the rest of it would be shown as a name.
    if parts.scheme not in {"postgresql", "postgres"} or not name or "/" in name or parts.fragment:
        raise _unreadable()
    query = {"connect_timeout": str(CONNECT_SECONDS), **dict(parse_qsl(parts.query))}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(query.pop("port", port or "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


def _unreadable() -> InstanceError:
    return InstanceError(
        say(
            "L’adresse de la base de données ne se lit pas. Forme attendue\u00a0: "
            "postgresql://nom:secret@hôte:5432/base, ou postgresql://nom@/base?host=/dossier ; "
            "les signes / : @ # ? % d’un mot de passe s’écrivent %2F %3A %40 %23 %3F %25.",
            "The database’s address can’t be read. It looks like "
            "postgresql://name:secret@host:5432/database, or postgresql://name@/database?host=/folder; "
            "the signs / : @ # ? % of a password are written "
            "%2F %3A %40 %23 %3F %25.",
        )
    )

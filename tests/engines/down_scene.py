"""What may be down: the database, Redis, the disk; each as a context in which it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from casier.identity.redis_link import redis

REFERENCE = re.compile(r"R-\w{4}-\w{4}")
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@contextmanager
def refusing(wrong: Exception, which: Callable[[str], bool]) -> Iterator[None]:
    """The database answers WRONG to the statements that are WHICH."""

    def answer(execute: Any, sql: str, *rest: Any) -> Any:
        if which(sql):
            raise wrong
        return execute(sql, *rest)

    with connection.execute_wrapper(answer):
        yield


def writes(sql: str) -> bool:
    return sql.lstrip().upper().startswith(WRITES)


@contextmanager
def redis_gone() -> Iterator[None]:
    path = settings.REDIS_SOCKET
    settings.REDIS_SOCKET = Path("/nonexistent/redis.sock")
    try:
        yield
    finally:
        settings.REDIS_SOCKET = path


@contextmanager
def redis_full() -> Iterator[None]:
    """What it has, it tells; it takes nothing more."""
    redis().config_set("maxmemory", "1")
    try:
        yield
    finally:
        redis().config_set("maxmemory", "0")


DOWN: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "database-stopped": lambda: refusing(OperationalError("no connection"), lambda _: True),
    "database-cut": lambda: refusing(InterfaceError("the connection is closed"), lambda _: True),
    "database-full": lambda: refusing(OperationalError("database or disk is full"), writes),
    "redis-stopped": redis_gone,
    "redis-full": redis_full,
}

"""This process's connection to the Redis of its instance."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from casier.kernel.errors import Unavailable

# A page waits this long for Redis before it says that something is down.
ANSWER_SECONDS = 2.0


def redis() -> Redis:
    """The client of the instance's Redis; it opens connections as threads need them."""
    return _client(str(settings.REDIS_SOCKET))


@lru_cache(maxsize=4)
def _client(path: str) -> Redis:
    return Redis(
        unix_socket_path=path,
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 1),
        decode_responses=True,
    )


@contextmanager
def answering() -> Iterator[Redis]:
    """The client, every failure of which becomes Unavailable: unknown is not no."""
    try:
        yield redis()
    except (RedisError, OSError) as error:
        raise Unavailable("redis", cause=type(error).__name__) from error

"""How much a service may ask for. Counters live in Redis, which must answer: without it, nothing is let in.

casier:service:<id>:minute              requests in this minute (expires)
casier:service:<id>:<account id>        notifications for one person in this hour (expires)
casier:service-wrong:<digest of source> wrong tokens from one place in this quarter of an hour (expires)
"""

from __future__ import annotations

import hashlib
import math

from redis import Redis

from casier.identity.redis_link import answering
from casier.kernel.published import PREFIX
from casier.mailbox.notifications.errors import TooOften

A_MINUTE = 600
FOR_ONE_PERSON_AN_HOUR = 30
WRONG_TOKENS = 30
_MINUTE, _QUARTER, _HOUR = 60, 900, 3600


def may_ask(service: str) -> None:
    """Count one request of SERVICE. Raises TooOften."""
    with answering() as redis:
        _count(redis, f"{PREFIX}service:{service}:minute", A_MINUTE, _MINUTE)


def may_notify(service: str, account: str) -> None:
    """Count one notification for ACCOUNT: nobody's bell is flooded. Raises TooOften."""
    with answering() as redis:
        _count(redis, f"{PREFIX}service:{service}:{account}", FOR_ONE_PERSON_AN_HOUR, _HOUR)


def may_try_token(source: str) -> None:
    """Raise TooOften where SOURCE has come with too many wrong tokens."""
    with answering() as redis:
        key = _source(source)
        if int(str(redis.get(key) or 0)) >= WRONG_TOKENS:
            raise TooOften(retry_after=_left(redis, key, _QUARTER), source=source)


def wrong_token(source: str) -> None:
    """Count a token that is none."""
    with answering() as redis:
        key = _source(source)
        if int(str(redis.incr(key))) == 1:
            redis.expire(key, _QUARTER)


def _count(redis: Redis, key: str, most: int, seconds: int) -> None:
    count = int(str(redis.incr(key)))
    if count == 1:
        redis.expire(key, seconds)
    if count > most:
        raise TooOften(retry_after=_left(redis, key, seconds), most=most)


def _left(redis: Redis, key: str, seconds: int) -> int:
    left = math.ceil(int(str(redis.pttl(key))) / 1000)
    if left <= 0:
        # Whoever was to set the end died before: it must not stay closed for ever.
        redis.expire(key, seconds)
        return seconds
    return left


def _source(source: str) -> str:
    return f"{PREFIX}service-wrong:{hashlib.sha256(source.encode()).hexdigest()[:32]}"

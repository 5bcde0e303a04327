"""Limits on what is tried at the pages of passwords, counted in Redis for the account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from casier.directory.models import Account
from casier.identity.redis_link import answering
from casier.kernel import published


@dataclass(frozen=True, slots=True)
class Limit:
    """So many of a kind within so many seconds of the first."""

    name: str
    most: int
    seconds: int


# As one types, some three a second at most: for a few minutes.
WEIGHING: Final = Limit("weighed", 300, 600)
# What passes the rules is hashed several times: against the present one and those before.
SETTING: Final = Limit("set", 20, 3600)
# Whoever sits at someone else's open session doesn't find the password by trying.
CONFIRMING: Final = Limit("confirmed", 5, 900)


def _key(account: Account, limit: Limit) -> str:
    return f"{published.PREFIX}tries:password:{limit.name}:{account.public_id}"


def seconds_to_wait(account: Account, limit: Limit) -> int:
    """Count one more; how long to wait when it is one too many, else 0.

    Counted before anything is looked at: many at once gain nothing.
    """
    key = _key(account, limit)
    with answering() as redis:
        pipeline = redis.pipeline(transaction=True)
        pipeline.set(key, 0, ex=limit.seconds, nx=True)
        pipeline.incr(key)
        pipeline.ttl(key)
        _, count, left = pipeline.execute()
    return max(1, int(left)) if int(count) > limit.most else 0


def forget(account: Account, limit: Limit) -> None:
    """It was right: the count starts again."""
    with answering() as redis:
        redis.delete(_key(account, limit))

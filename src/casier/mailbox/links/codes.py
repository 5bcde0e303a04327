"""Codes by which someone outside shows that an address is theirs.

The page does the same for every address: it puts the question into a queue. The worker alone looks whether
the address was written to, so neither the answer nor its time tells. A code is kept as a keyed hash for a
quarter of an hour and dies with the fifth wrong try.

    casier:link-asked                         list: {"link", "address", "language"}
    casier:link-code:<link>:<digest>          hash of the code (expires)
    casier:link-tries:<link>:<digest>         tries of this code (expires)
    casier:link-asks:<link>:<digest>          codes asked for in this hour (expires)
    casier:link-source:<digest of the source> codes and passwords tried from one place in this hour (expires)
    casier:link-password:<link>:<digest>      wrong passwords in this hour (expires)
"""

from __future__ import annotations

import json
import secrets
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from redis import Redis

from casier.audit.wake import wake_worker
from casier.identity.redis_link import answering
from casier.kernel import published

DIGITS = 8
LIFE_SECONDS = 900
MOST_TRIES = 5
MOST_ASKS = 5  # an address, a link, an hour
MOST_FROM_ONE_SOURCE = 60  # a whole school may come from one
MOST_PASSWORDS = 10
_HOUR = 3600
ASKED = published.PREFIX + "link-asked"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who says to be whom, and from where."""

    link: uuid.UUID
    address: str
    source: str

    @property
    def digest(self) -> str:
        """An address as a key: no address stands in Redis in clear for longer than the queue."""
        return _mac("address", f"{self.link.hex}:{self.address}")[:32]

    def key(self, kind: str) -> str:
        return f"{published.PREFIX}link-{kind}:{self.link.hex}:{self.digest}"


def ask(visitor: Visitor, language: str) -> bool:
    """Have a code sent, if the address is one of the link's. False when this place asked too often."""
    with answering() as redis:
        if not _within(redis, _source_key(visitor.source), MOST_FROM_ONE_SOURCE, _HOUR):
            return False
        if _within(redis, visitor.key("asks"), MOST_ASKS, _HOUR):
            question = {"link": visitor.link.hex, "address": visitor.address, "language": language}
            redis.rpush(ASKED, json.dumps(question))
            wake_worker(settings.REDIS_SOCKET)
    return True


def draw(visitor: Visitor) -> str:
    """A fresh code for VISITOR; the one before is worth nothing from now on. Called by the worker."""
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    with answering() as redis:
        redis.set(visitor.key("code"), _code_mac(visitor, code), ex=LIFE_SECONDS)
        redis.delete(visitor.key("tries"))
    return code


def right(visitor: Visitor, typed: str) -> bool:
    """Whether TYPED is the visitor's code. A code opens once; tries are counted before it is looked at."""
    code = "".join(letter for letter in typed if letter.isascii() and letter.isdigit())
    with answering() as redis:
        if not _within(redis, _source_key(visitor.source), MOST_FROM_ONE_SOURCE, _HOUR):
            return False
        if not _within(redis, visitor.key("tries"), MOST_TRIES, LIFE_SECONDS):
            redis.delete(visitor.key("code"))
            return False
        kept = redis.get(visitor.key("code")) or ""
        same = constant_time_compare(str(kept), _code_mac(visitor, code))
        # Of two that come at once with the right code, one gets in.
        return same and bool(redis.delete(visitor.key("code")))


def may_try_password(visitor: Visitor) -> bool:
    """Count a try of the link's password; False once there were too many in this hour."""
    with answering() as redis:
        return _within(redis, visitor.key("password"), MOST_PASSWORDS, _HOUR)


def next_asked() -> tuple[Visitor, str] | None:
    """What the page has put into the queue, the oldest first."""
    with answering() as redis:
        text = redis.lpop(ASKED)
    if not isinstance(text, str):
        return None
    question = json.loads(text)
    return Visitor(uuid.UUID(question["link"]), question["address"], ""), str(question["language"])


def _within(redis: Redis, key: str, most: int, seconds: int) -> bool:
    """Count one more under KEY; whether it is still among the first MOST."""
    count = int(redis.incr(key))
    if count == 1:
        redis.expire(key, seconds)
    return count <= most


def _source_key(source: str) -> str:
    return f"{published.PREFIX}link-source:{_mac('source', source)[:32]}"


def _code_mac(visitor: Visitor, code: str) -> str:
    return _mac("code", f"{visitor.link.hex}:{visitor.address}:{code}")


def _mac(kind: str, value: str) -> str:
    return salted_hmac(f"casier.links.{kind}", value, algorithm="sha256").hexdigest()

"""What is blocked now, for the help desk, self-repair and the person themselves."""

from __future__ import annotations

import time
from dataclasses import dataclass

from redis import Redis

from casier.directory.access import accounts_by_id
from casier.directory.models import Academy, Account
from casier.identity import sessions
from casier.identity.guard import knowing, lanes
from casier.identity.guard.lanes import Lane
from casier.identity.redis_link import answering
from casier.policies.api import policy_for


@dataclass(frozen=True, slots=True)
class BlockedLane:
    """One way in that is shut: wrong passwords of unknown devices, of one device, or wrong second factors."""

    lane: str  # "unknown", "device", "all" (strict policy), "factor", "one_device" (monoposte)
    since: int  # unix seconds
    until: int  # unix seconds; 0: until somebody unlocks it
    why: str  # "passwords", "factors", "one_device"
    sources: tuple[str, ...] = ()  # the addresses the last wrong tries came from
    device: str = ""  # of lane "device": the browser in words


@dataclass(frozen=True, slots=True)
class Block:
    """What is blocked of an account now."""

    account: str  # public id
    lanes: tuple[BlockedLane, ...]


def block_of(account: Account) -> Block | None:
    """What is blocked of ACCOUNT; None when nothing is."""
    now = time.time()
    labels = knowing.lanes_of(account)
    with answering() as redis:
        found = [_blocked(redis, account.public_id, lane, label, now) for lane, label in labels.items()]
    shut = [lane for lane in found if lane is not None]
    until = sessions.frozen_until(account.public_id)
    if until > now:
        seconds = policy_for(account.academy).sessions.suspend_minutes * 60
        shut.append(BlockedLane("one_device", until - seconds, until, "one_device"))
    return Block(account.public_id, tuple(shut)) if shut else None


def active_blocks(academy: Academy) -> list[Block]:
    """Whose lanes are locked now in ACADEMY, the latest lock first."""
    now = time.time()
    with answering() as redis:
        key = lanes.blocked_key(academy.slug)
        redis.zremrangebyscore(key, "-inf", now)
        people = {str(member).partition(" ")[0] for member in redis.zrange(key, 0, -1)}
    blocks = [block_of(account) for account in accounts_by_id(sorted(people))]
    return sorted(
        (block for block in blocks if block is not None),
        key=lambda block: -max(lane.since for lane in block.lanes),
    )


def _blocked(redis: Redis, person: str, lane: str, label: str, now: float) -> BlockedLane | None:
    shut = lanes.shut(redis, person, lane, now)
    if shut is None:
        return None
    kind = lane.partition(":")[0]
    why = "factors" if kind == Lane.FACTOR else "passwords"
    return BlockedLane(kind, shut.since, shut.until, why, shut.sources, label)

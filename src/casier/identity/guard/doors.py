"""A try at a password, from the counting before to the counting after: what `signin` does around its hash."""

from __future__ import annotations

from dataclasses import dataclass

from casier.directory.models import Academy, Account, MailDomain
from casier.identity.guard import knowing, lanes
from casier.identity.guard.keys import keyed
from casier.identity.guard.lanes import Lane, Limits, Try, Verdict
from casier.identity.guard.room import ROOM, Rank
from casier.identity.guard.sources import one_source
from casier.identity.redis_link import answering
from casier.policies.api import policy_for
from casier.policies.policy import Lock


@dataclass(frozen=True, slots=True)
class Door:
    """One try by one lane, with the limits that hold for it."""

    attempt: Try
    limits: Limits
    device: str = ""  # the id of a device that got in before

    @property
    def known(self) -> bool:
        return bool(self.device)

    def rank(self, verdict: Verdict) -> Rank:
        """How likely it is that who knocks is genuine."""
        if self.known:
            return Rank.KNOWN
        return Rank.CALM if verdict.calm else Rank.RESTLESS

    def knock(self, now: float) -> Verdict:
        """Count it. Raises Unavailable when it can't be counted."""
        with answering() as redis:
            return lanes.reserve(redis, self.attempt, self.limits, now)

    def was_wrong(self, verdict: Verdict, now: float) -> None:
        with answering() as redis:
            lanes.fail(redis, self.attempt, self.limits, verdict, now)

    def was_right(self, now: float) -> None:
        with answering() as redis:
            lanes.succeed(redis, self.attempt, now)

    def was_not_looked_at(self, verdict: Verdict) -> None:
        with answering() as redis:
            lanes.give_back(redis, self.attempt, verdict)


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a try comes from: an address, and the cookie of the device if there is one."""

    source: str
    cookie: str = ""


def turned_away(caller: Caller) -> bool:
    """Whether there is no room for this source, where somebody was just wrong: nothing need be looked up.

    Who shows a device's cookie is looked at first.
    """
    if caller.cookie or not ROOM.crowded(Rank.RESTLESS):
        return False
    with answering() as redis:
        return bool(redis.exists(lanes.restless_key(one_source(caller.source))))


def door_of(account: Account, caller: Caller, password: str, now: float) -> Door:
    """The door for a try at the password of ACCOUNT, whichever of its names was typed."""
    policy = policy_for(account.academy).lock
    device = knowing.recognised(caller.cookie, account, now) if caller.cookie else ""
    person = account.public_id
    attempt = Try(
        person=person,
        academy=account.academy.slug,
        lane=_lane(policy, device),
        source=one_source(caller.source),
        digest=keyed("typed", f"{person}\n{password}"),
        pays=not device,
    )
    return Door(attempt, limits_of(policy), device)


def strangers_door(name: str, host: Academy | None, caller: Caller, password: str) -> Door:
    """The door for a name that nobody has: it fills and locks as that of anyone.

    The same name before two domains of one academy is one stranger, as it would be one person.
    """
    local, _, domain = name.partition("@")
    academy = _of_domain(domain) if domain else host
    policy = policy_for(academy).lock if academy else Lock()
    slug = academy.slug if academy else ""
    person = lanes.STRANGER + keyed("name", f"{slug}\n{local if academy else name}")
    attempt = Try(
        person=person,
        academy=slug,
        lane=_lane(policy, ""),
        source=one_source(caller.source),
        digest=keyed("typed", f"{person}\n{password}"),
    )
    return Door(attempt, limits_of(policy))


def limits_of(policy: Lock) -> Limits:
    return Limits(policy.attempts, policy.minutes)


def _lane(policy: Lock, device: str) -> str:
    if policy.scope == "account":
        return Lane.ALL
    return knowing.device_lane(device) if device else Lane.UNKNOWN


def _of_domain(domain: str) -> Academy | None:
    found = MailDomain.objects.select_related("academy").filter(name=domain).first()
    return found.academy if found else None

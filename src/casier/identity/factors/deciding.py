"""Whether a second factor is asked for, and whether one has to be enrolled: pure, by policy and facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from casier.identity.entry.road import Enrolment
from casier.policies.policy import FactorContext, SecondFactor

# While there is time, one is reminded this often; in the last week, each day.
REMINDED = timedelta(days=7)
REMINDED_AT_LAST = timedelta(days=1)
LAST_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the decision depends on."""

    now: datetime
    enrolled: bool = False  # a factor that the policy takes (recovery codes alone are none)
    began: datetime | None = None  # when enrolling was first asked of the person; None: it is now
    put_off: datetime | None = None
    contexts: frozenset[FactorContext] = frozenset()  # those that hold here and now


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the person at this sign-in."""

    asked: bool = False
    enrolment: Enrolment = Enrolment.NO
    deadline: datetime | None = None  # until when a factor is to be enrolled; None: no day is set
    last_day: datetime | None = None  # until when one still gets in without: the deadline and the grace


def wanted(policy: SecondFactor, facts: Facts) -> Wanted:
    """What POLICY asks for, given FACTS."""
    if policy.requirement == "off":
        return Wanted()
    if policy.requirement == "contextual" and not facts.contexts & set(policy.contexts):
        return Wanted()
    if facts.enrolled:
        return Wanted(asked=True)
    deadline = deadline_of(policy, facts)
    last = deadline + timedelta(days=policy.grace_days) if deadline else None
    return Wanted(enrolment=_enrolment(policy, facts, deadline), deadline=deadline, last_day=last)


def deadline_of(policy: SecondFactor, facts: Facts) -> datetime | None:
    """The day by which a factor is to be enrolled."""
    if policy.requirement == "off" or not policy.enrolment_days:
        return None
    return (facts.began or facts.now) + timedelta(days=policy.enrolment_days)


def _enrolment(policy: SecondFactor, facts: Facts, deadline: datetime | None) -> Enrolment:
    if deadline is not None:
        return _before(deadline, timedelta(days=policy.grace_days), facts)
    if policy.requirement in {"required", "contextual"}:
        return Enrolment.REQUIRED
    return Enrolment.ADVISED if policy.requirement == "advised" else Enrolment.NO


def _before(deadline: datetime, grace: timedelta, facts: Facts) -> Enrolment:
    """Reminders before the day, at each sign-in during the grace, then no way round."""
    if facts.now >= deadline + grace:
        return Enrolment.REQUIRED
    if facts.put_off is None or facts.now >= deadline:
        return Enrolment.ADVISED
    rhythm = REMINDED_AT_LAST if deadline - facts.now <= LAST_WEEK else REMINDED
    return Enrolment.ADVISED if facts.now - facts.put_off >= rhythm else Enrolment.NO


def needed(policy: SecondFactor) -> bool:
    """Whether a person who has a factor must keep one: what was required isn't given up again."""
    return policy.requirement in {"required", "contextual"} or bool(policy.enrolment_days)


def is_outside(source: str, networks: tuple[str, ...]) -> bool:
    """Whether SOURCE lies outside the academy's networks; without any, nobody is outside."""
    if not networks:
        return False
    try:
        address = ip_address(source)
    except ValueError:
        return True
    return not any(address in ip_network(network) for network in networks)

"""Wrong second factors after a right password: one count for each account, whatever the device."""

from __future__ import annotations

from casier.directory.models import Account
from casier.identity.guard import lanes
from casier.identity.guard.keys import keyed
from casier.identity.guard.lanes import Lane, Limits, Try, Verdict
from casier.identity.guard.sources import one_source
from casier.identity.redis_link import answering
from casier.kernel.errors import new_reference
from casier.policies.api import policy_for


def wait(account: Account, now: float) -> int:
    """Seconds until a second factor may be tried; 0: now; -1: only after a reset."""
    with answering() as redis:
        return lanes.wait_of(redis, account.public_id, Lane.FACTOR, now)


def failed(account: Account, source: str, now: float) -> int:
    """Count a wrong one; the seconds to wait from now on, as `wait` says."""
    attempt, limits = _attempt(account, source), _limits(account)
    with answering() as redis:
        verdict = lanes.reserve(redis, attempt, limits, now)
        if verdict.wait:
            return verdict.wait
        return lanes.fail(redis, attempt, limits, Verdict(0, counted=True), now)


def cleared(account: Account) -> None:
    """One was right."""
    with answering() as redis:
        lanes.reopen_one(redis, account.public_id, account.academy.slug, Lane.FACTOR)


def _limits(account: Account) -> Limits:
    policy = policy_for(account.academy).lock
    return Limits(policy.factor_attempts, policy.minutes)


def _attempt(account: Account, source: str) -> Try:
    """Each wrong code counts, also the same again: codes are short, and there are few of them."""
    return Try(
        person=account.public_id,
        academy=account.academy.slug,
        lane=Lane.FACTOR,
        source=one_source(source),
        digest=keyed("factor", new_reference()),
        pays=False,
    )

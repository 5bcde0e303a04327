"""References for those who must wait: kept once a minute for a person and a source, however often asked."""

from __future__ import annotations

from casier.directory.models import Academy, Account
from casier.identity.guard.lanes import Try
from casier.identity.history.api import SignInResult, note_sign_in, refuse
from casier.identity.redis_link import answering
from casier.kernel import published

_SECONDS = 60


def reference_of_delay(attempt: Try, account: Account | None, host: Academy | None, source: str) -> str:
    """What the page shows, and the help desk can open."""
    key = f"{published.PREFIX}guard:told:{attempt.person}:{attempt.source}"
    with answering() as redis:
        known = redis.get(key)
    if known:
        return str(known)
    academy = account.academy if account else host
    reference = refuse(
        SignInResult.DELAYED,
        account=account,
        academy=academy,
        source=source,
        facts={"lane": attempt.lane.partition(":")[0]},
    )
    note_sign_in(account, SignInResult.DELAYED, academy=academy, source=source, reference=reference)
    with answering() as redis:
        redis.set(key, reference, ex=_SECONDS)
    return reference

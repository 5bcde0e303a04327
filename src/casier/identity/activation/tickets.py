"""One activation at a time: a ticket that the next proof of the same account takes over.

Who knows somebody's NUMEN could otherwise walk beside them, and set the password last. The ticket is kept in
Redis like the entry itself; without it the activation begins anew.
"""

from __future__ import annotations

import hmac
import secrets

from casier.directory.models import Account, AccountState
from casier.identity.entry.road import ACTIVATION_SECONDS, Entry, Purpose
from casier.identity.redis_link import answering
from casier.kernel import published


def issue(account_id: str) -> str:
    """A fresh ticket for the account; those from before are worth nothing."""
    ticket = secrets.token_urlsafe(16)
    with answering() as redis:
        redis.set(_key(account_id), ticket, ex=ACTIVATION_SECONDS)
    return ticket


def holds(account: Account, entry: Entry) -> bool:
    """Whether ENTRY may still go on: always, but where it activates an account that somebody else began to
    activate since, or that is open already.
    """
    if entry.purpose is not Purpose.ACTIVATION:
        return True
    if account.state != AccountState.INVITED:
        return False
    with answering() as redis:
        current = redis.get(_key(entry.account)) or ""
    return bool(entry.ticket) and hmac.compare_digest(str(current), entry.ticket)


def forget(account_id: str) -> None:
    """No activation of this account is under way any more."""
    with answering() as redis:
        redis.delete(_key(account_id))


def _key(account_id: str) -> str:
    return f"{published.PREFIX}activation:{account_id}"

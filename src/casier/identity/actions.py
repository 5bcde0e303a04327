"""What can be done to sessions: with author, fact and effect."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from casier.audit.api import Actor, record
from casier.directory.models import Account
from casier.identity import sessions
from casier.identity.ending import sessions_ended
from casier.identity.models import User


def end_sessions(account: Account, reason: str, by: Actor, but: str = "") -> int:
    """Sign an account out everywhere, but from the session with digest BUT. How many sessions there were."""
    with transaction.atomic():
        _note(by, "identity.sessions_ended", account, reason)
        sessions_ended.send(User, account_id=account.public_id, but=but)
    return sessions.end_all(account.public_id, but)


def end_session(account: Account, digest: str, by: Actor) -> bool:
    """Sign out one browser of an account. True when there was such a session."""
    ended = sessions.end_one(account.public_id, digest)
    if ended:
        with transaction.atomic():
            _note(by, "identity.signed_out", account, "")
            sessions_ended.send(User, account_id=account.public_id, only=digest)
    return ended


def _note(by: Actor, action: str, account: Account, reason: str, **facts: Any) -> None:
    record(by, action, f"account:{account.public_id}", reason, academy=account.academy.slug, **facts)
